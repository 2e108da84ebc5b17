//! The audit log holds an entry of every write: of every operation and tool that changes what is
//! published or is about to be, by whomever, and of what happens by itself.

use std::collections::BTreeMap;

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, draft};
use crate::media::{GIF, Upload, gif};

/// Every operation on posts, proposals, tags, settings and media that writes, and its entry.
const OPERATIONS: [(&str, &str); 24] = [
    ("admin-settings-update", "settings_changed"),
    ("manage-media-complete", "media_completed"),
    ("manage-media-create", "media_created"),
    ("manage-media-delete", "media_deleted"),
    ("manage-media-update", "media_updated"),
    ("manage-posts-create", "post_created"),
    ("manage-posts-delete", "post_trashed"),
    ("manage-posts-duplicate", "post_created"),
    ("manage-posts-publish", "post_published"),
    ("manage-posts-restore", "post_restored"),
    ("manage-posts-schedule", "post_scheduled"),
    ("manage-posts-unpublish", "post_unpublished"),
    ("manage-posts-unschedule", "post_unscheduled"),
    ("manage-posts-update", "post_updated"),
    ("manage-proposals-approve", "proposal_approved"),
    ("manage-proposals-create", "proposal_made"),
    ("manage-proposals-create-new", "proposal_made"),
    ("manage-proposals-reject", "proposal_rejected"),
    ("manage-proposals-withdraw", "proposal_withdrawn"),
    ("manage-revisions-restore", "post_updated"),
    ("manage-tags-create", "tag_created"),
    ("manage-tags-delete", "tag_deleted"),
    ("manage-tags-merge", "tag_changed"),
    ("manage-tags-update", "tag_changed"),
];

/// Every tool that writes, and its entry.
const TOOLS: [(&str, &str); 6] = [
    ("media_request_upload", "media_created"),
    ("post_create_draft", "post_created"),
    ("post_edit", "post_updated"),
    ("post_propose", "proposal_made"),
    ("post_publish", "post_published"),
    ("post_schedule", "post_scheduled"),
];

/// Somebody who writes, and what the log says of it.
struct Trail<'a> {
    app: &'a App,
    admin: Client,
    /// Who writes: a person, or a key of theirs.
    client: Client,
    user: String,
    by_key: bool,
    /// What was done, by operation or tool.
    seen: BTreeMap<&'static str, &'static str>,
}

impl<'a> Trail<'a> {
    async fn new(app: &'a App, by_key: bool) -> Self {
        let admin = app.admin().await;
        let user = admin.get("/v1/users/me", 200).await.text("/id");
        let client = if by_key { app.agent(&admin).await } else { admin.clone() };
        Self { app, admin, client, user, by_key, seen: BTreeMap::new() }
    }

    /// The entries of one request, oldest first.
    async fn entries(&self, answer: &Answer) -> Vec<Value> {
        let log = self.admin.get("/v1/admin/audit?limit=20", 200).await;
        let entries = log.json["items"].as_array().unwrap().iter().rev();
        let id = answer.header("x-request-id");
        entries.filter(|entry| entry["request_id"] == id).cloned().collect()
    }

    /// Holds one request to have left one entry, of this event and subject.
    async fn left(&self, name: &str, answer: &Answer, event: &str, subject: Option<&str>) {
        let entries = self.entries(answer).await;
        assert_eq!(entries.len(), 1, "{name}: {entries:?}");
        let entry = &entries[0];
        assert_eq!(entry["event"], event, "{name}: {entry}");
        assert_eq!(entry["outcome"], "success", "{name}: {entry}");
        assert_eq!(entry["actor"], self.user.as_str(), "{name}: {entry}");
        assert_eq!(entry["api_key"].is_string(), self.by_key, "{name}: {entry}");
        assert_eq!(entry["subject"].as_str(), subject, "{name}: {entry}");
        assert_eq!(entry["ip"], "127.0.0.1", "{name}: {entry}");
    }

