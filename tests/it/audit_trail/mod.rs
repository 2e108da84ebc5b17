//! The audit log holds an entry of every write: of every operation and tool that changes what is
//! published or is about to be, by whomever, and of what happens by itself.

mod going_live;
mod imports;
mod story;
mod tools;
mod writes;

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client};

/// Every operation on posts, proposals, tags, settings and media that writes, and its entry.
const OPERATIONS: [(&str, &str); 27] = [
    ("admin-settings-update", "settings_changed"),
    ("manage-media-complete", "media_completed"),
    ("manage-media-create", "media_created"),
    ("manage-media-delete", "media_deleted"),
    ("manage-media-update", "media_updated"),
    ("manage-posts-create", "post_created"),
    ("manage-posts-date-author", "post_date_or_author_changed"),
    ("manage-posts-delete", "post_trashed"),
    ("manage-posts-duplicate", "post_created"),
    ("manage-posts-publish", "post_published"),
    ("manage-posts-restore", "post_restored"),
    ("manage-posts-schedule", "post_scheduled"),
    ("manage-posts-unpublish", "post_unpublished"),
    ("manage-posts-unschedule", "post_unscheduled"),
    ("manage-posts-update", "post_updated"),
    ("manage-previews-create", "preview_link_made"),
    ("manage-previews-delete", "preview_link_revoked"),
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
