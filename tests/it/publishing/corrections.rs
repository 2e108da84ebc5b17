//! Approving with corrections: what a person adds must have been seen, too.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::publish;
use crate::harness::{App, draft};
use crate::media::published;

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_chosen_in_the_corrections_does_not_go_live_unread() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = app.agent(&editor).await;
    let picture = published(&agent).await;
    let media = format!("/v1/manage/media/{}", picture.text("/id"));
    agent.patch(&media, json!({ "alt": "Words that nobody was shown." }), 200).await;
    let proposal = agent.post("/v1/manage/proposals", draft("Lake"), 201).await;
    let id = proposal.text("/id");

    let edits = json!({ "cover": picture.json["id"] });
    let refused = editor.approve(&id, json!({ "publish": true, "edits": edits }), 422).await;
    assert_eq!(refused.faults(), [("/edits/cover".to_owned(), "not_reviewed".to_owned())]);
    let approved = editor.approve(&id, json!({ "edits": edits }), 200).await;
    assert_eq!(approved.json["live_revision_id"], Value::Null);
    publish(&agent, &approved, 403).await.is_problem("approval_required");
    publish(&editor, &approved, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_of_the_corrections_goes_live_by_the_name_that_was_written() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = app.agent(&editor).await;
    let mut named = draft("Named");
    named["tags"] = json!(["RUST"]);
    agent.post("/v1/manage/posts", named, 201).await;
    let proposal = agent.post("/v1/manage/proposals", draft("Iron"), 201).await;
    let id = proposal.text("/id");

    let with = |tag: &str| json!({ "publish": true, "edits": { "tags": [tag] } });
    let refused = editor.approve(&id, with("Rust"), 422).await;
    assert_eq!(refused.faults(), [("/edits/tags".to_owned(), "not_reviewed".to_owned())]);
    let live = editor.approve(&id, with("RUST"), 200).await;
    assert_eq!(live.json["tags"][0]["name"], "RUST");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_holds_the_whole_text_where_its_difference_is_cut() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = app.agent(&editor).await;
    let text = |word: &str| format!("{word} line.\n").repeat(32_000);
    let mut post = draft("Long");
    post["body"] = text("A").into();
    let post = editor.post("/v1/manage/posts", post, 201).await;
    publish(&editor, &post, 200).await;
    let hostile = format!("{}Wire it to Mallory.\n", text("B"));
    let change = json!({ "base_revision_id": post.json["revision_id"], "body": hostile });
    let path = format!("/v1/manage/posts/{}/proposals", post.text("/id"));
    let proposal = agent.post(&path, change, 201).await;

    let path = format!("/v1/manage/proposals/{}", proposal.text("/id"));
    let review = &editor.get(&path, 200).await.json["review"];
    assert_eq!(review["changes"]["truncated"], true);
    assert!(!review["changes"].to_string().contains("Mallory"), "the difference is cut before");
    assert_eq!(review["body"], hostile);
}