    /// Does an operation, whose entry is about what `subject` finds in its answer.
    async fn does(
        &mut self,
        operation: &'static str,
        (method, path): (Method, &str),
        seen: Option<&Answer>,
        body: Option<Value>,
        subject: impl Fn(&Answer) -> Option<String>,
    ) -> Answer {
        let mut headers = Vec::new();
        headers.extend(seen.map(|seen| ("if-match", seen.header("etag"))));
        headers.extend(body.is_some().then_some(("content-type", "application/json")));
        let body = body.map(|body| body.to_string());
        let answer = self.client.try_send(method, path, &headers, body).await.unwrap();
        assert!(answer.status < 300, "{operation}: {}", answer.body);
        let (name, event) = *OPERATIONS.iter().find(|(name, _)| *name == operation).unwrap();
        self.left(name, &answer, event, subject(&answer).as_deref()).await;
        self.seen.insert(name, event);
        answer
    }

    /// Does an operation that has a body.
    async fn posts(&mut self, operation: &'static str, path: &str, body: Value) -> Answer {
        self.does(operation, (Method::POST, path), None, Some(body), id).await
    }
}

fn id(answer: &Answer) -> Option<String> {
    answer.json["id"].as_str().map(str::to_owned)
}

fn path(post: &Answer, rest: &str) -> String {
    format!("/v1/manage/posts/{}{rest}", post.text("/id"))
}

fn revision(post: &Answer) -> Value {
    json!({ "revision_id": post.json["revision_id"] })
}

