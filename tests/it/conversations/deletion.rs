//! What is deleted is gone from the table, whatever happens on the way.

use byline_shared::model::Role;
use serde_json::json;

use super::{PATH, app, of, says, start, stored};

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_conversation_leaves_nothing() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let kept = start(&author, &["kept"]).await;
    let path = start(&author, &["one"]).await;
    let twenty: Vec<_> = (0..20).map(|number| says(&format!("{number}"))).collect();
    for _ in 0..3 {
        author.post(&format!("{path}/items"), json!({ "items": twenty }), 200).await;
    }
    assert_eq!(of(&app, &path).await.len(), 62);
    author.delete(&path, 200).await;
    assert_eq!(of(&app, &path).await, Vec::<String>::new());
    author.delete(&path, 404).await.is_problem("not_found");
    for rest in ["", "/items"] {
        author.get(&format!("{path}{rest}"), 404).await;
    }
    let late = json!({ "items": [says("late")] });
    author.post(&format!("{path}/items"), late, 404).await;
    assert_eq!(of(&app, &kept).await.len(), 2);
    author.delete(&kept, 200).await;
    let left = stored(&app).await;
    assert!(left.len() == 1 && left[0].ends_with(" COUNT"), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_message_is_gone_and_its_place_stays_empty() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let path = start(&author, &["a", "b", "c"]).await;
    let items = author.get(&format!("{path}/items?order=asc"), 200).await;
    let b = format!("{path}/items/{}", items.text("/data/1/id"));
    author.delete(&b, 200).await;
    author.delete(&b, 404).await.is_problem("not_found");
    author.get(&b, 404).await;
    author.post(&format!("{path}/items"), json!({ "items": [says("d")] }), 200).await;
    let items = author.get(&format!("{path}/items?order=asc"), 200).await;
    assert_eq!(super::texts(&items), ["a", "c", "d"]);
    assert_eq!(of(&app, &path).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_goes_with_the_message_that_it_was_made_of() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let path = start(&author, &["a canary", "b"]).await;
    let items = author.get(&format!("{path}/items?order=asc"), 200).await;
    let item = |place: usize| format!("{path}/items/{}", items.text(&format!("/data/{place}/id")));
    let other = author.delete(&item(1), 200).await;
    assert_eq!(other.json["metadata"]["title"], "a canary", "it was made of another message");
    let left = author.delete(&item(0), 200).await;
    assert_eq!(left.json["metadata"], json!({ "mode": "propose" }));
    let list = author.get(PATH, 200).await;
    assert!(!list.body.contains("canary"), "{}", list.body);
    // The next message names the conversation, and takes that title along in turn.
    let added = author.post(&format!("{path}/items"), json!({ "items": [says("c")] }), 200).await;
    assert_eq!(author.get(&path, 200).await.json["metadata"]["title"], "c");
    author.delete(&format!("{path}/items/{}", added.text("/first_id")), 200).await;
    assert_eq!(author.get(&path, 200).await.json["metadata"], json!({ "mode": "propose" }));
    // A title that a person gave stays.
    let path = start(&author, &["d"]).await;
    author.post(&path, json!({ "metadata": { "title": "Mine" } }), 200).await;
    let item = author.get(&format!("{path}/items"), 200).await.text("/first_id");
    let left = author.delete(&format!("{path}/items/{item}"), 200).await;
    assert_eq!(left.json["metadata"]["title"], "Mine");
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_to_a_conversation_is_in_the_audit_log() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let path = start(&author, &["a canary of a text"]).await;
    let item = author.get(&format!("{path}/items"), 200).await.text("/first_id");
    author.post(&path, json!({ "metadata": { "title": "a canary of a title" } }), 200).await;
    author.delete(&format!("{path}/items/{item}"), 200).await;
    author.delete(&path, 200).await;
    let log = app.admin().await.get("/v1/admin/audit?limit=20", 200).await;
    let id = path.rsplit('/').next().unwrap();
    let entries = log.json["items"].as_array().unwrap().iter().rev();
    let entries: Vec<_> = entries.filter(|entry| entry["subject"] == id).collect();
    let events: Vec<_> = entries.iter().map(|entry| entry["event"].as_str().unwrap()).collect();
    assert_eq!(
        events,
        [
            "conversation_started",
            "conversation_changed",
            "conversation_changed",
            "conversation_deleted"
        ]
    );
    assert!(entries[2]["detail"].as_str().unwrap().contains(&item));
    assert!(!log.body.contains("canary"), "{}", log.body);
}
