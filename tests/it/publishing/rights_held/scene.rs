//! A post, somebody who loses their right over it, and a request of theirs that waits meanwhile.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client};
use crate::publishing::path;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    Demoted,
    Disabled,
    /// Of an author, where the publication no longer lets authors publish.
    Setting,
}

pub(super) const LOSSES: [Loss; 2] = [Loss::Demoted, Loss::Disabled];

/// A request that waits before it writes.
pub(super) struct Request {
    operation: &'static str,
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Value,
}

impl Request {
    pub(super) fn new(operation: &'static str, method: Method, path: String, body: Value) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { operation, method, path, headers, body }
    }

    pub(super) fn post(operation: &'static str, path: String, body: Value) -> Self {
        Self::new(operation, Method::POST, path, body)
    }

    /// Of what the person had read.
    pub(super) fn of(mut self, read: &Answer) -> Self {
        self.headers.push(("if-match", read.header("etag").to_owned()));
        self
    }
}

pub(super) struct Scene {
    app: App,
    pub(super) admin: Client,
    /// An editor whose right nobody takes away.
    pub(super) other: Client,
    pub(super) person: Client,
    /// A post of the other editor, or of the person if they are an author.
    pub(super) post: Answer,
}

impl Scene {
    /// With a person of this role.
    pub(super) async fn new(role: Role) -> Self {
        let app = App::unlimited().await;
        let admin = app.admin().await;
        let author_publishing = role == Role::Author;
        let settings = json!({ "author_publishing": author_publishing });
        admin.patch("/v1/admin/settings", settings, 200).await;
        let (other, person) = (app.user(Role::Editor).await, app.user(role).await);
        let new = json!({ "title": "Post", "body": "Some words.", "tags": ["One", "Two"] });
        let author = if author_publishing { &person } else { &other };
        let post = author.post("/v1/manage/posts", new, 201).await;
        Self { app, admin, other, person, post }
    }

    async fn lose(&self, loss: Loss) {
        let id = self.person.get("/v1/users/me", 200).await.text("/id");
        let (path, change) = match loss {
            Loss::Demoted => (format!("/v1/users/{id}"), json!({ "role": "reader" })),
            Loss::Disabled => (format!("/v1/users/{id}"), json!({ "disabled": true })),
            Loss::Setting => {
                ("/v1/admin/settings".to_owned(), json!({ "author_publishing": false }))
            }
        };
        self.admin.patch(&path, change, 200).await;
    }

    /// All that a request could have changed.
    async fn state(&self) -> Vec<String> {
        let mut state = Vec::new();
        let links = path(&self.post, "/preview-links");
        let trash = "/v1/manage/posts?status=trashed";
        for path in ["/v1/manage/posts", trash, "/v1/tags", "/v1/manage/media", &links] {
            state.push(self.admin.get(path, 200).await.body);
        }
        for status in ["pending", "rejected", "withdrawn"] {
            let path = format!("/v1/manage/proposals?status={status}");
            state.push(self.admin.get(&path, 200).await.body);
        }
        let admins = ["/v1/admin/settings", "/v1/users/invitations"];
        for path in ["/v1/posts", "/v1/manage/tags"].into_iter().chain(admins) {
            state.push(self.admin.get(path, 200).await.body);
        }
        state
    }

    /// Sends the request, takes the right when it is about to write, and sees that nothing was written.
    pub(super) async fn refuses_it(self, request: Request, loss: Loss) {
        let Request { operation, method, path, headers, body } = request;
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let gate = self.app.byline.observer.hold(operation, "TransactWriteItems");
        let body = (!body.is_null()).then(|| body.to_string());
        let sent = self.person.try_send(method, &path, &headers, body);
        let meanwhile = async {
            gate.reached().await;
            self.lose(loss).await;
            let state = self.state().await;
            gate.open();
            state
        };
        let (answer, before) = tokio::join!(sent, meanwhile);
        let (answer, what) = (answer.unwrap(), format!("{operation}, {loss:?}"));
        assert_eq!(answer.status, 403, "{what}: {}", answer.body);
        assert!(answer.body.contains("lost the right"), "{what}: {}", answer.body);
        assert_eq!(self.state().await, before, "{what}");
        assert_eq!(self.app.byline.observer.violations(), Vec::<String>::new(), "{what}");
    }

    fn revision(&self) -> Value {
        json!({ "revision_id": self.post.text("/revision_id") })
    }

    pub(super) async fn live(&self, by: &Client) {
        by.post(&path(&self.post, "/publish"), self.revision(), 200).await;
    }

    pub(super) async fn scheduled(&self, by: &Client) {
        let mut body = self.revision();
        body["publish_at"] = json!(self.app.byline.context.clock.now().plus_seconds(3600));
        by.post(&path(&self.post, "/schedule"), body, 200).await;
    }

    pub(super) async fn head(&self) -> Answer {
        self.person.get(&path(&self.post, ""), 200).await
    }

    pub(super) fn unpublish(&self) -> Request {
        Request::post("manage-posts-unpublish", path(&self.post, "/unpublish"), json!({}))
    }

    pub(super) fn unschedule(&self) -> Request {
        Request::post("manage-posts-unschedule", path(&self.post, "/unschedule"), json!({}))
    }

    pub(super) async fn trash(&self) -> Request {
        let head = self.head().await;
        let path = path(&self.post, "");
        Request::new("manage-posts-delete", Method::DELETE, path, Value::Null).of(&head)
    }

    /// A proposal for the post, by this client.
    pub(super) async fn proposal(&self, by: &Client) -> String {
        let change = json!({ "base_revision_id": self.post.text("/revision_id"), "title": "Else" });
        by.post(&path(&self.post, "/proposals"), change, 201).await.text("/id")
    }
}
