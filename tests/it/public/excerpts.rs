//! The excerpt that readers get of a text whose author wrote none.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{publish, published};
use crate::harness::App;

const BODY: &str =
    "# Heading\n\nThe *first* paragraph[^1].\n\n```\ncode\n```\n\nThe second.\n\n[^1]: Note.\n";
const MADE: &str = "The first paragraph. The second.";

#[tokio::test(flavor = "multi_thread")]
async fn readers_get_the_beginning_of_the_text_everywhere() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let new = json!({ "title": "Made", "body": BODY });
    let post = published(&editor, new).await;
    assert_eq!(post.json["excerpt"], "", "the author's own stays empty");
    let reader = app.anonymous();
    let read = reader.get("/v1/posts/made", 200).await;
    let list = reader.get("/v1/posts", 200).await;
    for shown in [&read.json, &list.json["items"][0]] {
        assert_eq!((&shown["excerpt"], &shown["excerpt_source"]), (&json!(MADE), &json!("text")));
    }
    let feed = reader.get("/feed.json", 200).await;
    assert_eq!(feed.json["items"][0]["summary"], MADE);
    assert!(reader.get("/feed.xml", 200).await.body.contains(&format!("{MADE}</summary>")));
    assert!(reader.get("/llms.txt", 200).await.body.contains(&format!(": {MADE}\n")));

    let seen = [("if-match", post.header("etag"))];
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let own = Some(json!({ "excerpt": "Mine." }));
    let edited = editor.send(Method::PATCH, &path, &seen, own, 200).await;
    publish(&editor, &edited).await;
    let read = reader.get("/v1/posts/made", 200).await;
    assert_eq!(
        (&read.json["excerpt"], &read.json["excerpt_source"]),
        (&json!("Mine."), &json!("author"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_without_paragraphs_has_an_empty_one() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    published(&editor, json!({ "title": "Code", "body": "```\ncode\n```\n" })).await;
    let read = app.anonymous().get("/v1/posts/code", 200).await;
    assert_eq!((&read.json["excerpt"], &read.json["excerpt_source"]), (&json!(""), &json!("text")));
    let feed = app.anonymous().get("/feed.json", 200).await;
    assert_eq!(feed.json["items"][0]["summary"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_shows_it_where_it_would_become_visible() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let new = json!({ "title": "Made", "body": BODY });
    let post = editor.post("/v1/manage/posts", new, 201).await;
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let review = format!("{path}/review?revision_id=");
    let shown = editor.get(&format!("{review}{}", post.text("/revision_id")), 200).await;
    assert_eq!(shown.json["made_excerpt"], MADE);
    // What is not shown is nowhere in it.
    let hidden = json!({ "body": "<p hidden>Seen.</p>\n\n<script>a()</script>\n\n<!-- no -->\n" });
    let seen = [("if-match", post.header("etag"))];
    let edited = editor.send(Method::PATCH, &path, &seen, Some(hidden), 200).await;
    let shown = editor.get(&format!("{review}{}", edited.text("/revision_id")), 200).await;
    assert_eq!(shown.json["made_excerpt"], "Seen.");
    let own = Some(json!({ "excerpt": "Mine." }));
    let seen = [("if-match", edited.header("etag"))];
    let edited = editor.send(Method::PATCH, &path, &seen, own, 200).await;
    let shown = editor.get(&format!("{review}{}", edited.text("/revision_id")), 200).await;
    assert_eq!(shown.json["made_excerpt"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_tag_leaves_it_as_it_was() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    published(&editor, json!({ "title": "Made", "body": BODY, "tags": ["Alpha"] })).await;
    editor.patch("/v1/manage/tags/alpha", json!({ "name": "Beta", "slug": "beta" }), 200).await;
    let reader = app.anonymous();
    app.eventually(|| async {
        let read = reader.get("/v1/posts/made", 200).await;
        read.json["tags"][0]["slug"] == "beta"
    })
    .await;
    let read = reader.get("/v1/posts/made", 200).await;
    assert_eq!(
        (&read.json["excerpt"], &read.json["excerpt_source"]),
        (&json!(MADE), &json!("text"))
    );
}
