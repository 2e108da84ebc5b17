//! Mails about schedules that ended or failed.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{address, mails_to, post_url, until_told};
use crate::desk::visitor::{Visitor, text_of};
use crate::harness::{App, Client};

#[tokio::test(flavor = "multi_thread")]
async fn what_authors_have_scheduled_ends_with_their_right_and_they_are_told() {
    let app = App::unlimited().await;
    let set = async |on: bool| {
        let changes = json!({ "author_publishing": on });
        app.admin().await.patch("/v1/admin/settings", changes, 200).await;
    };
    set(true).await;
    let (mut writer, author) = Visitor::with_role(&app, Role::Author).await;
    let (mut desk, editor) = Visitor::with_role(&app, Role::Editor).await;
    let reader = app.user(Role::Author).await;
    let at = "2029-01-05T09:00:00Z";
    let schedule = async |client: &Client, title: &str| {
        let new = json!({ "title": title, "body": "Words." });
        let post = client.post("/v1/manage/posts", new, 201).await;
        let path = format!("/v1/manage/posts/{}", post.text("/id"));
        let body = json!({ "revision_id": post.text("/revision_id"), "publish_at": at });
        client.post(&format!("{path}/schedule"), body, 200).await;
        (path, post)
    };
    let (theirs, post) = schedule(&author, "By an author").await;
    let (others, _) = schedule(&editor, "By an editor").await;
    set(false).await;
    until_told(&app, 1).await;

    let ended = editor.get(&theirs, 200).await;
    assert_eq!(ended.json["schedule"], Value::Null);
    let failed = &ended.json["schedule_failed"];
    assert_eq!(
        (&failed["code"], &failed["publish_at"]),
        (&json!("approval_required"), &json!("2029-01-05T09:00:00.000Z"))
    );
    let kept = editor.get(&others, 200).await;
    assert_eq!(
        (kept.text("/status"), &kept.json["schedule_failed"]),
        ("scheduled".into(), &Value::Null)
    );
    let id = post.text("/id");
    let go_live = format!("{}/go-live?revision={}", post_url(&app, &id), post.text("/revision_id"));
    for (client, link) in
        [(&app.admin().await, &go_live), (&editor, &go_live), (&author, &post_url(&app, &id))]
    {
        let mails = mails_to(&app, &address(client).await);
        assert_eq!(mails.len(), 1, "each once: {mails:?}");
        assert_eq!(mails[0].subject, "Not live at Byline: By an author");
        assert!(
            mails[0].text.contains("Scheduled for: 5 January 2029 at 09:00 UTC"),
            "{}",
            mails[0].text
        );
        assert!(mails[0].text.contains("may no longer publish"), "{}", mails[0].text);
        assert_eq!(mails[0].links[0], **link);
    }
    assert_eq!(mails_to(&app, &address(&reader).await), [], "it does not concern them");
    for visitor in [&mut desk, &mut writer] {
        let words = text_of(&visitor.get("/desk?show=failed", 200).await);
        assert!(words.contains("By an author") && words.contains("did not go live"), "{words}");
        assert!(words.contains("It was to go live"), "its time is to come: {words}");
    }
    // Turned on again, nothing comes back by itself.
    set(true).await;
    assert_eq!(editor.get(&theirs, 200).await.json["schedule"], Value::Null);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_that_fails_when_it_is_due_is_told() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (author, editor) = (app.user(Role::Author).await, app.user(Role::Editor).await);
    let new = json!({ "title": "Later", "body": "Words." });
    let post = author.post("/v1/manage/posts", new, 201).await;
    let path = format!("/v1/manage/posts/{}/schedule", post.text("/id"));
    let at = app.byline.context.clock.now().plus_seconds(60);
    let body = json!({ "revision_id": post.text("/revision_id"), "publish_at": at });
    editor.post(&path, body, 200).await;
    let me = editor.get("/v1/users/me", 200).await;
    let account = format!("/v1/users/{}", me.text("/id"));
    app.admin().await.patch(&account, json!({ "disabled": true }), 200).await;
    clock.advance(61);
    app.byline.run_due_schedules().await;
    until_told(&app, 1).await;
    for to in ["admin@example.com", &address(&author).await] {
        let mails = mails_to(&app, to);
        assert_eq!(mails.len(), 1, "{to}");
        assert!(mails[0].text.contains("disabled or deleted"), "{}", mails[0].text);
    }
    assert_eq!(mails_to(&app, &me.text("/email")), [], "a disabled account gets no mail");
}