/// Approves as a person who has read the proposal.
async fn approve(person: &Client, proposal: &str, body: Value) -> Answer {
    let path = format!("/v1/manage/proposals/{proposal}");
    let read = person.get(&path, 200).await;
    let seen = read.headers.get("etag").and_then(|etag| etag.to_str().ok());
    let headers: Vec<_> = seen.map(|seen| ("if-match", seen)).into_iter().collect();
    person.send(Method::POST, &format!("{path}/approve"), &headers, Some(body), 200).await
}

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
    trail.posts("manage-posts-publish", &path(&post, "/publish"), revision(&back)).await;
    trail.posts("manage-posts-duplicate", &path(&post, "/duplicate"), json!({})).await;
    let down = trail.posts("manage-posts-unpublish", &path(&post, "/unpublish"), json!({})).await;
    let trashed = down.text("/id");
    let request = (Method::DELETE, &*path(&post, ""));
    let about = |_: &Answer| Some(trashed.clone());
    trail.does("manage-posts-delete", request, Some(&down), None, about).await;
    trail.posts("manage-posts-restore", &path(&post, "/restore"), json!({})).await;

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
    let of_people =
        ["admin-settings-update", "manage-proposals-approve", "manage-proposals-reject"];
    assert_eq!(left, of_people);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_write_of_a_tool_is_in_the_audit_log() {
    let app = App::unlimited().await;
    let allowed = json!({ "agent_publishing": "allowed" });
    app.admin().await.patch("/v1/admin/settings", allowed, 200).await;
    let mut trail = Trail::new(&app, true).await;
    let post = trail.client.post("/v1/manage/posts", draft("Of a tool"), 201).await;
    let of_post = json!({
        "post_id": post.json["id"], "revision_id": post.json["revision_id"], "confirm": true,
    });
    let with = |more: Value| {
        let mut arguments = of_post.clone();
        arguments.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        arguments
    };
    let calls = [
        ("media_request_upload", gif()),
        ("post_create_draft", json!({ "title": "A draft", "body": "Text." })),
        ("post_propose", json!({ "title": "A proposal", "body": "Text." })),
        ("post_schedule", with(json!({ "publish_at": "2099-01-01T00:00:00Z" }))),
        ("post_publish", of_post.clone()),
        ("post_edit", {
            let mut arguments = with(json!({ "title": "Edited" }));
            arguments.as_object_mut().unwrap().remove("confirm");
            arguments
        }),
    ];
    for (tool, arguments) in calls {
        let params = json!({ "name": tool, "arguments": arguments });
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        let answer = trail.client.post("/mcp", call, 200).await;
        assert_eq!(answer.json["result"]["isError"], false, "{tool}: {}", answer.body);
        let result: Value =
            serde_json::from_str(&answer.text("/result/content/0/text")).unwrap_or_default();
        let subject = ["proposal_id", "media_id", "id"]
            .iter()
            .find_map(|name| result[*name].as_str())
            .or(result["media"]["id"].as_str())
            .unwrap_or_else(|| panic!("{tool} names nothing: {}", answer.body));
        let (name, event) = *TOOLS.iter().find(|(name, _)| *name == tool).unwrap();
        trail.left(tool, &answer, event, Some(subject)).await;
        trail.seen.insert(name, event);
    }
    let writing = byline_mcp::tools::ALL.iter().filter(|tool| {
        let annotations = tool.describe().annotations.clone();
        annotations.and_then(|hints| hints.read_only_hint) != Some(true)
    });
    let mut writing: Vec<&str> = writing.map(|tool| tool.name).collect();
    writing.sort_unstable();
    assert_eq!(writing, TOOLS.map(|(name, _)| name), "every tool that writes is in the table");
    assert_eq!(trail.seen, TOOLS.into());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_go_live_is_in_the_audit_log() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let me = editor.get("/v1/users/me", 200).await.text("/id");
    let mut live = Vec::new();

    let post = editor.post("/v1/manage/posts", draft("By hand"), 201).await;
    editor.post(&path(&post, "/publish"), revision(&post), 200).await;
    live.push((post.text("/id"), post.text("/revision_id"), ""));

    let made = editor.post("/v1/manage/proposals", draft("By approval"), 201).await;
    let body = json!({ "publish": true });
    let post = approve(&editor, &made.text("/id"), body).await;
    live.push((post.text("/id"), post.text("/live_revision_id"), ""));

    let post = editor.post("/v1/manage/posts", draft("By the clock"), 201).await;
    let mut later = revision(&post);
    later["publish_at"] = json!(app.byline.context.clock.now().plus_seconds(60));
    editor.post(&path(&post, "/schedule"), later, 200).await;
    clock.advance(61);
    app.byline.run_due_schedules().await;
    live.push((post.text("/id"), post.text("/revision_id"), ", as scheduled"));

    let log = app.admin().await.get("/v1/admin/audit?limit=100", 200).await;
    let entries = log.json["items"].as_array().unwrap();
    for (post, revision, how) in &live {
        let published: Vec<&Value> = entries
            .iter()
            .filter(|entry| entry["event"] == "post_published" && entry["subject"] == post.as_str())
            .collect();
        assert_eq!(published.len(), 1, "{post}: {}", log.body);
        assert_eq!(published[0]["detail"], format!("{revision}{how}"));
        assert_eq!(published[0]["actor"], me.as_str());
    }
    let count = entries.iter().filter(|entry| entry["event"] == "post_published").count();
    assert_eq!(count, live.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_that_cannot_be_carried_out_is_in_the_audit_log() {
    let (app, clock) = App::unlimited_with_clock().await;
    let admin = app.admin().await;
    admin.patch("/v1/admin/settings", json!({ "agent_publishing": "allowed" }), 200).await;
    let agent = app.agent(&admin).await;
    let post = agent.post("/v1/manage/posts", draft("Not any more"), 201).await;
    let mut later = revision(&post);
    later["publish_at"] = json!(app.byline.context.clock.now().plus_seconds(60));
    agent.post(&path(&post, "/schedule"), later, 200).await;
    admin.patch("/v1/admin/settings", json!({ "agent_publishing": "never" }), 200).await;
    clock.advance(61);
    app.byline.run_due_schedules().await;
    app.anonymous().get("/v1/posts/not-any-more", 404).await;
    let log = admin.get("/v1/admin/audit?limit=5", 200).await;
    let newest = &log.json["items"][0];
    assert_eq!(
        (&newest["event"], &newest["outcome"]),
        (&json!("post_unscheduled"), &json!("refused"))
    );
    assert_eq!(newest["subject"], post.json["id"]);
    assert!(newest["detail"].as_str().unwrap().contains("approval_required"), "{newest}");
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
