//! The world that an attack takes place in.

use std::sync::Arc;

use byline_shared::clock::{Clock, ManualClock, SystemClock};
use byline_shared::model::{Role, Time};
use serde_json::json;

use crate::harness::{App, Client};

pub(super) struct Scene {
    pub(super) app: App,
    pub(super) clock: Arc<ManualClock>,
    pub(super) editor: Client,
    /// When the editor signed in.
    signed_in: Time,
    pub(super) agent: Client,
    pub(super) reader: Client,
    pub(super) media_url: String,
}

impl Scene {
    pub(super) async fn new() -> Self {
        let (app, clock) = App::unlimited_with_clock().await;
        app.create_user("editor@example.com", "Editor", Role::Editor).await;
        let editor = app.sign_in("editor@example.com").await;
        let scopes = json!(["posts:read", "posts:write", "posts:propose", "media:write"]);
        let key = json!({ "name": "Agent", "scopes": scopes });
        let key = editor.post("/v1/auth/api-keys", key, 201).await.text("/key");
        let (agent, reader) = (app.with_token(&key), app.anonymous());
        let media_url = app.byline.context.config.media_url.clone();
        let signed_in = clock.now();
        Self { app, clock, editor, signed_in, agent, reader, media_url }
    }

    /// Whether its clock, which moves on with each sequence, is far from the world's: an upload is signed
    /// by the one and checked by the other, for fifteen minutes.
    pub(super) fn is_off(&self) -> bool {
        let (own, real) = (self.clock.now(), SystemClock.now());
        own > real.plus_seconds(300) || real > own.plus_seconds(300)
    }

    /// Signs the editor in again before the token expires, which is valid for ten minutes.
    pub(super) async fn sign_in_in_time(&mut self) {
        if self.clock.now() > self.signed_in.plus_seconds(300) {
            self.editor = self.app.sign_in("editor@example.com").await;
            self.signed_in = self.clock.now();
        }
    }

    /// Whether readers get a file.
    pub(super) async fn serves(&self, url: &str) -> bool {
        self.app.http.get(url).send().await.unwrap().status() == 200
    }
}
