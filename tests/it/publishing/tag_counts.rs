//! Tags that change while their posts still stand under what they were before.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{Call, all, at_once, edit, path, publish, settle};
use crate::harness::{Answer, App, Client, draft, tier};

async fn live_post(editor: &Client, title: &str, tags: Value) -> Answer {
    let mut new = draft(title);
    new["tags"] = tags;
    let post = editor.post("/v1/manage/posts", new, 201).await;
    publish(editor, &post, 200).await
}

async fn rename(editor: &Client, tag: &str, to: &str) {
    editor.patch(&format!("/v1/manage/tags/{tag}"), json!({ "slug": to }), 200).await;
}

/// The count of a tag is that of the posts in its list.
async fn count(app: &App, tag: &str) -> usize {
    let listed = all(&app.anonymous(), &format!("/v1/posts?tag={tag}")).await;
    // Readers see the tags of published posts alone.
    let status = if listed.is_empty() { 404 } else { 200 };
    let shown = app.anonymous().get(&format!("/v1/tags/{tag}"), status).await;
    if status == 200 {
        assert_eq!(shown.json["post_count"], listed.len(), "{}", shown.body);
    }
    listed.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_is_renamed_and_renamed_back_keeps_its_posts() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let mut posts = Vec::new();
    for number in 0..3 {
        let post = live_post(&editor, &format!("Post {number}"), json!(["Alpha"])).await;
        posts.push(post.text("/id"));
    }
    for _ in 0..3 {
        rename(&editor, "alpha", "beta").await;
        rename(&editor, "beta", "alpha").await;
    }
    settle(&app, 6).await;
    assert_eq!(count(&app, "alpha").await, 3);
    for (left, id) in (0..3).rev().zip(posts) {
        editor.post(&format!("/v1/manage/posts/{id}/unpublish"), json!({}), 200).await;
        assert_eq!(count(&app, "alpha").await, left);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_is_removed_and_made_again_counts_its_posts() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    for round in 1..=tier().pick(2, 5) {
        let post = live_post(&editor, "Post", json!(["Alpha"])).await;
        editor.delete("/v1/manage/tags/alpha", 204).await;
        editor.post("/v1/manage/tags", json!({ "name": "Alpha" }), 201).await;
        settle(&app, round).await;
        let left = count(&app, "alpha").await;
        let path = format!("/v1/manage/posts/{}/unpublish", post.text("/id"));
        editor.post(&path, json!({}), 200).await;
        assert_eq!(count(&app, "alpha").await, left.saturating_sub(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_led_to_a_removed_tag_is_a_tag_again_where_a_draft_names_it() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    editor.post("/v1/manage/tags", json!({ "name": "Alpha" }), 201).await;
    rename(&editor, "alpha", "beta").await;
    editor.delete("/v1/manage/tags/beta", 204).await;
    live_post(&editor, "Post", json!(["Alpha"])).await;
    assert_eq!(count(&app, "alpha").await, 1);
    app.anonymous().get("/v1/tags/beta", 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_the_text_does_not_bring_a_removed_tag_back() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    for round in 0..tier().pick(5, 20) {
        let name = format!("Tag {round}");
        let post = live_post(&editor, &format!("Post {round}"), json!([name])).await;
        let path = format!("/v1/manage/tags/tag-{round}");
        editor.delete(&path, 204).await;
        // Before or after the removal has come to the post.
        let path = format!("/v1/manage/posts/{}", post.text("/id"));
        let headers = [("if-match", post.header("etag")), ("content-type", "application/json")];
        let body = json!({ "body": "Changed." }).to_string();
        editor.try_send(Method::PATCH, &path, &headers, Some(body)).await.unwrap();
        settle(&app, round + 1).await;
        let post = editor.get(&path, 200).await;
        assert_eq!(post.json["tags"], json!([]), "{}", post.body);
    }
    assert_eq!(all(&editor, "/v1/manage/tags").await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_in_the_trash_follows_its_tags() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let mut new = draft("Post");
    new["tags"] = json!(["Alpha", "Beta"]);
    let post = editor.post("/v1/manage/posts", new, 201).await;
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    editor.send(Method::DELETE, &path, &[("if-match", post.header("etag"))], None, 204).await;
    rename(&editor, "alpha", "gamma").await;
    editor.delete("/v1/manage/tags/beta", 204).await;
    settle(&app, 2).await;
    let restored = editor.post(&format!("{path}/restore"), json!({}), 200).await;
    assert_eq!(restored.json["tags"], json!([{ "slug": "gamma", "name": "Alpha" }]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_carries_the_tags_of_the_post_by_whatever_name() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let post = live_post(&editor, "Post", json!(["Alpha"])).await;
    editor.patch("/v1/manage/tags/alpha", json!({ "name": "Another name" }), 200).await;
    settle(&app, 1).await;
    let path = format!("/v1/manage/posts/{}/duplicate", post.text("/id"));
    let copy = editor.post(&path, json!({}), 201).await;
    assert_eq!(copy.json["tags"], json!([{ "slug": "alpha", "name": "Another name" }]));
    edit(&editor, &copy, json!({ "title": "Copy" }), 200).await;
    assert_eq!(all(&editor, "/v1/manage/tags").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_is_renamed_while_its_posts_go_live_is_on_all_of_them() {
    let app = App::unlimited().await;
    let (editor, reader) = (app.user(Role::Editor).await, app.anonymous());
    let mut posts = Vec::new();
    for number in 0..16 {
        let mut new = draft(&format!("Post {number}"));
        new["tags"] = json!(["Tag 0", "Other"]);
        posts.push(editor.post("/v1/manage/posts", new, 201).await);
    }
    for round in 1..=tier().pick(3, 6) {
        let mut calls = vec![Call {
            client: editor.clone(),
            method: Method::PATCH,
            path: format!("/v1/manage/tags/tag-{}", round - 1),
            seen: None,
            body: json!({ "name": format!("Tag {round}"), "slug": format!("tag-{round}") }),
        }];
        for (number, post) in posts.iter().enumerate() {
            let body = json!({ "revision_id": post.text("/revision_id") });
            let (to, body) = match (number + round) % 4 {
                0 => ("/unpublish", json!({})),
                _ => ("/publish", body),
            };
            calls.push(Call::post(&editor, path(post, to), body));
        }
        let middle = calls.len() / 2;
        calls.swap(0, middle);
        let answers = at_once(calls).await;
        let refused: Vec<&Answer> = answers.iter().filter(|answer| answer.status != 200).collect();
        assert!(refused.is_empty(), "{refused:?}");
        settle(&app, u64::try_from(round).unwrap()).await;
        let live = all(&reader, "/v1/posts").await;
        assert_eq!(live.len(), 12);
        let expected = json!([
            { "slug": format!("tag-{round}"), "name": format!("Tag {round}") },
            { "slug": "other", "name": "Other" },
        ]);
        for post in &live {
            assert_eq!(post["tags"], expected, "round {round}");
        }
        for tag in [format!("tag-{round}"), "other".to_owned()] {
            let shown = reader.get(&format!("/v1/tags/{tag}"), 200).await;
            assert_eq!(shown.json["post_count"], 12, "round {round}: {}", shown.body);
            assert_eq!(all(&reader, &format!("/v1/posts?tag={tag}")).await.len(), 12);
        }
        let old = reader.get(&format!("/v1/posts?tag=tag-{}", round - 1), 301).await;
        assert!(old.header("location").contains(&format!("tag=tag-{round}")));
        for post in &posts {
            let head = editor.get(&path(post, ""), 200).await;
            assert_eq!(head.json["tags"], expected, "round {round}");
        }
    }
}
