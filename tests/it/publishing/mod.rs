//! The rules of publishing, from outside: long random stories held against a model, many callers at
//! once, what agents may do, and what each operation costs.

mod agents;
mod agents_unpublish;
mod approved;
mod approvers;
mod attacker;
mod author_publishing;
mod calls;
mod chances;
mod corrections;
mod date_and_author;
mod differences;
mod due;
mod many_files;
mod merges;
mod missing_files;
mod model;
mod names;
mod order;
mod people;
mod quiet;
mod races;
mod review;
mod review_decisions;
mod rights_held;
mod rights_lost;
mod rules;
mod rules_of_rights;
mod rules_of_tags;
mod stories;
mod story_covers;
mod story_live;
mod story_people;
mod story_posts;
mod story_proposals;
mod story_tags;
pub(crate) mod story_trail;
mod tag_counts;
mod tag_names;
mod trashed;
mod world;

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::{Answer, App, Client};

/// A version as `If-Match` names it.
fn etag(version: u64) -> String {
    format!("\"v{version}\"")
}

async fn edit(client: &Client, post: &Answer, body: Value, status: u16) -> Answer {
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    client
        .send(Method::PATCH, &path, &[("if-match", post.header("etag"))], Some(body), status)
        .await
}

async fn publish(client: &Client, post: &Answer, status: u16) -> Answer {
    let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    client.post(&path, json!({ "revision_id": post.text("/revision_id") }), status).await
}

/// Publishes a revision as somebody does who reads its review first.
async fn publish_as_reviewed(client: &Client, post: &Answer, status: u16) -> Answer {
    let revision = post.text("/revision_id");
    let read = path(post, &format!("/review?revision_id={revision}"));
    let review = client.get(&read, 200).await.header("etag").to_owned();
    let body = json!({ "revision_id": revision, "review": review });
    client.post(&path(post, "/publish"), body, status).await
}

/// An API key of a person's for everything that their role may do with posts.
async fn api_key(app: &App, person: &Client) -> Client {
    app.with_token(&new_api_key(person).await.text("/key"))
}

/// The same, with its id.
async fn new_api_key(person: &Client) -> Answer {
    let scopes = json!([
        "profile",
        "posts:read",
        "posts:write",
        "posts:propose",
        "posts:publish",
        "posts:delete"
    ]);
    let body = json!({ "name": "Agent", "scopes": scopes });
    person.post("/v1/auth/api-keys", body, 201).await
}

/// Waits until that many changes of tags, of all so far, have come to their posts: to remove the
/// change that waited is the last thing that the worker does.
async fn settle(app: &App, changes: u64) {
    app.eventually(async || {
        // Meanwhile the worker gets to work.
        tokio::time::sleep(Duration::from_millis(5)).await;
        let calls = app.byline.observer.actions("worker-propagate");
        calls.get("DeleteItem").copied().unwrap_or_default() >= changes
    })
    .await;
}

/// All items of a list, page by page.
async fn all(client: &Client, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let separator = if path.contains('?') { '&' } else { '?' };
    let mut next = format!("{path}{separator}limit=100");
    loop {
        let page = client.get(&next, 200).await;
        items.extend(page.json["items"].as_array().unwrap().iter().cloned());
        let Some(cursor) = page.json["next_cursor"].as_str() else { return items };
        next = format!("{path}{separator}limit=100&cursor={cursor}");
    }
}

/// A request that is made at the same time as others.
struct Call {
    client: Client,
    method: Method,
    path: String,
    seen: Option<String>,
    body: Value,
}

impl Call {
    fn post(client: &Client, path: String, body: Value) -> Self {
        Self { client: client.clone(), method: Method::POST, path, seen: None, body }
    }
}

/// Makes all calls at once; the answers are in the order in which they came.
async fn at_once(calls: Vec<Call>) -> Vec<Answer> {
    let mut answers = JoinSet::new();
    for Call { client, method, path, seen, body } in calls {
        answers.spawn(async move {
            let mut headers = vec![("content-type", "application/json")];
            headers.extend(seen.as_deref().map(|seen| ("if-match", seen)));
            client.try_send(method, &path, &headers, Some(body.to_string())).await.unwrap()
        });
    }
    answers.join_all().await
}

fn path(post: &Answer, rest: &str) -> String {
    format!("/v1/manage/posts/{}{rest}", post.text("/id"))
}
