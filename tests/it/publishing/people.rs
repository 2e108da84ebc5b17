//! Who did it, in words: names stand beside ids, as they were then, until the account is deleted.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{api_key, edit, path, publish};
use crate::harness::{Answer, App, Client};

async fn name(person: &Client) -> String {
    person.get("/v1/users/me", 200).await.text("/name")
}

/// A post of the author's that an editor changed, and published what an agent of theirs proposed.
async fn history(app: &App, author: &Client, editor: &Client) -> (Answer, Answer) {
    let agent = api_key(app, editor).await;
    let new = json!({ "title": "Post", "body": "One.\n\nTwo.\n" });
    let post = author.post("/v1/manage/posts", new, 201).await;
    let edited = edit(editor, &post, json!({ "title": "Edited" }), 200).await;
    let change = json!({ "body": "One.\n\n2.\n", "base_revision_id": edited.text("/revision_id") });
    let proposal = agent.post(&path(&post, "/proposals"), change, 201).await;
    editor.approve(&proposal.text("/id"), json!({ "publish": true }), 200).await;
    (post, proposal)
}

/// Every name in an answer, wherever it stands.
fn names(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let is_name = ["user_name", "api_key_name", "by_name", "actor_name"];
                if is_name.contains(&key.as_str()) {
                    found.extend(value.as_str().map(str::to_owned));
                }
                names(value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| names(value, found)),
        _ => {}
    }
}

async fn told(reader: &Client, post: &Answer, proposal: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    for path in [
        path(post, ""),
        path(post, "/revisions"),
        path(post, "/provenance"),
        format!("/v1/manage/proposals/{}", proposal.text("/id")),
        "/v1/manage/proposals?status=approved".to_owned(),
        "/v1/admin/audit?limit=100".to_owned(),
    ] {
        names(&reader.get(&path, 200).await.json, &mut found);
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn who_did_it_is_told_by_name() {
    let app = App::unlimited().await;
    let (author, editor) = (app.user(Role::Author).await, app.user(Role::Editor).await);
    let (post, proposal) = history(&app, &author, &editor).await;
    let (author_name, editor_name) = (name(&author).await, name(&editor).await);
    let revisions = editor.get(&path(&post, "/revisions"), 200).await;
    let by = |place: usize| &revisions.json["items"][place]["created_by"];
    assert_eq!(by(2)["user_name"], author_name);
    assert_eq!((&by(1)["user_name"], &by(1)["api_key_name"]), (&json!(editor_name), &Value::Null));
    assert_eq!(
        (&by(0)["user_name"], &by(0)["api_key_name"]),
        (&json!(editor_name), &json!("Agent"))
    );
    assert_eq!(revisions.json["items"][0]["approval"]["by_name"], editor_name);
    let provenance = editor.get(&path(&post, "/provenance"), 200).await;
    assert_eq!(provenance.json["publications"][0]["by"]["user_name"], editor_name);
    let shown = editor.get(&format!("/v1/manage/proposals/{}", proposal.text("/id")), 200).await;
    assert_eq!(shown.text("/created_by/api_key_name"), "Agent");
    assert_eq!(shown.text("/decision/by_name"), editor_name);
    let audit = app.admin().await.get("/v1/admin/audit?limit=100", 200).await;
    let entries = audit.json["items"].as_array().unwrap();
    let entry = |event: &str| entries.iter().find(|entry| entry["event"] == event).unwrap();
    assert_eq!(entry("post_created")["actor_name"], author_name);
    assert_eq!(entry("post_published")["actor_name"], editor_name);
    assert_eq!(entry("proposal_made")["api_key_name"], "Agent");
    // Readers are not told.
    let public = app.anonymous().get("/v1/posts/post", 200).await;
    let mut found = Vec::new();
    names(&public.json, &mut found);
    assert_eq!(found, Vec::<String>::new());
    assert!(!public.body.contains(&editor_name) && !public.body.contains("Agent"));
    // The name is that of the time.
    editor.patch("/v1/users/me", json!({ "name": "Somebody else" }), 200).await;
    let latest = publish(&editor, &editor.get(&path(&post, ""), 200).await, 200).await;
    let provenance = editor.get(&path(&latest, "/provenance"), 200).await;
    assert_eq!(provenance.json["publications"][0]["by"]["user_name"], "Somebody else");
    assert_eq!(provenance.json["publications"][1]["by"]["user_name"], editor_name);
    // They are the same contributors under whatever name.
    assert_eq!(provenance.json["contributors"].as_array().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_leaves_no_name_behind() {
    let app = App::unlimited().await;
    let (author, editor) = (app.user(Role::Author).await, app.user(Role::Editor).await);
    let (post, proposal) = history(&app, &author, &editor).await;
    let head = editor.get(&path(&post, ""), 200).await;
    let later = edit(&editor, &head, json!({ "title": "Later" }), 200).await;
    let at = app.byline.context.clock.now().plus_seconds(36_000);
    let body = json!({ "revision_id": later.text("/revision_id"), "publish_at": at });
    editor.post(&path(&post, "/schedule"), body, 200).await;
    let (admin, editor_name) = (app.admin().await, name(&editor).await);
    let author_name = name(&author).await;
    let before = told(&admin, &post, &proposal).await;
    assert!(before.contains(&editor_name) && before.contains(&"Agent".to_owned()), "{before:?}");
    editor.delete("/v1/users/me", 204).await;
    app.eventually(async || {
        let left = told(&admin, &post, &proposal).await;
        !left.contains(&editor_name) && !left.contains(&"Agent".to_owned())
    })
    .await;
    let id = post.text("/id").parse().unwrap();
    app.eventually(async || {
        let head = app.byline.context.store.posts().get(&id).await.unwrap().unwrap();
        // The schedule ends with the account, too.
        head.scheduled_by.is_none_or(|by| by.user_name.is_none())
    })
    .await;
    // The others are told as before, and ids still tell them apart.
    let left = told(&admin, &post, &proposal).await;
    assert!(left.contains(&author_name), "{left:?}");
    let revisions = admin.get(&path(&post, "/revisions"), 200).await;
    assert!(revisions.text("/items/0/created_by/user_id").starts_with("user_"));
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}
