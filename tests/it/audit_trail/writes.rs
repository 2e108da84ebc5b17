//! Every operation that writes, by a person and by a key.

use http::Method;
use serde_json::{Value, json};

use super::{OPERATIONS, Trail, approve, id, path, revision};
use crate::harness::{Answer, App, draft};
use crate::media::{GIF, Upload, gif};

/// Everything that people and keys may both do.
async fn write_everything(trail: &mut Trail<'_>) {
    let new = draft("Audited");
    let post = trail.posts("manage-posts-create", "/v1/manage/posts", new).await;
    let change = Some(json!({ "body": "Changed." }));
    let request = (Method::PATCH, &*path(&post, ""));
    let edited = trail.does("manage-posts-update", request, Some(&post), change, id).await;
    let old = format!("/revisions/{}/restore", post.text("/revision_id"));
    let request = (Method::POST, &*path(&post, &old));
    let back = trail.does("manage-revisions-restore", request, Some(&edited), None, id).await;
    let mut later = revision(&back);
    later["publish_at"] = json!("2099-01-01T00:00:00Z");
    trail.posts("manage-posts-schedule", &path(&post, "/schedule"), later).await;
    trail.posts("manage-posts-unschedule", &path(&post, "/unschedule"), json!({})).await;
    let live = trail.posts("manage-posts-publish", &path(&post, "/publish"), revision(&back)).await;
    let change = Some(json!({ "published_at": "2020-01-01T00:00:00Z" }));
    let request = (Method::PATCH, &*path(&post, "/date-and-author"));
    trail.does("manage-posts-date-author", request, Some(&live), change, id).await;
    trail.posts("manage-posts-duplicate", &path(&post, "/duplicate"), json!({})).await;
    let down = trail.posts("manage-posts-unpublish", &path(&post, "/unpublish"), json!({})).await;
    let trashed = down.text("/id");
    let request = (Method::DELETE, &*path(&post, ""));
    let about = |_: &Answer| Some(trashed.clone());
    trail.does("manage-posts-delete", request, Some(&down), None, about).await;
    trail.posts("manage-posts-restore", &path(&post, "/restore"), json!({})).await;

    let of_post = |_: &Answer| Some(trashed.clone());
    let links = path(&post, "/preview-links");
    let link = if trail.by_key {
        // Only people may make one.
        trail.admin.post(&links, json!({}), 201).await
    } else {
        let (request, body) = ((Method::POST, links.as_str()), Some(json!({})));
        trail.does("manage-previews-create", request, None, body, of_post).await
    };
    let one = path(&post, &format!("/preview-links/{}", link.text("/id")));
    let request = (Method::DELETE, one.as_str());
    trail.does("manage-previews-delete", request, None, None, of_post).await;

    let change = json!({ "base_revision_id": back.json["revision_id"], "title": "Proposed" });
    let proposal = path(&post, "/proposals");
    let made = trail.posts("manage-proposals-create", &proposal, change).await;
    let withdraw = format!("/v1/manage/proposals/{}/withdraw", made.text("/id"));
    trail.posts("manage-proposals-withdraw", &withdraw, json!({})).await;
    let new = draft("Proposed");
    trail.posts("manage-proposals-create-new", "/v1/manage/proposals", new).await;
    write_tags(trail).await;
    write_media(trail).await;
}

async fn write_tags(trail: &mut Trail<'_>) {
    let by_slug = |answer: &Answer| answer.json["slug"].as_str().map(str::to_owned);
    let named = |slug: &'static str| move |_: &Answer| Some(slug.to_owned());
    for name in ["One", "Two"] {
        let request = (Method::POST, "/v1/manage/tags");
        let body = Some(json!({ "name": name }));
        trail.does("manage-tags-create", request, None, body, by_slug).await;
    }
    let request = (Method::PATCH, "/v1/manage/tags/one");
    let body = Some(json!({ "description": "The first." }));
    trail.does("manage-tags-update", request, None, body, named("one")).await;
    let request = (Method::POST, "/v1/manage/tags/one/merge");
    let body = Some(json!({ "into": "two" }));
    trail.does("manage-tags-merge", request, None, body, named("one")).await;
    let request = (Method::DELETE, "/v1/manage/tags/two");
    trail.does("manage-tags-delete", request, None, None, named("two")).await;
}

