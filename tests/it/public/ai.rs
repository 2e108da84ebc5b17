//! What readers are told of the part that agents had in a post.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{page, publish, published, seed};
use crate::harness::{Answer, App, Client, draft};

async fn ai(app: &App, slug: &str) -> Value {
    app.anonymous().get(&format!("/v1/posts/{slug}"), 200).await.json["ai"].clone()
}

/// Nobody but a person.
fn none(reviewed: bool) -> Value {
    json!({ "assisted": false, "agents": [], "reviewed_by_person": reviewed })
}

fn by_client(reviewed: bool) -> Value {
    let client = json!({ "kind": "mcp_client", "model": null });
    json!({ "assisted": true, "agents": [client], "reviewed_by_person": reviewed })
}

fn not_known() -> Value {
    json!({ "assisted": null, "agents": [], "reviewed_by_person": true })
}

/// A call of a tool, as a client that says a name and a model.
async fn tool(agent: &Client, name: &str, arguments: Value) -> Value {
    let params = json!({
        "name": name,
        "arguments": arguments,
        "_meta": { "byline.dev/model": "planted-model" },
    });
    let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
    let answer = agent.post("/mcp", call, 200).await;
    assert_eq!(answer.json["result"]["isError"], false, "{}", answer.body);
    answer.json["result"]["structuredContent"].clone()
}

async fn change(client: &Client, post: &Answer, body: Value) -> Answer {
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let etag = [("if-match", post.header("etag"))];
    client.send(Method::PATCH, &path, &etag, Some(body), 200).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_text_is_a_persons() {
    let app = App::unlimited().await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let post = published(&editor, draft("Own")).await;
    assert_eq!(ai(&app, "own").await, none(true));
    let post = change(&editor, &post, json!({ "body": "Again.\n" })).await;
    publish(&editor, &post).await;
    assert_eq!(ai(&app, "own").await, none(true));
    let draft = author.post("/v1/manage/posts", draft("Handed in"), 201).await;
    publish(&editor, &draft).await;
    assert_eq!(ai(&app, "handed-in").await, none(true));
    // It is no field that anybody sets.
    let typed = json!({ "title": "Typed", "body": "x", "ai": { "assisted": false } });
    editor.post("/v1/manage/posts", typed, 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_agent_wrote_stays_known_after_a_person_changed_it() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = app.agent(&editor).await;
    let made = tool(&agent, "post_create_draft", json!({ "title": "Made", "body": "Text." })).await;
    let id = made["post_id"].as_str().or(made["id"].as_str()).unwrap().to_owned();
    let post = editor.get(&format!("/v1/manage/posts/{id}"), 200).await;
    let post = publish(&editor, &post).await;
    assert_eq!(ai(&app, "made").await, by_client(true));
    let post = change(&editor, &post, json!({ "title": "Mine", "body": "All new.\n" })).await;
    assert_eq!(ai(&app, "made").await, by_client(true));
    publish(&editor, &post).await;
    assert_eq!(ai(&app, "made").await, by_client(true));
    let read = app.anonymous().get("/v1/posts/made", 200).await;
    assert!(!read.body.contains("planted"));
    // A copy begins anew, and nobody calls it a person's.
    let copy = editor.post(&format!("/v1/manage/posts/{id}/duplicate"), json!({}), 201).await;
    publish(&editor, &copy).await;
    assert_eq!(ai(&app, &copy.text("/slug")).await, not_known());
    let own = published(&editor, draft("Own")).await;
    let path = format!("/v1/manage/posts/{}/duplicate", own.text("/id"));
    let copy = editor.post(&path, json!({}), 201).await;
    publish(&editor, &copy).await;
    assert_eq!(ai(&app, &copy.text("/slug")).await, none(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_is_a_review_and_an_agent_that_publishes_is_none() {
    let app = App::unlimited().await;
    let (admin, editor) = (app.admin().await, app.user(Role::Editor).await);
    let agent = app.agent(&editor).await;
    // With an API key a script works as well as an agent.
    let proposal = agent.post("/v1/manage/proposals", draft("Proposed"), 201).await;
    let approved = editor.approve(&proposal.text("/id"), json!({}), 200).await;
    publish(&agent, &approved).await;
    assert_eq!(ai(&app, "proposed").await, not_known());
    admin.patch("/v1/admin/settings", json!({ "agent_publishing": "allowed" }), 200).await;
    published(&agent, draft("Unseen")).await;
    let unseen = json!({ "assisted": null, "agents": [], "reviewed_by_person": false });
    assert_eq!(ai(&app, "unseen").await, unseen);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_from_before_says_nothing() {
    let app = App::start().await;
    let mut old = page("Old", "2026-03-01T00:00:00Z");
    old.ai = None;
    seed(&app, &old).await;
    assert_eq!(ai(&app, old.summary.slug.as_str()).await, Value::Null);
}
