//! Work on all posts reaches those that somebody writes to meanwhile, and no others than it is for.

use byline_shared::model::Role;
use byline_shared::publishing;
use byline_shared::store::propagation::{Changed, PropagationJob};
use serde_json::{Value, json};

use super::{edit, path};
use crate::harness::{Answer, App, Client, draft};

async fn read(client: &Client, post: &Answer) -> Answer {
    client.get(&path(post, ""), 200).await
}

/// One page of a worker's list has a hundred posts.
#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_is_changed_between_two_pages_is_still_reached() {
    let app = App::unlimited().await;
    let ada = app.user(Role::Author).await;
    let mut posts = Vec::new();
    for number in 0..=100 {
        let new = json!({ "title": format!("Post {number}"), "body": "x" });
        posts.push(ada.post("/v1/manage/posts", new, 201).await);
    }
    let (first, last) = (&posts[0], &posts[100]);
    let pages = app.byline.observer.hold("worker-propagate", "Query");
    ada.patch("/v1/users/me", json!({ "name": "Ada After" }), 200).await;
    pages.reached().await;
    let second = app.byline.observer.hold("worker-propagate", "Query");
    pages.open();
    second.reached().await;
    for post in [first, last] {
        let post = read(&ada, post).await;
        edit(&ada, &post, json!({ "body": "Changed meanwhile." }), 200).await;
    }
    second.open();
    let is_signed = async |post| read(&ada, post).await.text("/author/name") == "Ada After";
    app.eventually(|| async { is_signed(first).await && is_signed(last).await }).await;
    app.eventually(|| async {
        let listed = ada.get("/v1/manage/posts?limit=100", 200).await;
        let items = listed.json["items"].as_array().unwrap().clone();
        items.iter().all(|post| post["author"]["name"] == "Ada After")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_tag_is_written_into_its_posts_alone() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let create = async |tags: Value| {
        let new = json!({ "title": "A post", "body": "x", "tags": tags });
        editor.post("/v1/manage/posts", new, 201).await
    };
    let tagged = create(json!(["Tides", "Harbours"])).await;
    let trashed = create(json!(["Tides"])).await;
    let others = [create(json!(["Harbours"])).await, create(json!([])).await];
    let headers = [("if-match", trashed.header("etag"))];
    editor.send(http::Method::DELETE, &path(&trashed, ""), &headers, None, 204).await;
    let before = read(&editor, &trashed).await;
    let id = "job_01JD9ZN5V8Q2M4T6W8X0Y2Z4G0".parse().unwrap();
    let job = PropagationJob { id, change: Changed::Tag("tides".parse().unwrap()) };
    publishing::propagate(&app.byline.context, &job).await.unwrap();
    assert_ne!(read(&editor, &tagged).await.json["version"], tagged.json["version"]);
    assert_ne!(read(&editor, &trashed).await.json["version"], before.json["version"]);
    for other in others {
        assert_eq!(read(&editor, &other).await.json, other.json);
    }
}

/// What was approved stays approved, and what would go live with it is not what the person saw.
#[tokio::test(flavor = "multi_thread")]
async fn an_approval_that_does_not_go_live_says_so() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    editor.post("/v1/manage/posts", draft("Has the tag"), 201).await;
    let agent = app.agent(&editor).await;
    let proposal = agent.post("/v1/manage/proposals", draft("Late"), 201).await.text("/id");
    let operation = ("manage-proposals-approve", "TransactWriteItems");
    let approves = app.byline.observer.hold(operation.0, operation.1);
    let sent = editor.approve(&proposal, json!({ "publish": true }), 412);
    let meanwhile = async {
        approves.reached().await;
        let publishes = app.byline.observer.hold(operation.0, operation.1);
        approves.open();
        publishes.reached().await;
        let change = json!({ "name": "Notes of the field" });
        editor.patch("/v1/manage/tags/field-notes", change, 200).await;
        publishes.open();
    };
    let (refused, ()) = tokio::join!(sent, meanwhile);
    refused.is_problem("precondition_failed");
    let detail = refused.text("/detail");
    assert!(detail.contains("The proposal is approved, but it did not go live"), "{detail}");
    let made = editor.get(&format!("/v1/manage/proposals/{proposal}"), 200).await;
    assert_eq!(made.text("/status"), "approved");
    let post = editor.get(&format!("/v1/manage/posts/{}", made.text("/post_id")), 200).await;
    assert_eq!(
        (post.text("/status"), post.json["published_at"].clone()),
        ("draft".into(), Value::Null)
    );
    assert!(detail.contains(&post.text("/revision_id")), "{detail}");
}