async fn write_media(trail: &mut Trail<'_>) {
    let of_new = |answer: &Answer| Some(answer.text("/media/id"));
    let request = (Method::POST, "/v1/manage/media");
    let made = trail.does("manage-media-create", request, None, Some(gif()), of_new).await;
    assert_eq!(Upload::of(&made).send(GIF).await, 200);
    let media = made.text("/media/id");
    let path = format!("/v1/manage/media/{media}");
    trail.posts("manage-media-complete", &format!("{path}/complete"), json!({})).await;
    let request = (Method::PATCH, path.as_str());
    let body = Some(json!({ "alt": "A dot." }));
    trail.does("manage-media-update", request, None, body, id).await;
    let about = |_: &Answer| Some(media.clone());
    trail.does("manage-media-delete", (Method::DELETE, &path), None, None, about).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_of_a_person_is_in_the_audit_log() {
    let app = App::unlimited().await;
    let mut trail = Trail::new(&app, false).await;
    write_everything(&mut trail).await;
    // What only people may do.
    let request = (Method::PATCH, "/v1/admin/settings");
    let body = Some(json!({ "title": "Audited" }));
    trail.does("admin-settings-update", request, None, body, |_| None).await;
    for end in ["reject", "approve"] {
        let made = trail.admin.post("/v1/manage/proposals", draft(end), 201).await.text("/id");
        if end == "approve" {
            let approved = approve(&trail.admin, &made, json!({})).await;
            trail.left(end, &approved, "proposal_approved", Some(&made)).await;
            trail.seen.insert("manage-proposals-approve", "proposal_approved");
        } else {
            let path = format!("/v1/manage/proposals/{made}/reject");
            trail.posts("manage-proposals-reject", &path, json!({})).await;
        }
    }
    assert_eq!(trail.seen, OPERATIONS.into(), "each was done");
    let written = byline_local::operations().into_iter().filter(|operation| {
        let domain = operation.module.split("::").next().unwrap();
        ["byline_editorial", "byline_media"].contains(&domain) && operation.method != Method::GET
    });
    let mut written: Vec<&str> = written.map(|operation| operation.name).collect();
    written.sort_unstable();
    assert_eq!(written, OPERATIONS.map(|(name, _)| name), "every operation is in the table");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_of_a_key_is_in_the_audit_log_with_the_key() {
    let app = App::unlimited().await;
    let allowed = json!({ "agent_publishing": "allowed" });
    app.admin().await.patch("/v1/admin/settings", allowed, 200).await;
    let mut trail = Trail::new(&app, true).await;
    write_everything(&mut trail).await;
    let left: Vec<&str> = OPERATIONS
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| !trail.seen.contains_key(name))
        .collect();
    let of_people = [
        "admin-settings-update",
        "manage-previews-create",
        "manage-proposals-approve",
        "manage-proposals-reject",
    ];
    assert_eq!(left, of_people);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_leaves_no_entry_of_a_write() {
    let app = App::unlimited().await;
    let trail = Trail::new(&app, true).await;
    let post = trail.client.post("/v1/manage/posts", draft("Refused"), 201).await;
    for door in ["/publish", "/revisions/none/restore"] {
        let method = Method::POST;
        let headers = [("content-type", "application/json"), ("if-match", post.header("etag"))];
        let body = Some(revision(&post).to_string());
        let answer =
            trail.client.try_send(method, &path(&post, door), &headers, body).await.unwrap();
        assert!(answer.status >= 400, "{door}: {}", answer.body);
        let entries = trail.entries(&answer).await;
        assert!(entries.iter().all(|entry| entry["outcome"] == "refused"), "{entries:?}");
    }
    let stale = [("if-match", "\"v9\"")];
    let body = Some(json!({ "title": "Late" }));
    let answer = trail.client.send(Method::PATCH, &path(&post, ""), &stale, body, 412).await;
    assert_eq!(trail.entries(&answer).await, Vec::<Value>::new());
    assert_eq!(trail.app.byline.observer.violations(), Vec::<String>::new());
}
