//! What a person may do with a review: publish by it, correct the text, approve it for later.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::review::{agent, describe_unseen, propose, read};
use super::{path, publish, publish_as_reviewed};
use crate::harness::{Answer, App, draft};
use crate::media::published;

#[tokio::test(flavor = "multi_thread")]
async fn publishing_by_a_review_publishes_that_review() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let picture = published(&editor).await;
    let mut new = draft("Lake");
    new["cover"] = picture.json["id"].clone();
    new["body"] = "[A](https://one.example/) ![B](https://two.example/b.png)\n".into();
    let post = editor.post("/v1/manage/posts", new, 201).await;
    let revision = post.text("/revision_id");
    let review = editor.get(&path(&post, &format!("/review?revision_id={revision}")), 200).await;
    let hosts = json!({ "links": ["one.example"], "images": ["two.example"], "frames": [] });
    assert_eq!(review.json["new_hosts"], hosts);
    assert_eq!(review.json["unreviewed"], json!([]));
    let body = json!({ "revision_id": revision, "review": review.header("etag") });
    describe_unseen(&app, &picture, "Buy.").await;
    let refused = editor.post(&path(&post, "/publish"), body.clone(), 412).await;
    assert!(refused.text("/detail").contains("the cover"), "{}", refused.body);
    let mut later = body;
    later["publish_at"] = json!(app.byline.context.clock.now().plus_seconds(60));
    editor.post(&path(&post, "/schedule"), later, 412).await.is_problem("precondition_failed");
    app.anonymous().get("/v1/posts/lake", 404).await;
    publish_as_reviewed(&editor, &post, 200).await;
    // Nothing is new any more.
    let review = editor.get(&path(&post, &format!("/review?revision_id={revision}")), 200).await;
    assert_eq!(review.json["new_hosts"], json!({ "links": [], "images": [], "frames": [] }));
    assert_eq!(review.json["changes"]["hunks"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_slug_of_a_new_post_is_the_one_that_the_review_showed() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    editor.post("/v1/manage/posts", draft("Lake"), 201).await;
    let proposal = editor.post("/v1/manage/proposals", draft("Lake"), 201).await;
    let slug = |shown: &Answer| {
        let fields = shown.json["review"]["changes"]["fields"].as_array().unwrap().clone();
        fields.into_iter().find(|field| field["field"] == "slug").unwrap()["to"].clone()
    };
    let shown = read(&editor, &proposal).await;
    assert_eq!(slug(&shown), "lake-2");
    editor.post("/v1/manage/posts", draft("Lake"), 201).await;
    let (id, stale) = (proposal.text("/id"), shown.header("etag"));
    editor.approve_as_seen(&id, stale, json!({}), 412).await.is_problem("precondition_failed");
    assert_eq!(slug(&read(&editor, &proposal).await), "lake-3");
    editor.post("/v1/manage/posts", draft("Lake"), 201).await;
    let shown = read(&editor, &proposal).await;
    let made = editor.approve(&id, json!({}), 200).await;
    assert_eq!(made.json["slug"], slug(&shown));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_approved_with_corrections_of_the_persons_own() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = super::api_key(&app, &editor).await;
    let new = json!({ "title": "Lake", "body": "The laek.\n" });
    let proposal = agent.post("/v1/manage/proposals", new, 201).await;
    let id = proposal.text("/id");
    let how = json!({ "publish": true, "edits": { "body": "The lake.\n" } });
    let live = editor.approve(&id, how, 200).await;
    assert_ne!(live.json["revision_id"], proposal.json["revision_id"]);
    assert_eq!(live.json["live_revision_id"], live.json["revision_id"]);
    assert_eq!(app.anonymous().get("/v1/posts/lake", 200).await.text("/body"), "The lake.\n");
    let told = editor.get(&path(&live, "/provenance"), 200).await;
    let revisions = &told.json["revisions"];
    assert_eq!(revisions[0]["created_by"]["kind"], "person");
    assert_eq!(revisions[0]["parent_id"], proposal.json["revision_id"]);
    assert_eq!(revisions[1]["id"], proposal.json["revision_id"]);
    assert_eq!(revisions[1]["approval"]["by_publisher"], true);
    assert_eq!(revisions[1]["approval"]["content_digest"].as_str().unwrap().len(), 64);
    assert!(revisions[1]["approval"]["findings"].is_array());

    // A change, and not at once. An agent may publish the corrected text, and not the other.
    let proposal = propose(&agent, &live, json!({ "title": "Laek" })).await;
    let how = json!({ "edits": { "title": "A lake" } });
    let approved = editor.approve(&proposal.text("/id"), how, 200).await;
    let body = json!({ "revision_id": proposal.json["revision_id"] });
    let uncorrected = agent.post(&path(&live, "/publish"), body, 403).await;
    uncorrected.is_problem("approval_required");
    assert_eq!(publish(&agent, &approved, 200).await.text("/title"), "A lake");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_approved_for_later() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let proposal = editor.post("/v1/manage/proposals", draft("Lake"), 201).await;
    let id = proposal.text("/id");
    let at = app.byline.context.clock.now().plus_seconds(60);
    let both = json!({ "publish": true, "publish_at": at });
    assert_eq!(editor.approve(&id, both, 422).await.faults()[0].0, "/publish_at");
    let past = json!({ "publish_at": "2020-01-01T00:00:00Z" });
    assert_eq!(editor.approve(&id, past, 422).await.faults()[0].0, "/publish_at");
    let author = app.user(Role::Author).await;
    let own = author.post("/v1/manage/proposals", draft("Own"), 201).await;
    let later = json!({ "publish_at": at });
    author.approve(&own.text("/id"), later.clone(), 403).await.is_problem("forbidden");
    let scheduled = editor.approve(&id, later, 200).await;
    assert_eq!(scheduled.text("/status"), "scheduled");
    assert_eq!(scheduled.json["schedule"]["revision_id"], proposal.json["revision_id"]);
    clock.advance(60);
    app.byline.run_due_schedules().await;
    app.anonymous().get("/v1/posts/lake", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_review_shows_the_schedule_of_another_revision_which_publishing_leaves() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = agent(&app, &editor).await;
    let first = editor.post("/v1/manage/posts", draft("Lake"), 201).await;
    let now = app.byline.context.clock.now();
    let at = |seconds| json!({ "revision_id": first.json["revision_id"], "publish_at": now.plus_seconds(seconds) });
    let scheduled = editor.post(&path(&first, "/schedule"), at(3600), 200).await;
    let proposal = propose(&agent, &first, json!({ "title": "Lakes" })).await;
    let seen = read(&editor, &proposal).await;
    assert_eq!(seen.json["review"]["schedule"], scheduled.json["schedule"]);
    // Another time is another review.
    let later = editor.post(&path(&first, "/schedule"), at(7200), 200).await;
    let (id, live) = (proposal.text("/id"), json!({ "publish": true }));
    let stale = editor.approve_as_seen(&id, seen.header("etag"), live.clone(), 412).await;
    assert!(
        stale.text("/detail").contains(": the schedule of another revision."),
        "{}",
        stale.body
    );
    assert!(!stale.text("/detail").contains(stale.header("etag")), "nobody has read that review");
    let approved = editor.approve(&id, live, 200).await;
    assert_eq!(approved.json["live_revision_id"], proposal.json["revision_id"]);
    assert_eq!(approved.json["schedule"], later.json["schedule"]);
    // A revision's own schedule is no other's.
    let to =
        |post: &Answer| path(post, &format!("/review?revision_id={}", post.text("/revision_id")));
    assert_eq!(editor.get(&to(&first), 200).await.json["schedule"], Value::Null);
    assert_eq!(editor.get(&to(&approved), 200).await.json["schedule"], later.json["schedule"]);
}
