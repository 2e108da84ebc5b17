//! Workers that run on a schedule: each does its work when it is due, and not a moment before.

use std::sync::Arc;

use byline_local::permissions;
use byline_shared::Context;
use byline_shared::clock::Clock;
use byline_shared::model::{MailId, Role};
use byline_shared::worker::{Trigger, Worker};
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, draft};

const DAY: i64 = 24 * 3600;

/// A worker, and a context in which it has its own permissions and no others.
pub(crate) fn worker(app: &App, name: &str) -> (Worker, Context) {
    worker_at(app, name, app.byline.context.clock.clone())
}

/// The same at the time of another clock.
fn worker_at(app: &App, name: &str, clock: Arc<dyn Clock>) -> (Worker, Context) {
    let worker = byline_local::workers().into_iter().find(|known| known.name == name).unwrap();
    let cx = &app.byline.context;
    let (permissions, observer) = (worker.permissions.to_vec(), app.byline.observer.clone());
    let sdk = permissions::enforce(&cx.sdk, worker.name, permissions, observer);
    let own = Context::new(cx.config.clone(), sdk, clock);
    (worker, own)
}

/// Runs a worker that runs at intervals.
pub(crate) async fn run(app: &App, name: &str) {
    run_at(app, name, app.byline.context.clock.clone()).await;
}

