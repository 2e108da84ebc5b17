//! The world that an attack takes place in.

use std::sync::Arc;

use byline_shared::clock::{Clock, ManualClock, SystemClock};
use byline_shared::model::{Role, Time};
use serde_json::json;

use crate::harness::{App, Client};

const EDITOR: &str = "editor@example.com";

/// How far its clock may be from the world's, in seconds. An upload is signed by the one and checked by the
/// other, which may differ by fifteen minutes; a sequence takes less than one.
const FAR: i64 = 780;

pub(super) struct Scene {
    pub(super) app: App,
    pub(super) clock: Arc<ManualClock>,
    pub(super) editor: Client,
    pub(super) admin: Client,
    /// Where the admin changes the editor's account.
    pub(super) account: String,
    /// When editor and admin signed in.
    signed_in: Time,
    pub(super) agent: Client,
    pub(super) reader: Client,
    pub(super) media_url: String,
}

impl Scene {
    pub(super) async fn new() -> Self {
        let (app, clock) = App::unlimited_with_clock().await;
        app.create_user(EDITOR, "Editor", Role::Editor).await;
        let (editor, admin) = (app.sign_in(EDITOR).await, app.admin().await);
        let account = format!("/v1/users/{}", editor.get("/v1/users/me", 200).await.text("/id"));
        // The agent keeps all that it may do, whatever becomes of the editor.
        let owner = app.user(Role::Editor).await;
        // Mails are no part of it, and take time to write.
        let none = json!({ "notifications": { "waiting": "off", "decided": "off" } });
        for person in [&editor, &admin, &owner] {
            person.patch("/v1/users/me", none.clone(), 200).await;
        }
        let scopes = json!(["posts:read", "posts:write", "posts:propose", "media:write"]);
        let key = json!({ "name": "Agent", "scopes": scopes });
        let key = owner.post("/v1/auth/api-keys", key, 201).await.text("/key");
        let (agent, reader) = (app.with_token(&key), app.anonymous());
        let media_url = app.byline.context.config.media_url.clone();
        let signed_in = clock.now();
        Self { app, clock, editor, admin, account, signed_in, agent, reader, media_url }
    }

    /// Whether its clock, which moves on with each sequence, is far from the world's.
    pub(super) fn is_off(&self) -> bool {
        let (own, real) = (self.clock.now(), SystemClock.now());
        own > real.plus_seconds(FAR) || real > own.plus_seconds(FAR)
    }

    /// Signs editor and admin in again before their tokens expire, which are valid for ten minutes.
    pub(super) async fn sign_in_in_time(&mut self) {
        if self.clock.now() > self.signed_in.plus_seconds(300) {
            (self.editor, self.admin) = (self.sign_in_editor().await, self.app.admin().await);
            self.signed_in = self.clock.now();
        }
    }

    pub(super) async fn sign_in_editor(&self) -> Client {
        self.app.sign_in(EDITOR).await
    }

    /// Lets the time pass until what is scheduled is due.
    pub(super) async fn run_due_schedules(&self) {
        self.clock.advance(1);
        self.app.byline.run_due_schedules().await;
    }

    /// Whether readers get a file.
    pub(super) async fn serves(&self, url: &str) -> bool {
        self.app.http.get(url).send().await.unwrap().status() == 200
    }
}
