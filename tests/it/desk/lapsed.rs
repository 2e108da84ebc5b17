//! An approval counts as long as the person who gave it may publish, also where pages and tools tell of it.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::visitor::{Visitor, find, text_of};
use crate::harness::{Answer, App, Client, draft};

const WAITS: &str = "approved, not live yet";

struct Scene {
    author: Visitor,
    other: Client,
    agent: Client,
    id: String,
    proposal: String,
}

impl Scene {
    async fn new(app: &App) -> Self {
        let (author, client) = Visitor::with_role(app, Role::Author).await;
        let other = app.user(Role::Editor).await;
        let agent = app.agent(&other).await;
        let id = client.post("/v1/manage/posts", draft("Tides"), 201).await.text("/id");
        let mut scene = Self { author, other, agent, id, proposal: String::new() };
        scene.proposal = scene.hands_in().await;
        scene
    }

    async fn open(&mut self) -> Answer {
        self.author.get(&format!("/desk/posts/{}", self.id), 200).await
    }

    async fn hands_in(&mut self) -> String {
        let page = self.open().await;
        self.author.press(&page, "Hand in for review", &[]).await;
        self.other.get("/v1/manage/proposals", 200).await.text("/items/0/id")
    }

    /// The texts that `drafts_status` calls approved.
    async fn told_to_agents(&self) -> usize {
        let params = json!({ "name": "drafts_status", "arguments": {} });
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        let answer = self.agent.post("/mcp", call, 200).await;
        let told = answer.json.pointer("/result/structuredContent/approved_not_live");
        told.and_then(Value::as_array).unwrap_or_else(|| panic!("{}", answer.body)).len()
    }

    /// Whether every page and tool tells that the text is approved and waits; none may differ.
    async fn is_approved(&mut self) -> bool {
        let page = self.open().await;
        let editor = text_of(&page).contains(WAITS);
        let filter = text_of(&self.author.get("/desk?show=approved", 200).await);
        let all = text_of(&self.author.get("/desk", 200).await);
        let decided = text_of(&self.author.get("/desk?show=decided", 200).await);
        let posts = text_of(&self.author.get("/desk/posts", 200).await);
        let proposal = format!("/desk/proposals/{}", self.proposal);
        let proposal = text_of(&self.author.get(&proposal, 200).await);
        let told = [
            filter.contains("Tides"),
            all.contains(WAITS),
            decided.contains("not live yet"),
            posts.contains(WAITS),
            proposal.contains("It waits to be published"),
            find(&page, "Hand in for review").is_none(),
            self.told_to_agents().await == 1,
        ];
        assert!(told.iter().all(|one| *one == editor), "{editor}: {told:?}");
        editor
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_of_somebody_who_may_not_publish_any_more_waits_for_nobody() {
    let app = App::unlimited().await;
    let admin = app.admin().await;
    let people = [
        (json!({ "role": "author" }), Some(json!({ "role": "editor" }))),
        (json!({ "disabled": true }), Some(json!({ "disabled": false }))),
        (Value::Null, None),
    ];
    for (loss, back) in people {
        let mut scene = Scene::new(&app).await;
        let editor = app.user(Role::Editor).await;
        let account = format!("/v1/users/{}", editor.get("/v1/users/me", 200).await.text("/id"));
        editor.approve(&scene.proposal, json!({}), 200).await;
        assert!(scene.is_approved().await, "{loss}");
        match &loss {
            Value::Null => {
                editor.send(http::Method::DELETE, "/v1/users/me", &[], None, 204).await;
            }
            change => {
                admin.patch(&account, change.clone(), 200).await;
            }
        }
        assert!(!scene.is_approved().await, "{loss}");
        if let Some(back) = back {
            admin.patch(&account, back, 200).await;
            assert!(scene.is_approved().await, "it counts again: {loss}");
            admin.patch(&account, loss.clone(), 200).await;
        }
        // It is decided about again.
        scene.proposal = scene.hands_in().await;
        scene.other.approve(&scene.proposal, json!({}), 200).await;
        assert!(scene.is_approved().await, "{loss}");
        let publish = format!("/v1/manage/posts/{}/publish", scene.id);
        let head = scene.other.get(&format!("/v1/manage/posts/{}", scene.id), 200).await;
        let named = json!({ "revision_id": head.text("/revision_id") });
        scene.other.post(&publish, named, 200).await;
    }
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}
