//! The names that posts go by: slugs, tags and authors.

use http::Method;
use serde_json::{Value, json};

use super::{Stage, all_but, path};
use crate::public::publish;

#[tokio::test(flavor = "multi_thread")]
async fn an_old_slug_leads_to_the_post_while_it_is_live_and_to_no_other() {
    let stage = Stage::new().await;
    let post = stage.live().await;
    let edited = stage.edit(&post, json!({ "slug": "quagga" })).await;
    publish(&stage.editor, &edited).await;
    let reader = stage.app.anonymous();
    reader.get("/v1/posts/zebra", 301).await;
    let taken = json!({ "title": "Another", "body": "Text.", "slug": "zebra" });
    stage.editor.post("/v1/manage/posts", taken, 409).await.is_problem("slug_taken");
    stage.editor.post(&path(&post, "/unpublish"), json!({}), 200).await;
    for slug in ["zebra", "quagga"] {
        let answer = reader.try_send(Method::GET, &format!("/v1/posts/{slug}"), &[], None).await;
        assert_ne!(answer.unwrap().status, 200, "{slug}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_revision_does_not_take_the_page_of_another_post() {
    let stage = Stage::new().await;
    let first = stage.draft().await;
    let renamed = stage.edit(&first, json!({ "slug": "renamed" })).await;
    let other = json!({ "title": "Quagga", "slug": "zebra", "body": "Another post." });
    let other = stage.editor.post("/v1/manage/posts", other, 201).await;
    publish(&stage.editor, &other).await;
    let old = json!({ "revision_id": first.json["revision_id"] });
    let refused = stage.editor.post(&path(&first, "/publish"), old, 409).await;
    refused.is_problem("slug_taken");
    // Nor by a schedule, which is dropped.
    stage.schedule(&first).await;
    stage.a_minute_later().await;
    let read = stage.app.anonymous().get("/v1/posts/zebra", 200).await;
    assert_eq!(read.json["id"], other.json["id"]);
    let after = stage.editor.get(&path(&first, ""), 200).await;
    assert_eq!((&after.json["schedule"], &after.json["status"]), (&Value::Null, &json!("draft")));
    // The revision that has a slug of its own goes live.
    publish(&stage.editor, &renamed).await;
    stage.app.anonymous().get("/v1/posts/renamed", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_tag_is_shown_by_its_new_name_and_slug() {
    let stage = Stage::new().await;
    stage.live().await;
    let change = json!({ "name": "Beasts", "slug": "beasts" });
    stage.editor.patch("/v1/manage/tags/animals", change, 200).await;
    stage.until("/v1/posts/zebra", "Beasts").await;
    let reader = stage.app.anonymous();
    let moved = reader.get("/v1/tags/animals", 301).await;
    assert_eq!(moved.header("location"), "/v1/tags/beasts");
    assert_eq!(reader.get("/v1/tags/beasts", 200).await.json["post_count"], 1);
    for path in ["/v1/posts/zebra", "/v1/posts?tag=beasts", "/v1/tags", "/feed.json", "/feed.xml"] {
        let body = reader.get(path, 200).await.body;
        assert!(body.contains("Beasts") && !body.contains("Animals"), "{path}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_posts_of_a_merged_tag_are_shown_under_the_other() {
    let stage = Stage::new().await;
    stage.live().await;
    stage.editor.post("/v1/manage/tags", json!({ "name": "Beasts" }), 201).await;
    let into = json!({ "into": "beasts" });
    stage.editor.post("/v1/manage/tags/animals/merge", into, 200).await;
    stage.until("/v1/posts/zebra", "Beasts").await;
    let reader = stage.app.anonymous();
    reader.get("/v1/posts?tag=animals", 301).await;
    assert_eq!(reader.get("/v1/posts?tag=beasts", 200).await.text("/items/0/slug"), "zebra");
    assert_eq!(reader.get("/v1/tags/beasts", 200).await.json["post_count"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_tag_is_shown_nowhere_and_its_posts_stay() {
    let stage = Stage::new().await;
    stage.live().await;
    stage.editor.delete("/v1/manage/tags/animals", 204).await;
    let reader = stage.app.anonymous();
    stage
        .app
        .eventually(|| async { !reader.get("/v1/posts/zebra", 200).await.body.contains("Animals") })
        .await;
    reader.get("/v1/tags/animals", 404).await;
    for path in ["/v1/posts", "/v1/tags", "/feed.json", "/feed.xml"] {
        let body = reader.get(path, 200).await.body;
        assert!(!body.contains("Animals"), "{path}: {body}");
    }
    assert_eq!(stage.zebra().await, all_but(&["its tag"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_is_shown_by_the_name_that_they_have_now() {
    let stage = Stage::new().await;
    stage.live().await;
    let old = stage.editor.get("/v1/users/me", 200).await.text("/name");
    stage.editor.patch("/v1/users/me", json!({ "name": "Nellie Bly" }), 200).await;
    stage.until("/v1/posts/zebra", "Nellie Bly").await;
    let reader = stage.app.anonymous();
    stage.until("/v1/authors", "Nellie Bly").await;
    for path in ["/v1/posts/zebra", "/v1/posts", "/v1/authors", "/feed.json", "/feed.xml"] {
        let body = reader.get(path, 200).await.body;
        assert!(body.contains("Nellie Bly") && !body.contains(&old), "{path}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_of_a_deleted_account_is_shown_nowhere() {
    let stage = Stage::new().await;
    let new = json!({ "title": "Zebra", "slug": "zebra", "body": "Stripes." });
    let post = stage.editor.post("/v1/manage/posts", new, 201).await;
    publish(&stage.editor, &post).await;
    let name = stage.editor.get("/v1/users/me", 200).await.text("/name");
    let reader = stage.app.anonymous();
    assert!(reader.get("/v1/posts/zebra", 200).await.body.contains(&name));
    stage.editor.delete("/v1/users/me", 204).await;
    stage
        .app
        .eventually(|| async { !reader.get("/v1/posts/zebra", 200).await.body.contains(&name) })
        .await;
    for path in ["/v1/posts/zebra", "/v1/posts", "/v1/authors", "/feed.json", "/feed.xml"] {
        let answer = reader.try_send(Method::GET, path, &[], None).await.unwrap();
        assert!(!answer.body.contains(&name), "{path}: {}", answer.body);
    }
    assert_eq!(reader.get("/v1/posts/zebra", 200).await.json["body"], "Stripes.");
}
