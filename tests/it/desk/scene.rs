//! The post that the tests of the editor write on.

use byline_shared::model::Role;
use http::Method;
use serde_json::Value;

use super::visitor::Visitor;
use crate::harness::{Answer, App, Client, draft};

/// A draft, and somebody who may publish it.
pub(super) struct Scene {
    pub(super) app: App,
    pub(super) editor: Visitor,
    pub(super) client: Client,
    pub(super) id: String,
    pub(super) place: String,
}

impl Scene {
    pub(super) async fn new(title: &str) -> Self {
        let app = App::unlimited().await;
        let (editor, client) = Visitor::with_role(&app, Role::Editor).await;
        let id = client.post("/v1/manage/posts", draft(title), 201).await.text("/id");
        let place = format!("/desk/posts/{id}");
        Self { app, editor, client, id, place }
    }

    pub(super) async fn open(&mut self) -> Answer {
        self.editor.get(&self.place, 200).await
    }

    pub(super) async fn post(&self) -> Value {
        self.client.get(&format!("/v1/manage/posts/{}", self.id), 200).await.json
    }

    pub(super) async fn revisions(&self) -> usize {
        let path = format!("/v1/manage/posts/{}/revisions", self.id);
        self.client.get(&path, 200).await.json["items"].as_array().unwrap().len()
    }

    /// Somebody else saves, over the API.
    pub(super) async fn change(&self, change: Value) {
        let path = format!("/v1/manage/posts/{}", self.id);
        let seen = format!("\"v{}\"", self.post().await["version"]);
        let other = self.app.user(Role::Editor).await;
        other.send(Method::PATCH, &path, &[("if-match", &seen)], Some(change), 200).await;
    }
}