/// The same at the time of another clock.
pub(crate) async fn run_at(app: &App, name: &str, clock: Arc<dyn Clock>) {
    let (worker, cx) = worker_at(app, name, clock);
    let Trigger::Every { run, .. } = worker.trigger else { panic!("{name} does not") };
    run(&cx).await.unwrap();
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

/// Calls the worker that publishes, for the schedule that an answer shows.
async fn call(app: &App, scheduled: &Answer) {
    let (worker, cx) = worker(app, "worker-publish");
    let Trigger::Called { run, .. } = worker.trigger else { panic!("it is not called") };
    let input = json!({
        "post_id": scheduled.json["id"], "schedule_id": scheduled.json["schedule"]["id"],
    });
    run(&cx, input).await.unwrap();
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

fn path(post: &Answer, rest: &str) -> String {
    format!("/v1/manage/posts/{}{rest}", post.text("/id"))
}

async fn trash(editor: &Client, post: &Answer) {
    let seen = [("if-match", post.header("etag"))];
    editor.send(Method::DELETE, &path(post, ""), &seen, None, 204).await;
}

/// Schedules a post in so many seconds.
async fn schedule(app: &App, editor: &Client, post: &Answer, seconds: i64) -> Answer {
    let at = app.byline.context.clock.now().plus_seconds(seconds);
    let body = json!({ "revision_id": post.json["revision_id"], "publish_at": at });
    editor.post(&path(post, "/schedule"), body, 200).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trash_is_emptied_after_thirty_days_and_not_before() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let restored = editor.post("/v1/manage/posts", draft("Restored"), 201).await;
    let purged = editor.post("/v1/manage/posts", draft("Purged"), 201).await;
    for post in [&restored, &purged] {
        trash(&editor, post).await;
    }
    run(&app, "worker-trash").await;
    clock.advance(29 * DAY);
    run(&app, "worker-trash").await;
    clock.advance(DAY - 1);
    run(&app, "worker-trash").await;
    let editor = app.user(Role::Editor).await;
    let back = editor.post(&path(&restored, "/restore"), json!({}), 200).await;
    assert_eq!(back.json["status"], "draft");
    assert_eq!(back.json["body"], restored.json["body"]);

    clock.advance(1);
    editor.get(&path(&purged, ""), 200).await;
    editor.post(&path(&purged, "/restore"), json!({}), 404).await.is_problem("not_found");
    run(&app, "worker-trash").await;
    editor.get(&path(&purged, ""), 404).await.is_problem("not_found");
    editor.get(&path(&purged, "/revisions"), 404).await;
    editor.get(&path(&restored, ""), 200).await;
    let log = app.admin().await.get("/v1/admin/audit?limit=100", 200).await;
    let entries = log.json["items"].as_array().unwrap().iter();
    let removed: Vec<&Value> = entries.filter(|entry| entry["event"] == "post_purged").collect();
    assert_eq!(removed.len(), 1, "{}", log.body);
    assert_eq!(removed[0]["subject"], purged.json["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_back_from_the_trash_begins_anew() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let post = editor.post("/v1/manage/posts", draft("Twice"), 201).await;
    trash(&editor, &post).await;
    clock.advance(29 * DAY);
    let editor = app.user(Role::Editor).await;
    let back = editor.post(&path(&post, "/restore"), json!({}), 200).await;
    clock.advance(2 * DAY);
    run(&app, "worker-trash").await;
    let editor = app.user(Role::Editor).await;
    trash(&editor, &back).await;
    clock.advance(29 * DAY);
    run(&app, "worker-trash").await;
    let editor = app.user(Role::Editor).await;
    editor.post(&path(&post, "/restore"), json!({}), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_of_a_schedule_that_was_replaced_publishes_nothing() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let post = editor.post("/v1/manage/posts", draft("Moved on"), 201).await;
    let old = schedule(&app, &editor, &post, 60).await;
    let new = schedule(&app, &editor, &post, 120).await;
    assert_ne!(old.text("/schedule/id"), new.text("/schedule/id"));
    let reader = app.anonymous();
    clock.advance(60);
    call(&app, &old).await;
    reader.get("/v1/posts/moved-on", 404).await;
    // Nor once the other one is due.
    clock.advance(60);
    call(&app, &old).await;
    reader.get("/v1/posts/moved-on", 404).await;
    let waiting = editor.get(&path(&post, ""), 200).await;
    assert_eq!(waiting.json["schedule"], new.json["schedule"]);
    call(&app, &new).await;
    reader.get("/v1/posts/moved-on", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_before_its_time_publishes_nothing() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let post = editor.post("/v1/manage/posts", draft("Too early"), 201).await;
    let scheduled = schedule(&app, &editor, &post, 60).await;
    clock.advance(59);
    call(&app, &scheduled).await;
    app.anonymous().get("/v1/posts/too-early", 404).await;
    let waiting = editor.get(&path(&post, ""), 200).await;
    assert_eq!(waiting.json["schedule"], scheduled.json["schedule"]);
    clock.advance(1);
    call(&app, &scheduled).await;
    // And once is enough.
    call(&app, &scheduled).await;
    let live = app.anonymous().get("/v1/posts/too-early", 200).await;
    assert_eq!(live.json["published_at"], scheduled.json["schedule"]["publish_at"]);
    let provenance = editor.get(&path(&post, "/provenance"), 200).await;
    assert_eq!(provenance.json["publications"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_of_a_schedule_that_is_gone_publishes_nothing() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let mut calls = Vec::new();
    for end in ["unscheduled", "unpublished", "trashed", "restored"] {
        let post = editor.post("/v1/manage/posts", draft(end), 201).await;
        let scheduled = schedule(&app, &editor, &post, 60).await;
        match end {
            "unscheduled" => {
                editor.post(&path(&post, "/unschedule"), json!({}), 200).await;
            }
            "unpublished" => {
                editor.post(&path(&post, "/unpublish"), json!({}), 200).await;
            }
            _ => trash(&editor, &scheduled).await,
        }
        if end == "restored" {
            editor.post(&path(&post, "/restore"), json!({}), 200).await;
        }
        calls.push((end, scheduled));
    }
    clock.advance(61);
    for (slug, scheduled) in calls {
        call(&app, &scheduled).await;
        app.anonymous().get(&format!("/v1/posts/{slug}"), 404).await;
    }
}

/// A mail whose first attempt failed, as will all others until the test lets mails be sent again.
async fn failed_mail(app: &App) -> MailId {
    app.sign_up("ada@example.com", "Ada").await;
    app.byline.stop_mail(true);
    let forgot = json!({ "email": "ada@example.com" });
    app.anonymous().post("/v1/auth/password/forgot", forgot, 202).await;
    // The first attempt is that of the other worker.
    let outbox = app.byline.context.store.outbox();
    let far = app.byline.context.clock.now().plus_seconds(DAY);
    app.eventually(|| async {
        let waiting = outbox.list_due(far, 10).await.unwrap();
        let Some(id) = waiting.first() else { return false };
        outbox.get(id).await.unwrap().is_some_and(|mail| mail.attempts == 1)
    })
    .await;
    outbox.list_due(far, 10).await.unwrap().remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_failed_is_tried_again_when_it_is_due_and_not_before() {
    let (app, clock) = App::unlimited_with_clock().await;
    failed_mail(&app).await;
    let before = app.byline.mailbox.mails().len();
    app.byline.stop_mail(false);
    clock.advance(59);
    run(&app, "worker-outbox").await;
    assert_eq!(app.byline.mailbox.mails().len(), before, "it waits for a minute");
    clock.advance(2);
    run(&app, "worker-outbox").await;
    assert_eq!(app.byline.mailbox.mails().len(), before + 1);
    clock.advance(DAY);
    run(&app, "worker-outbox").await;
    assert_eq!(app.byline.mailbox.mails().len(), before + 1, "and is sent once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_waits_twice_as_long_after_each_failure_up_to_an_hour() {
    let (app, clock) = App::unlimited_with_clock().await;
    let id = failed_mail(&app).await;
    let outbox = app.byline.context.store.outbox();
    let attempts = async || outbox.get(&id).await.unwrap().unwrap().attempts;
    let mut made = 1;
    for wait in [60, 120, 240, 480, 960, 1920, 3600, 3600] {
        clock.advance(wait - 1);
        run(&app, "worker-outbox").await;
        assert_eq!(attempts().await, made, "before {wait} s");
        clock.advance(2);
        run(&app, "worker-outbox").await;
        made += 1;
        assert_eq!(attempts().await, made, "after {wait} s");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_fails_after_three_days_and_is_kept_for_thirty() {
    let (app, clock) = App::unlimited_with_clock().await;
    let id = failed_mail(&app).await;
    let before = app.byline.mailbox.mails().len();
    let outbox = app.byline.context.store.outbox();
    let mail = async || outbox.get(&id).await.unwrap().unwrap();
    clock.advance(3 * DAY - 130);
    run(&app, "worker-outbox").await;
    let late = mail().await;
    assert_eq!((late.attempts, late.failed, late.ttl), (2, None, None));
    clock.advance(130);
    run(&app, "worker-outbox").await;
    let failed = mail().await;
    assert!(failed.failed.unwrap().contains("three days"));
    let ends = clock.now().plus_seconds(30 * DAY).as_seconds();
    assert_eq!(failed.ttl, Some(ends));
    app.byline.stop_mail(false);
    clock.advance(DAY);
    run(&app, "worker-outbox").await;
    assert_eq!(app.byline.mailbox.mails().len(), before, "it is not sent any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_keys_rotate_after_ninety_days_and_not_before() {
    let (app, clock) = App::with_clock().await;
    let rotations = async || {
        let log = app.admin().await.get("/v1/admin/audit?limit=100", 200).await;
        let entries = log.json["items"].as_array().unwrap().iter();
        entries.filter(|entry| entry["event"] == "keys_rotated").count()
    };
    run(&app, "worker-keys").await;
    assert_eq!(rotations().await, 0, "the first key is new");
    clock.advance(90 * DAY - 60);
    run(&app, "worker-keys").await;
    assert_eq!(rotations().await, 0, "a minute early");
    clock.advance(60);
    run(&app, "worker-keys").await;
    assert_eq!(rotations().await, 1);
    let keys = app.anonymous().get("/.well-known/jwks.json", 200).await;
    assert_eq!(keys.json["keys"].as_array().unwrap().len(), 2);
}
