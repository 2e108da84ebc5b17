//! How many calls each operation makes to AWS, once it has run, and how often it renders a text: what it
//! costs and how long it takes. A number that rises here is paid for by every request.

use std::collections::BTreeMap;

use byline_local::faults::Fault;
use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{etag, path, settle};
use crate::harness::{App, Client, draft};

/// An operation with its calls. Each that needs a caller reads their session and account with one
/// `BatchGetItem`, which is counted here.
#[rustfmt::skip]
const TABLE: [(&str, &[(&str, u64)]); 31] = [
    ("authors-list", &[("Query", 1)]),
    ("authors-read", &[("GetItem", 1)]),
    ("feed-atom", &[("BatchGetItem", 1), ("GetItem", 1), ("Query", 1)]),
    ("feed-json", &[("BatchGetItem", 1), ("GetItem", 1), ("Query", 1)]),
    ("manage-posts-create", &[("BatchGetItem", 2), ("TransactWriteItems", 2)]),
    ("manage-posts-date-author", &[("BatchGetItem", 2), ("GetItem", 3), ("TransactWriteItems", 1)]),
    ("manage-posts-delete", &[("BatchGetItem", 1), ("GetItem", 1), ("TransactWriteItems", 1)]),
    ("manage-posts-duplicate", &[("BatchGetItem", 2), ("GetItem", 2), ("Query", 1), ("TransactWriteItems", 1)]),
    ("manage-posts-get", &[("BatchGetItem", 1), ("GetItem", 2)]),
    ("manage-posts-list", &[("BatchGetItem", 1), ("Query", 1)]),
    ("manage-posts-provenance", &[("BatchGetItem", 1), ("GetItem", 1), ("Query", 2)]),
    ("manage-posts-publish", &[("BatchGetItem", 2), ("GetItem", 3), ("Query", 1), ("TransactWriteItems", 1)]),
    ("manage-posts-restore", &[("BatchGetItem", 1), ("GetItem", 2), ("TransactWriteItems", 1)]),
    ("manage-posts-schedule", &[("BatchGetItem", 2), ("GetItem", 3), ("POST", 1), ("Query", 1), ("TransactWriteItems", 1)]),
    ("manage-posts-unpublish", &[("BatchGetItem", 1), ("GetItem", 2), ("TransactWriteItems", 1)]),
    ("manage-posts-unschedule", &[("BatchGetItem", 1), ("DELETE", 1), ("GetItem", 2), ("TransactWriteItems", 1)]),
    ("manage-posts-update", &[("BatchGetItem", 2), ("GetItem", 1), ("TransactWriteItems", 1)]),
    ("manage-posts-review", &[("BatchGetItem", 4)]),
    ("manage-previews-create", &[("BatchGetItem", 1), ("GetItem", 2), ("TransactWriteItems", 1)]),
    ("manage-previews-delete", &[("BatchGetItem", 1), ("GetItem", 1), ("TransactWriteItems", 1)]),
    ("manage-previews-list", &[("BatchGetItem", 2), ("GetItem", 1), ("Query", 1)]),
    ("manage-proposals-approve", &[("BatchGetItem", 5), ("GetItem", 2), ("TransactWriteItems", 1)]),
    ("manage-proposals-create", &[("BatchGetItem", 2), ("GetItem", 2), ("TransactWriteItems", 1)]),
    ("manage-proposals-get", &[("BatchGetItem", 5)]),
    ("manage-revisions-list", &[("BatchGetItem", 1), ("GetItem", 1), ("Query", 1)]),
    ("manage-tags-update", &[("BatchGetItem", 3), ("GetItem", 1), ("TransactWriteItems", 1)]),
    ("posts-list", &[("Query", 1)]),
    ("posts-read", &[("GetItem", 1)]),
    ("previews-read", &[("BatchGetItem", 2), ("GetItem", 1)]),
    ("tags-list", &[("Query", 1)]),
    ("tags-read", &[("GetItem", 1)]),
];

struct Meter {
    app: App,
    seen: BTreeMap<&'static str, BTreeMap<String, u64>>,
}

impl Meter {
    /// The calls that a request made.
    async fn cost(
        &mut self,
        operation: &'static str,
        client: &Client,
        request: (Method, &str),
        seen: Option<u64>,
        body: Option<Value>,
    ) -> Value {
        self.cost_as_seen(operation, client, request, seen.map(etag), body).await
    }

