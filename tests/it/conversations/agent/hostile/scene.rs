//! A publication with something of every kind, of which nothing is the person's whose agent is attacked but two
//! posts.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::super::publication::live;
use super::super::{ScriptedModel, with_own_tools};
use super::calls::Known;
use crate::harness::{App, Client, draft};
use crate::media::published;

const PERSON: &str = "person@example.com";

pub(super) struct Scene {
    pub(super) app: App,
    pub(super) model: ScriptedModel,
    pub(super) admin: Client,
    /// The id of the person whose agent it is.
    pub(super) user: String,
    pub(super) known: Known,
}

impl Scene {
    pub(super) async fn new() -> Self {
        let (app, model) = with_own_tools(Vec::new()).await;
        let admin = app.admin().await;
        // The most that a publication can allow.
        let allowed = json!({ "agent_publishing": "allowed", "author_publishing": true });
        admin.patch("/v1/admin/settings", allowed, 200).await;
        app.create_user(PERSON, "Person", Role::Author).await;
        let (person, other) = (app.sign_in(PERSON).await, app.user(Role::Author).await);
        let user = person.get("/v1/users/me", 200).await.text("/id");
        let mut known = Known::default();

        let editor = app.user(Role::Editor).await;
        let fish = live(&editor, "Fish").await;
        let mine = live(&person, "Mine").await;
        let later = editor.post("/v1/manage/posts", draft("Later"), 201).await;
        let at = json!({ "revision_id": later.json["revision_id"], "publish_at": "2099-01-01T00:00:00Z" });
        let path = format!("/v1/manage/posts/{}", later.text("/id"));
        editor.post(&format!("{path}/schedule"), at, 200).await;
        let gone = editor.post("/v1/manage/posts", draft("Gone"), 201).await;
        let (path, seen) = (format!("/v1/manage/posts/{}", gone.text("/id")), gone.header("etag"));
        editor.send(Method::DELETE, &path, &[("if-match", seen)], None, 204).await;
        let foreign = other.post("/v1/manage/posts", draft("Not yours"), 201).await;
        let own = person.post("/v1/manage/posts", draft("My draft"), 201).await;
        for post in [&fish, &mine, &later, &gone, &foreign, &own] {
            known.pairs.push((post.json["id"].clone(), post.json["revision_id"].clone()));
        }

        let change =
            json!({ "base_revision_id": foreign.json["revision_id"], "title": "Still not yours" });
        let path = format!("/v1/manage/posts/{}", foreign.text("/id"));
        let proposal = other.post(&format!("{path}/proposals"), change, 201).await;
        let link = other.post(&format!("{path}/preview-links"), json!({}), 201).await;
        let key = json!({ "name": "Not yours", "scopes": ["posts:read"] });
        let key = other.post("/v1/auth/api-keys", key, 201).await;
        let foreign_user = other.get("/v1/users/me", 200).await;
        let conversation = other.post(super::PATH, json!({}), 200).await;
        let picture = published(&editor).await;
        for made in [&proposal, &link, &key, &foreign_user, &conversation, &picture] {
            known.ids.push(made.json["id"].clone());
        }
        let pairs =
            known.pairs.iter().flat_map(|(post, revision)| [post.clone(), revision.clone()]);
        known.ids.extend(pairs);
        known.ids.extend(["fish", "later", "not-yours", "SITE"].map(|slug| json!(slug)));
        known.ids.push(json!(user));
        Self { app, model, admin, user, known }
    }

    /// What an admin makes of the person.
    pub(super) async fn set(&self, role: Role, disabled: bool) {
        let account = format!("/v1/users/{}", self.user);
        self.admin.patch(&account, json!({ "role": role, "disabled": disabled }), 200).await;
    }

    pub(super) async fn person(&self) -> Client {
        self.app.sign_in(PERSON).await
    }

    /// Everything that readers see, and what they do not.
    pub(super) async fn public(&self) -> Vec<(u16, String)> {
        let reader = self.app.anonymous();
        let mut seen = Vec::new();
        for path in [
            "/",
            "/v1/site",
            "/v1/posts?limit=100",
            "/v1/posts?tag=field-notes&include=author",
            "/v1/posts/fish?include=adjacent",
            "/v1/posts/mine",
            "/v1/posts/later",
            "/v1/posts/gone",
            "/v1/posts/not-yours",
            "/v1/posts/my-draft",
            "/v1/posts/spam",
            "/posts/fish.md",
            "/posts/mine.md",
            "/posts/spam.md",
            "/v1/tags",
            "/v1/tags/field-notes",
            "/v1/tags/spam",
            "/v1/authors",
            "/v1/authors/person",
            "/feed.xml",
            "/feed.json",
            "/sitemap.xml",
            "/llms.txt",
        ] {
            let answer = reader.try_send(Method::GET, path, &[], None).await.unwrap();
            // What is refused names its request.
            let body = if answer.status == 200 { answer.body } else { String::new() };
            seen.push((answer.status, body));
        }
        seen
    }

    /// What calls returned is within reach of the next ones.
    pub(super) fn learn(&mut self, outputs: &[Value]) {
        for output in outputs {
            let text = |name: &str| output[name].is_string().then(|| output[name].clone());
            for name in ["id", "revision_id", "proposal_id", "post_id"] {
                let new = text(name).filter(|id| !self.known.ids.contains(id));
                self.known.ids.extend(new);
            }
            let post = text("post_id").or_else(|| text("id"));
            if let (Some(post), Some(revision)) = (post, text("revision_id")) {
                // An edit needs the newest one.
                let known = self.known.pairs.iter_mut().find(|(known, _)| *known == post);
                match known {
                    Some((_, known)) => *known = revision,
                    None => self.known.pairs.push((post, revision)),
                }
            }
        }
    }
}
