//! The page of a decided proposal shows the text that was judged, whatever the post became since.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::visitor::{Visitor, text_of};
use crate::harness::{Answer, App, Client, draft};

/// An author's text that was handed in and went on, and its review as an editor has it open.
struct Scene {
    author: Visitor,
    reviewer: Visitor,
    editor: Client,
    post: String,
    proposal: String,
    /// The author's page of the post.
    page: Answer,
    review: Answer,
}

const HANDED_IN: &str = "First words.\n";
const JUDGED: &str = "First words.\n\nJudged words.\n";

impl Scene {
    async fn new(app: &App) -> Self {
        let (mut author, client) = Visitor::with_role(app, Role::Author).await;
        let (mut reviewer, editor) = Visitor::with_role(app, Role::Editor).await;
        let id = client.post("/v1/manage/posts", draft("Tides"), 201).await.text("/id");
        let post = format!("/v1/manage/posts/{id}");
        let page = author.get(&format!("/desk/posts/{id}"), 200).await;
        let page = author.press(&page, "Hand in for review", &[("body", HANDED_IN)]).await;
        let page = author.press(&page, "Save", &[("body", JUDGED)]).await;
        let waiting = editor.get("/v1/manage/proposals", 200).await;
        let proposal = waiting.text("/items/0/id");
        let review = reviewer.get(&format!("/desk/proposals/{proposal}"), 200).await;
        assert!(text_of(&review).contains("Judged words."), "{}", review.body);
        Self { author, reviewer, editor, post, proposal, page, review }
    }

    async fn saves(&mut self, body: &str) {
        let (author, page) = (&mut self.author, &self.page);
        self.page = author.press(page, "Save", &[("body", body)]).await;
    }

    /// What the page of the proposal says.
    async fn read(&mut self) -> String {
        text_of(&self.author.get(&format!("/desk/proposals/{}", self.proposal), 200).await)
    }

    async fn latest(&self) -> Value {
        self.editor.get(&self.post, 200).await.json["revision_id"].clone()
    }

    async fn decision(&self) -> Value {
        let read = format!("/v1/manage/proposals/{}", self.proposal);
        self.editor.get(&read, 200).await.json["decision"].clone()
    }
}

fn assert_shows_what_was_judged(words: &str) {
    for part in ["The text that was judged", "Judged words.", "and no later one"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(!words.contains("Later words."), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_that_was_sent_back_shows_the_text_that_was_judged() {
    let app = App::unlimited().await;
    let mut scene = Scene::new(&app).await;
    let judged = scene.latest().await;
    // The author saves while the editor still reads.
    scene.saves("Later words.\n").await;
    let review = &scene.review;
    let sent = scene.reviewer.press(review, "Send back", &[("reason", "Name the source.")]).await;
    assert!(text_of(&sent).contains("Sent back"), "{}", sent.body);
    assert_eq!(scene.decision().await["head_revision_id"], judged);
    let words = scene.read().await;
    assert_shows_what_was_judged(&words);
    assert!(words.contains("Name the source."), "{words}");
    scene.saves("Later words. And more.\n").await;
    assert_shows_what_was_judged(&scene.read().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approved_proposal_shows_the_text_that_was_judged() {
    let app = App::unlimited().await;
    let mut scene = Scene::new(&app).await;
    let judged = scene.latest().await;
    let done = scene.reviewer.press(&scene.review, "Approve", &[]).await;
    assert!(text_of(&done).contains("Tides"), "{}", done.body);
    assert_eq!(scene.decision().await["head_revision_id"], judged);
    let place = format!("/desk/posts/{}", scene.post.rsplit('/').next().unwrap());
    scene.page = scene.author.get(&place, 200).await;
    scene.saves("Later words.\n").await;
    assert_shows_what_was_judged(&scene.read().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_the_api_the_latest_text_is_the_one_that_was_judged() {
    let app = App::unlimited().await;
    let mut scene = Scene::new(&app).await;
    let judged = scene.latest().await;
    let reject = format!("/v1/manage/proposals/{}/reject", scene.proposal);
    scene.editor.post(&reject, json!({ "reason": "Name the source." }), 200).await;
    assert_eq!(scene.decision().await["head_revision_id"], judged);
    scene.saves("Later words.\n").await;
    assert_shows_what_was_judged(&scene.read().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_by_an_agent_is_shown_with_what_people_had_changed_then() {
    let app = App::unlimited().await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    let agent = app.agent(&editor).await;
    let new = json!({ "title": "Tides", "body": "One.\n\nTwo.\n\nThree.\n" });
    let post = editor.post("/v1/manage/posts", new, 201).await;
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let change = json!({
        "base_revision_id": post.text("/revision_id"),
        "body": "Uno.\n\nTwo.\n\nThree.\n",
    });
    let proposal = agent.post(&format!("{path}/proposals"), change, 201).await.text("/id");
    let save = async |body: &str| {
        let seen = editor.get(&path, 200).await.header("etag").to_owned();
        let change = Some(json!({ "body": body }));
        editor.send(http::Method::PATCH, &path, &[("if-match", &seen)], change, 200).await;
    };
    save("One.\n\nTwo.\n\nDrei.\n").await;
    let review = visitor.get(&format!("/desk/proposals/{proposal}"), 200).await;
    let reason = [("reason", "In English, please.")];
    visitor.press(&review, "Send back", &reason).await;
    save("One.\n\nTwo.\n\nTrois.\n").await;
    let words = text_of(&visitor.get(&format!("/desk/proposals/{proposal}"), 200).await);
    for part in ["The text that was judged", "Uno.", "Drei.", "What was proposed"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert!(!words.contains("Trois."), "{words}");
}