    /// The calls that a request with this `If-Match` made.
    async fn cost_as_seen(
        &mut self,
        operation: &'static str,
        client: &Client,
        request: (Method, &str),
        seen: Option<String>,
        body: Option<Value>,
    ) -> Value {
        let before = self.app.byline.observer.actions(operation);
        let mut headers = Vec::new();
        headers.extend(body.is_some().then_some(("content-type", "application/json")));
        headers.extend(seen.as_deref().map(|seen| ("if-match", seen)));
        let body = body.map(|body| body.to_string());
        let (method, path) = request;
        let answer = client.try_send(method, path, &headers, body).await.unwrap();
        assert!(answer.status < 300, "{operation}: {}", answer.body);
        let mut made = self.app.byline.observer.actions(operation);
        for (action, count) in before {
            *made.get_mut(&action).unwrap() -= count;
        }
        made.retain(|_, count| *count > 0);
        self.seen.insert(operation, made);
        answer.json
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_costs_what_is_written_down() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let author = editor.get("/v1/users/me", 200).await.text("/slug");
    let mut meter = Meter { app, seen: BTreeMap::new() };
    // Once to warm up, and once to count.
    for round in 0..2 {
        one_of_each(&mut meter, &editor, &author, round).await;
    }
    for (operation, calls) in TABLE {
        let expected: BTreeMap<String, u64> =
            calls.iter().map(|(action, count)| ((*action).to_owned(), *count)).collect();
        assert_eq!(meter.seen[operation], expected, "{operation}");
    }
    assert_eq!(meter.seen.len(), TABLE.len(), "every operation that is measured is in the table");
}

async fn one_of_each(meter: &mut Meter, editor: &Client, author: &str, round: u64) {
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let some = Some(json!({}));
    let mut new = draft(&format!("Post {round}"));
    new["tags"] = json!([format!("Tag {round}")]);
    let made = meter
        .cost("manage-posts-create", editor, (post.clone(), "/v1/manage/posts"), None, Some(new))
        .await;
    let id = made["id"].as_str().unwrap().to_owned();
    let path = |rest: &str| format!("/v1/manage/posts/{id}{rest}");
    let change = Some(json!({ "body": "Changed.", "slug": format!("moved-{round}") }));
    let request = (Method::PATCH, &*path(""));
    let edited = meter.cost("manage-posts-update", editor, request, Some(1), change).await;
    meter.cost("manage-posts-get", editor, (get.clone(), &path("")), None, None).await;
    meter.cost("manage-posts-list", editor, (get.clone(), "/v1/manage/posts"), None, None).await;
    let revision = edited["revision_id"].as_str().unwrap();
    let body = Some(json!({ "revision_id": revision, "publish_at": "2029-01-01T00:00:00Z" }));
    let request = (post.clone(), &*path("/schedule"));
    meter.cost("manage-posts-schedule", editor, request, None, body).await;
    let request = (post.clone(), &*path("/unschedule"));
    meter.cost("manage-posts-unschedule", editor, request, None, some.clone()).await;
    let body = Some(json!({ "revision_id": revision }));
    let request = (post.clone(), &*path("/publish"));
    let live = meter.cost("manage-posts-publish", editor, request, None, body).await;
    let body = Some(json!({ "published_at": "2020-01-01T00:00:00Z" }));
    let request = (Method::PATCH, &*path("/date-and-author"));
    let seen = live["version"].as_u64();
    meter.cost("manage-posts-date-author", editor, request, seen, body).await;

    let reader = meter.app.anonymous();
    let request = format!("/v1/posts/moved-{round}");
    meter.cost("posts-read", &reader, (get.clone(), &request), None, None).await;
    let tagged = format!("/v1/posts?tag=tag-{round}");
    let written = format!("/v1/posts?author={author}");
    let all = [tagged.as_str(), &written, "/v1/posts?featured=false", "/v1/posts"];
    for list in all {
        let shown = meter.cost("posts-list", &reader, (get.clone(), list), None, None).await;
        assert!(!shown["items"].as_array().unwrap().is_empty(), "{list}");
        assert_eq!(meter.seen["posts-list"], BTreeMap::from([("Query".to_owned(), 1)]), "{list}");
    }
    meter.cost("tags-list", &reader, (get.clone(), "/v1/tags"), None, None).await;
    let tag = format!("/v1/tags/tag-{round}");
    meter.cost("tags-read", &reader, (get.clone(), &tag), None, None).await;
    meter.cost("authors-list", &reader, (get.clone(), "/v1/authors"), None, None).await;
    let request = format!("/v1/authors/{author}");
    meter.cost("authors-read", &reader, (get.clone(), &request), None, None).await;
    meter.cost("feed-json", &reader, (get.clone(), "/feed.json"), None, None).await;
    meter.cost("feed-atom", &reader, (get.clone(), "/feed.xml"), None, None).await;

    preview_links(meter, editor, &path("/preview-links"), revision).await;

    let body = Some(json!({ "title": format!("Proposed {round}"), "base_revision_id": revision }));
    let request = (post.clone(), &*path("/proposals"));
    let proposal = meter.cost("manage-proposals-create", editor, request, None, body).await;
    let read = format!("/v1/manage/proposals/{}", proposal["id"].as_str().unwrap());
    let read = meter.cost("manage-proposals-get", editor, (get.clone(), &read), None, None).await;
    let request = format!("/v1/manage/proposals/{}/approve", proposal["id"].as_str().unwrap());
    let request = (post.clone(), request.as_str());
    let seen = read["review"]["etag"].as_str().map(str::to_owned);
    meter.cost_as_seen("manage-proposals-approve", editor, request, seen, some.clone()).await;
    let request = (get.clone(), &*path(&format!("/review?revision_id={revision}")));
    meter.cost("manage-posts-review", editor, request, None, None).await;
    let request = (get.clone(), &*path("/revisions"));
    meter.cost("manage-revisions-list", editor, request, None, None).await;
    let request = (get.clone(), &*path("/provenance"));
    meter.cost("manage-posts-provenance", editor, request, None, None).await;
    let request = (post.clone(), &*path("/duplicate"));
    meter.cost("manage-posts-duplicate", editor, request, None, some.clone()).await;
    let request = (post.clone(), &*path("/unpublish"));
    let down = meter.cost("manage-posts-unpublish", editor, request, None, some.clone()).await;
    let version = down["version"].as_u64();
    meter.cost("manage-posts-delete", editor, (delete, &path("")), version, None).await;
    let request = (post, &*path("/restore"));
    meter.cost("manage-posts-restore", editor, request, None, some).await;
    let tag = format!("/v1/manage/tags/tag-{round}");
    let body = Some(json!({ "slug": format!("renamed-{round}") }));
    meter.cost("manage-tags-update", editor, (Method::PATCH, &tag), None, body).await;
    settle(&meter.app, round + 1).await;
}

async fn preview_links(meter: &mut Meter, editor: &Client, links: &str, revision: &str) {
    let body = Some(json!({ "revision_id": revision }));
    let request = (Method::POST, links);
    let link = meter.cost("manage-previews-create", editor, request, None, body).await;
    meter.cost("manage-previews-list", editor, (Method::GET, links), None, None).await;
    let (reader, shown) = (meter.app.anonymous(), &link["token"]);
    let read = format!("/v1/previews/{}", shown.as_str().unwrap());
    meter.cost("previews-read", &reader, (Method::GET, &read), None, None).await;
    let one = format!("{links}/{}", link["id"].as_str().unwrap());
    meter.cost("manage-previews-delete", editor, (Method::DELETE, &one), None, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_renders_each_text_once() {
    let app = App::unlimited().await;
    let (editor, byline) = (app.user(Role::Editor).await, &app.byline);
    let agent = app.agent(&editor).await;
    let new = json!({ "title": "Post", "body": "One." });
    let post = editor.post("/v1/manage/posts", new, 201).await;
    assert_eq!(byline.renderings(), 0, "a draft is not rendered");
    for (edits, texts) in
        [(json!({}), 1), (json!({ "title": "Corrected" }), 1), (json!({ "body": "Corrected." }), 2)]
    {
        let head = editor.get(&path(&post, ""), 200).await;
        let change = json!({
            "base_revision_id": head.json["revision_id"],
            "body": format!("Proposed with {edits}."),
        });
        let proposal = agent.post(&path(&post, "/proposals"), change, 201).await;
        let id = proposal.text("/id");
        let before = byline.renderings();
        let read = editor.get(&format!("/v1/manage/proposals/{id}"), 200).await;
        assert_eq!(byline.renderings() - before, 1);
        // Also where others write to the post at the same time.
        byline.observer.plan("manage-proposals-approve", 0, 3, Fault::Outrun);
        let before = byline.renderings();
        let how = json!({ "publish": true, "edits": edits });
        let approved = editor.approve_as_seen(&id, read.header("etag"), how, 200).await;
        assert_eq!(approved.json["live_revision_id"], approved.json["revision_id"]);
        assert_eq!(byline.renderings() - before, texts, "{edits}");
    }
    // The question whether to publish, and then publishing.
    let head = editor.get(&path(&post, ""), 200).await;
    let named = json!({ "post_id": head.json["id"], "revision_id": head.json["revision_id"], "confirm": true });
    let params = json!({ "name": "post_publish", "arguments": named });
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    let before = byline.renderings();
    let answer = agent.post("/mcp", call, 200).await;
    assert_eq!(answer.json["result"]["isError"], false, "{}", answer.body);
    assert_eq!(byline.renderings() - before, 1);
}
