//! The setting that lets authors publish their own posts: people, and never what works in their name.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{api_key, edit, path, publish};
use crate::desk::visitor::{Visitor, find, text_of};
use crate::harness::{Answer, App, Client, draft};

async fn set(app: &App, on: bool) {
    let changes = json!({ "author_publishing": on });
    let settings = app.admin().await.patch("/v1/admin/settings", changes, 200).await;
    assert_eq!(settings.json["author_publishing"], on);
}

fn later(app: &App, post: &Answer) -> Value {
    let at = app.byline.context.clock.now().plus_seconds(3600);
    json!({ "revision_id": post.text("/revision_id"), "publish_at": at })
}

/// Publishes, schedules, cancels and takes down, each with this status.
async fn everything(app: &App, client: &Client, post: &Answer, status: u16) {
    client.post(&path(post, "/schedule"), later(app, post), status).await;
    client.post(&path(post, "/unschedule"), json!({}), status).await;
    publish(client, post, status).await;
    client.post(&path(post, "/unpublish"), json!({}), status).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_off_until_an_admin_turns_it_on() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let settings = app.admin().await.get("/v1/admin/settings", 200).await;
    assert_eq!(settings.json["author_publishing"], false);
    let post = author.post("/v1/manage/posts", draft("Own"), 201).await;
    everything(&app, &author, &post, 403).await;
    let refused = publish(&author, &post, 403).await;
    refused.is_problem("forbidden");
    assert!(refused.text("/detail").contains("role editor"), "{}", refused.body);
    let log = app.admin().await.get("/v1/admin/audit?event=access_denied", 200).await;
    assert!(!log.json["items"].as_array().unwrap().is_empty(), "the refusal is in the audit log");
    // An editor cannot, nor an agent of an admin.
    let change = json!({ "author_publishing": true });
    app.user(Role::Editor).await.patch("/v1/admin/settings", change.clone(), 403).await;
    let agent = app.agent(&app.admin().await).await;
    agent.patch("/v1/admin/settings", change, 403).await;
    set(&app, true).await;
    everything(&app, &author, &post, 200).await;
    set(&app, false).await;
    everything(&app, &author, &post, 403).await;
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_publishes_what_is_theirs_to_publish() {
    let app = App::unlimited().await;
    for on in [false, true] {
        set(&app, on).await;
        let author = app.user(Role::Author).await;
        for (role, own, others) in [
            (Role::Reader, None, 403),
            (Role::Author, Some(if on { 200 } else { 403 }), if on { 404 } else { 403 }),
            (Role::Editor, Some(200), 200),
            (Role::Admin, Some(200), 200),
        ] {
            let person = app.user(role).await;
            let post = author.post("/v1/manage/posts", draft("Of the author"), 201).await;
            everything(&app, &person, &post, others).await;
            if let Some(status) = own {
                let post = person.post("/v1/manage/posts", draft("Own"), 201).await;
                everything(&app, &person, &post, status).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_of_an_author_publish_nothing() {
    let app = App::unlimited().await;
    set(&app, true).await;
    for agents in ["never", "approved", "allowed"] {
        let changes = json!({ "agent_publishing": agents });
        app.admin().await.patch("/v1/admin/settings", changes, 200).await;
        let author = app.user(Role::Author).await;
        let agent = api_key(&app, &author).await;
        let post = author.post("/v1/manage/posts", draft("Own"), 201).await;
        everything(&app, &agent, &post, 403).await;
        let by_agent = agent.post("/v1/manage/posts", draft("Of the agent"), 201).await;
        everything(&app, &agent, &by_agent, 403).await;
        // The person may, also what the agent wrote: they are shown it.
        everything(&app, &author, &by_agent, 200).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_of_an_author_is_held_to_the_setting_when_it_is_due() {
    let (app, clock) = App::unlimited_with_clock().await;
    set(&app, true).await;
    let author = app.user(Role::Author).await;
    let goes = author.post("/v1/manage/posts", draft("Goes"), 201).await;
    author.post(&path(&goes, "/schedule"), later(&app, &goes), 200).await;
    clock.advance(3601);
    app.byline.run_due_schedules().await;
    app.anonymous().get("/v1/posts/goes", 200).await;

    let author = app.user(Role::Author).await;
    let waits = author.post("/v1/manage/posts", draft("Waits"), 201).await;
    author.post(&path(&waits, "/schedule"), later(&app, &waits), 200).await;
    set(&app, false).await;
    clock.advance(3601);
    app.byline.run_due_schedules().await;
    app.anonymous().get("/v1/posts/waits", 404).await;
    let head = app.user(Role::Editor).await.get(&path(&waits, ""), 200).await;
    assert_eq!(head.json["schedule_failed"]["code"], "approval_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_post_of_an_author_goes_to_the_trash_only_with_the_right_to_take_it_down() {
    let app = App::unlimited().await;
    set(&app, true).await;
    let author = app.user(Role::Author).await;
    let post = author.post("/v1/manage/posts", draft("Own"), 201).await;
    let live = publish(&author, &post, 200).await;
    set(&app, false).await;
    let seen = [("if-match", live.header("etag"))];
    author.send(Method::DELETE, &path(&post, ""), &seen, None, 403).await;
    set(&app, true).await;
    author.send(Method::DELETE, &path(&post, ""), &seen, None, 204).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_desk_authors_go_live_with_what_they_were_shown() {
    let app = App::unlimited().await;
    let (mut visitor, author) = Visitor::with_role(&app, Role::Author).await;
    let post = author.post("/v1/manage/posts", draft("Own"), 201).await;
    let editor = format!("/desk/posts/{}", post.text("/id"));
    let go_live = format!("{editor}/go-live?revision={}", post.text("/revision_id"));
    visitor.get(&go_live, 403).await;
    assert!(!visitor.get(&editor, 200).await.body.contains("/go-live"));

    let mut admin = Visitor::admin(&app).await;
    let settings = admin.get("/desk/settings", 200).await;
    let saved = admin.press(&settings, "Save settings", &[("author_publishing", "yes")]).await;
    assert!(text_of(&saved).contains("Saved."), "{}", saved.body);
    assert!(visitor.get(&editor, 200).await.body.contains("/go-live"));
    visitor.get(&go_live, 200).await;
    let before: u64 = app.byline.observer.actions("desk-post-go-live").values().sum();
    let page = visitor.get(&go_live, 200).await;
    let calls = app.byline.observer.actions("desk-post-go-live").values().sum::<u64>() - before;
    assert!((1..=7).contains(&calls), "{calls} calls");
    // Somebody changes the text meanwhile: what was shown goes live.
    edit(&author, &post, json!({ "body": "Later." }), 200).await;
    let done = visitor.press(&page, "Publish", &[]).await;
    assert!(text_of(&done).contains("Published. Readers see it now."), "{}", done.body);
    let live = app.anonymous().get("/v1/posts/own", 200).await;
    assert_eq!(live.text("/body"), "About *Own*.\n");
    let page = visitor.get(&go_live, 200).await;
    assert!(find(&page, "Take down").is_some(), "{}", page.body);
    // Of others, they see nothing.
    let other = app.user(Role::Author).await.post("/v1/manage/posts", draft("Other"), 201).await;
    visitor.get(&format!("/desk/posts/{}/go-live", other.text("/id")), 404).await;
    // Turned off again, the setting is off on the page, too.
    let settings = admin.get("/desk/settings", 200).await;
    let mut sent = crate::desk::visitor::form(&settings, "Save settings");
    assert_eq!(sent.value("author_publishing"), "yes");
    sent.fields.retain(|(name, _)| name != "author_publishing");
    admin.submit(&sent).await;
    visitor.get(&go_live, 403).await;
}
