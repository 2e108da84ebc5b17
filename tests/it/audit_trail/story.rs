//! What the story of `story.rs` leaves behind: entries, in order, and mails.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{path, revision};
use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn the_story_from_sign_up_to_a_reader_is_in_the_log_and_in_the_mails() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let ada = app.sign_in("ada@example.com").await;
    let me = ada.get("/v1/users/me", 200).await.text("/id");
    ada.post("/v1/manage/posts", draft("Too early"), 403).await;
    let admin = app.admin().await;
    admin.patch(&format!("/v1/users/{me}"), json!({ "role": Role::Author }), 200).await;
    let post = ada.post("/v1/manage/posts", draft("Hello"), 201).await;
    ada.post(&path(&post, "/publish"), revision(&post), 403).await;
    let editor = app.user(Role::Editor).await;
    editor.post(&path(&post, "/publish"), revision(&post), 200).await;
    let agent = app.agent(&ada).await;
    agent.post("/v1/manage/posts", draft("From an agent"), 201).await;

    let mut log = admin.get("/v1/admin/audit?limit=100", 200).await.json["items"].clone();
    let entries = log.as_array_mut().unwrap();
    entries.reverse();
    let told = |entry: &Value| {
        let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        (text("event"), text("outcome"), entry["actor"] == me.as_str())
    };
    let told: Vec<_> = entries.iter().map(told).collect();
    let mut rest = told.iter();
    for (event, outcome, by_ada) in [
        ("registered", "success", false),
        ("email_verified", "success", true),
        ("signed_in", "success", true),
        ("access_denied", "refused", true),
        ("role_changed", "success", false),
        ("post_created", "success", true),
        ("access_denied", "refused", true),
        ("post_published", "success", false),
        ("api_key_created", "success", true),
        ("post_created", "success", true),
    ] {
        let expected = (event.to_owned(), outcome.to_owned(), by_ada);
        assert!(rest.any(|entry| *entry == expected), "{event} is missing or late: {told:?}");
    }

    // A link to confirm the address, and a notice of the key: for her, and nothing for others.
    app.eventually(|| async { app.byline.mailbox.mails().len() >= 2 }).await;
    let mails = app.byline.mailbox.mails();
    let to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(to, ["ada@example.com"; 2]);
    assert!(mails[1].links.iter().any(|link| link.contains("token=")), "{:?}", mails[1].links);
    assert!(mails[0].links.iter().all(|link| !link.contains("token=")), "{:?}", mails[0].links);
}
