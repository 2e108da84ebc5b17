//! Who holds a slug, at the edges: drafts that are about to go live, and posts that are gone.

use byline_shared::model::Role;
use byline_shared::worker::Trigger;
use http::Method;
use serde_json::json;

use super::{api_key, edit, path, publish};
use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_under_which_a_post_may_yet_go_live_stays_its_own() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let agent = api_key(&app, &editor).await;
    let at = app.byline.context.clock.now().plus_seconds(3600);

    let due = editor.post("/v1/manage/posts", draft("Due"), 201).await;
    let body = json!({ "revision_id": due.text("/revision_id"), "publish_at": at });
    let scheduled = editor.post(&path(&due, "/schedule"), body, 200).await;
    edit(&editor, &scheduled, json!({ "slug": "later" }), 200).await;

    let proposal = agent.post("/v1/manage/proposals", draft("Approved"), 201).await;
    let approved = editor.approve(&proposal.text("/id"), json!({}), 200).await;
    edit(&editor, &approved, json!({ "slug": "other" }), 200).await;

    for slug in ["due", "approved"] {
        let taken = json!({ "title": "Taken", "body": "Text.", "slug": slug });
        editor.post("/v1/manage/posts", taken, 409).await.is_problem("slug_taken");
    }
    clock.advance(3600);
    app.byline.run_due_schedules().await;
    publish(&agent, &approved, 200).await;
    let reader = app.anonymous();
    for (slug, post) in [("due", &due), ("approved", &approved)] {
        let live = reader.get(&format!("/v1/posts/{slug}"), 200).await;
        assert_eq!(live.json["revision_id"], post.json["revision_id"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_is_removed_for_good_leaves_every_slug_of_its_own() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let mut post = editor.post("/v1/manage/posts", draft("First"), 201).await;
    for slug in ["second", "third"] {
        let live = publish(&editor, &post, 200).await;
        post = edit(&editor, &live, json!({ "slug": slug }), 200).await;
    }
    let kept = editor.post("/v1/manage/posts", draft("Kept"), 201).await;
    for post in [&post, &kept] {
        let seen = [("if-match", post.header("etag"))];
        editor.send(Method::DELETE, &path(post, ""), &seen, None, 204).await;
    }
    let moved = |slug| json!({ "title": "New", "body": "Text.", "slug": slug });
    editor.post("/v1/manage/posts", moved("first"), 409).await.is_problem("slug_taken");
    editor.post(&path(&kept, "/restore"), json!({}), 200).await;

    clock.advance(30 * 24 * 3600);
    let workers = byline_local::workers();
    let worker = workers.iter().find(|worker| worker.name == "worker-trash").unwrap();
    let Trigger::Every { run, .. } = worker.trigger else { unreachable!() };
    run(&app.byline.context).await.unwrap();

    let editor = app.user(Role::Editor).await;
    editor.get(&path(&post, ""), 404).await;
    editor.get(&path(&kept, ""), 200).await;
    for slug in ["first", "second", "third"] {
        editor.post("/v1/manage/posts", moved(slug), 201).await;
    }
    editor.post("/v1/manage/posts", moved("kept"), 409).await.is_problem("slug_taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_due_before_a_publication_does_not_take_its_place() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let first = editor.post("/v1/manage/posts", draft("Post"), 201).await;
    let at = app.byline.context.clock.now().plus_seconds(300);
    let body = json!({ "revision_id": first.text("/revision_id"), "publish_at": at });
    let scheduled = editor.post(&path(&first, "/schedule"), body, 200).await;
    let second = edit(&editor, &scheduled, json!({ "title": "Second" }), 200).await;

    // The scheduler is late, and a person is faster.
    clock.advance(301);
    let live = publish(&editor, &second, 200).await;
    assert!(live.json["schedule"].is_null(), "{}", live.json);
    app.byline.run_due_schedules().await;
    let seen = app.anonymous().get("/v1/posts/post", 200).await;
    assert_eq!(seen.json["revision_id"], second.json["revision_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_a_draft_down_takes_its_approval() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = api_key(&app, &editor).await;
    let proposal = agent.post("/v1/manage/proposals", draft("Post"), 201).await;
    let approved = editor.approve(&proposal.text("/id"), json!({}), 200).await;
    editor.post(&path(&approved, "/unpublish"), json!({}), 200).await;
    publish(&agent, &approved, 403).await.is_problem("approval_required");
}
