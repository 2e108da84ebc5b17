//! Proposals whose posts have changed since: what different people changed in different parts is kept.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{api_key, edit, path, publish, settle};
use crate::harness::{Answer, App, Client};

const BODY: &str = "# Eels\n\nThey swim.\n\nThey sleep.\n\nThey eat.\n";

async fn post(editor: &Client, body: &str) -> Answer {
    let new = json!({ "title": "Eels", "body": body, "tags": ["Fish"], "excerpt": "On eels." });
    editor.post("/v1/manage/posts", new, 201).await
}

async fn propose(agent: &Client, post: &Answer, mut change: Value) -> Answer {
    change["base_revision_id"] = post.text("/revision_id").into();
    agent.post(&path(post, "/proposals"), change, 201).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_proposals_that_touch_different_parts_are_both_approved() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = api_key(&app, &editor).await;
    let first = post(&editor, BODY).await;
    let swims = BODY.replace("They swim.", "They swim far.");
    let eats = BODY.replace("They eat.", "They eat worms.");
    let one = propose(&agent, &first, json!({ "body": swims, "title": "All eels" })).await;
    let two = propose(&agent, &first, json!({ "body": eats, "tags": ["Fish", "Food"] })).await;
    let after_one = editor.approve(&one.text("/id"), json!({}), 200).await;
    assert_eq!(after_one.json["revision_id"], one.json["revision_id"]);

    // What approving would change is shown on the text of today.
    let to_two = format!("/v1/manage/proposals/{}", two.text("/id"));
    let shown = editor.get(&to_two, 200).await;
    let unified = shown.text("/diff_from_head/unified");
    assert!(unified.contains("+They eat worms."), "{unified}");
    assert!(!unified.contains("-They swim far."), "{unified}");

    let both = editor.approve(&two.text("/id"), json!({ "publish": true }), 200).await;
    assert_eq!(both.text("/body"), swims.replace("They eat.", "They eat worms."));
    assert_eq!(both.text("/title"), "All eels");
    assert_eq!(both.json["tags"].as_array().unwrap().len(), 2);
    assert_eq!(both.json["live_revision_id"], both.json["revision_id"]);
    let revisions = editor.get(&path(&first, "/revisions"), 200).await;
    let latest = &revisions.json["items"][0];
    assert_eq!(latest["id"], both.json["revision_id"]);
    assert_eq!(latest["parent_id"], one.json["revision_id"]);
    assert_eq!(latest["created_by"]["kind"], "api_key");
    assert_eq!(latest["approval"]["proposal_id"], two.json["id"]);
    let decided = editor.get(&to_two, 200).await;
    assert_eq!(decided.json["revision_id"], both.json["revision_id"]);
    let provenance = editor.get(&path(&first, "/provenance"), 200).await;
    assert_eq!(provenance.json["revisions"].as_array().unwrap().len(), 3, "{}", provenance.body);
    // What an agent may publish is the merged revision, and neither of the two alone.
    editor.post(&path(&first, "/unpublish"), json!({}), 200).await;
    publish(&agent, &after_one, 403).await.is_problem("approval_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_changed_stays_a_conflict_with_both_sides() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = api_key(&app, &editor).await;
    let first = post(&editor, BODY).await;
    let change = |line: &str| BODY.replace("They sleep.", line);
    let proposal = propose(
        &agent,
        &first,
        json!({ "body": change("They doze."), "title": "X", "excerpt": "Other." }),
    )
    .await;
    let change = json!({ "body": change("They rest."), "title": "Y" });
    let head = edit(&editor, &first, change, 200).await;
    let conflict = editor.approve(&proposal.text("/id"), json!({}), 409).await;
    conflict.is_problem("proposal_conflict");
    assert!(conflict.text("/detail").contains("title, body"), "{}", conflict.body);
    assert_eq!(conflict.json["conflict"]["head_revision_id"], head.json["revision_id"]);
    assert!(conflict.text("/conflict/theirs/unified").contains("+They rest."));
    assert!(conflict.text("/conflict/proposed/unified").contains("+They doze."));
    let now = editor.get(&path(&first, ""), 200).await;
    assert_eq!(now.json["revision_id"], head.json["revision_id"]);
    // Once the other change is undone, nothing stands against it.
    let back = json!({ "body": BODY, "title": "Eels" });
    edit(&editor, &head, back, 200).await;
    let approved = editor.approve(&proposal.text("/id"), json!({}), 200).await;
    assert!(approved.text("/body").contains("They doze."));
    assert_eq!((approved.text("/title"), approved.text("/excerpt")), ("X".into(), "Other.".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_read_with_both_sides_and_told_before_the_missing_review() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = api_key(&app, &editor).await;
    let first = post(&editor, BODY).await;
    let change = |line: &str| json!({ "body": BODY.replace("They sleep.", line) });
    let proposal = propose(&agent, &first, change("They doze.")).await;
    let to = format!("/v1/manage/proposals/{}", proposal.text("/id"));
    assert_eq!(editor.get(&to, 200).await.json["conflict"], Value::Null);
    let head = edit(&editor, &first, change("They rest."), 200).await;

    let shown = editor.get(&to, 200).await;
    assert_eq!(shown.json["review"], Value::Null);
    assert!(!shown.headers.contains_key("etag"), "there is nothing to approve");
    assert_eq!(shown.json["conflict"]["base_revision_id"], first.json["revision_id"]);
    assert_eq!(shown.json["conflict"]["head_revision_id"], head.json["revision_id"]);
    assert!(shown.text("/conflict/theirs/unified").contains("+They rest."), "{}", shown.body);
    assert!(shown.text("/conflict/proposed/unified").contains("+They doze."), "{}", shown.body);
    let conflict = editor.post(&format!("{to}/approve"), json!({}), 409).await;
    conflict.is_problem("proposal_conflict");
    assert_eq!(conflict.json["conflict"], shown.json["conflict"]);

    // Once the other change is undone, there is a review, and an approval needs it.
    edit(&editor, &head, json!({ "body": BODY }), 200).await;
    assert_eq!(editor.get(&to, 200).await.json["conflict"], Value::Null);
    let missing = editor.post(&format!("{to}/approve"), json!({}), 428).await;
    missing.is_problem("precondition_required");
    editor.approve(&proposal.text("/id"), json!({}), 200).await;
    // What is decided is in conflict with nothing.
    assert_eq!(editor.get(&to, 200).await.json["conflict"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_was_renamed_or_removed_since_is_no_change_of_either_side() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = api_key(&app, &editor).await;
    let new = json!({ "title": "Eels", "body": BODY, "tags": ["Fish", "Water"] });
    let first = editor.post("/v1/manage/posts", new, 201).await;
    let body = BODY.replace("They eat.", "They eat worms.");
    let proposal = propose(&agent, &first, json!({ "body": body })).await;
    editor.patch("/v1/manage/tags/fish", json!({ "name": "Fishes", "slug": "fishes" }), 200).await;
    editor.delete("/v1/manage/tags/water", 204).await;
    settle(&app, 2).await;
    let now = editor.get(&path(&first, ""), 200).await;
    edit(&editor, &now, json!({ "title": "Eels again" }), 200).await;
    let approved = editor.approve(&proposal.text("/id"), json!({}), 200).await;
    assert_eq!(approved.json["tags"], json!([{ "slug": "fishes", "name": "Fishes" }]));
    assert_eq!(approved.text("/title"), "Eels again");
    let tags = editor.get("/v1/manage/tags", 200).await;
    assert_eq!(tags.json["items"].as_array().unwrap().len(), 1, "{}", tags.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_text_is_held_to_the_limits_of_a_text() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let first = post(&editor, BODY).await;
    let long = "Long. ".repeat(25_000);
    let above = BODY.replace("They swim.", &long);
    let below = BODY.replace("They eat.", &long);
    let proposal = propose(&editor, &first, json!({ "body": above })).await;
    edit(&editor, &first, json!({ "body": below }), 200).await;
    editor.approve(&proposal.text("/id"), json!({}), 413).await.is_problem("payload_too_large");
}
