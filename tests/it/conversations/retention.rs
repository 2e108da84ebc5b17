//! Conversations that go away by themselves: when they are due, and not a moment before.

use byline_shared::model::{ConversationId, Role};
use serde_json::json;

use super::{app, app_with_clock, says, start, stored};
use crate::workers::run;

const DAY: i64 = 24 * 3600;

#[tokio::test(flavor = "multi_thread")]
async fn an_unused_conversation_goes_after_90_days_and_not_before() {
    let (app, clock) = app_with_clock(&[]).await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let ada = app.sign_in("ada@example.com").await;
    let unused = start(&ada, &["unused"]).await;
    let used = start(&ada, &["used"]).await;
    clock.advance(89 * DAY);
    run(&app, "worker-conversations").await;
    let ada = app.sign_in("ada@example.com").await;
    ada.get(&unused, 200).await;
    ada.post(&format!("{used}/items"), json!({ "items": [says("again")] }), 200).await;
    // Reading and renaming are no use.
    ada.post(&unused, json!({ "metadata": { "title": "Renamed" } }), 200).await;
    clock.advance(DAY - 1);
    run(&app, "worker-conversations").await;
    let ada = app.sign_in("ada@example.com").await;
    ada.get(&unused, 200).await;

    clock.advance(1);
    run(&app, "worker-conversations").await;
    ada.get(&unused, 404).await.is_problem("not_found");
    assert_eq!(super::texts(&ada.get(&format!("{used}/items"), 200).await), ["again", "used"]);
    let id = unused.rsplit('/').next().unwrap();
    let left = stored(&app).await;
    assert!(left.iter().all(|key| !key.contains(id)), "{left:?}");
    let log = app.admin().await.get("/v1/admin/audit?event=conversation_deleted", 200).await;
    assert_eq!(log.json["items"].as_array().unwrap().len(), 1, "{}", log.body);
    assert_eq!(log.text("/items/0/subject"), id);
    assert_eq!(log.text("/items/0/detail"), "not used for 90 days");

    // The whole of it goes once it is not used either.
    clock.advance(89 * DAY);
    run(&app, "worker-conversations").await;
    let left = stored(&app).await;
    assert!(left.len() == 1 && left[0].ends_with(" COUNT"), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_is_a_setting() {
    let (app, clock) = app_with_clock(&[("BYLINE_AGENT_RETENTION_DAYS", "7")]).await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let ada = app.sign_in("ada@example.com").await;
    assert_eq!(ada.get("/v1/agent", 200).await.json["retention_days"], 7);
    let path = start(&ada, &["short"]).await;
    clock.advance(7 * DAY - 1);
    run(&app, "worker-conversations").await;
    app.sign_in("ada@example.com").await.get(&path, 200).await;
    clock.advance(1);
    run(&app, "worker-conversations").await;
    app.sign_in("ada@example.com").await.get(&path, 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_deletion_is_completed() {
    let app = app().await;
    let author = app.user(Role::Author).await;
    let path = start(&author, &["a", "b"]).await;
    let id: ConversationId = path.rsplit('/').next().unwrap().parse().unwrap();
    let conversations = app.byline.context.store.conversations();
    let head = conversations.get(&id).await.unwrap().unwrap();
    assert!(conversations.delete(&head, None).await.unwrap());
    author.get(&path, 404).await;
    assert_eq!(stored(&app).await.len(), 4, "two messages, the deletion and the count");
    run(&app, "worker-conversations").await;
    let left = stored(&app).await;
    assert!(left.len() == 1 && left[0].ends_with(" COUNT"), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_leaves_no_conversation() {
    let app = app().await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let ada = app.sign_in("ada@example.com").await;
    let other = app.user(Role::Author).await;
    let kept = start(&other, &["kept"]).await;
    for number in 0..3 {
        start(&ada, &["one", "two", &number.to_string()]).await;
    }
    assert_eq!(stored(&app).await.len(), 3 * 4 + 1 + 3);
    ada.delete("/v1/users/me", 204).await;
    // The worker follows the stream.
    app.eventually(|| async { stored(&app).await.len() == 3 }).await;
    other.get(&kept, 200).await;
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}
