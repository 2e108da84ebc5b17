//! The picture that stands for a post.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{gif, published};
use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_is_shown_and_cannot_be_deleted_unnoticed() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let picture = published(&editor).await;
    let (id, path) = (picture.text("/id"), format!("/v1/manage/media/{}", picture.text("/id")));
    editor.patch(&path, json!({ "alt": "One pixel" }), 200).await;
    let mut with_cover = draft("With a cover");
    with_cover["cover"] = id.clone().into();
    let post = editor.post("/v1/manage/posts", with_cover, 201).await;
    assert_eq!(post.text("/cover"), id);
    let publish = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    let revision = json!({ "revision_id": post.text("/revision_id") });
    editor.post(&publish, revision.clone(), 200).await;
    let cover = json!({ "url": picture.text("/url"), "width": 1, "height": 1, "alt": "One pixel" });
    let read = app.anonymous().get("/v1/posts/with-a-cover", 200).await;
    assert_eq!(read.json["cover"], cover);
    let list = app.anonymous().get("/v1/posts", 200).await;
    assert_eq!(list.json["items"][0]["cover"], cover);
    let feed = app.anonymous().get("/feed.json", 200).await;
    assert_eq!(feed.json["items"][0]["image"], picture.json["url"]);

    // The draft lets it go; what is live still shows it.
    let post_path = format!("/v1/manage/posts/{}", post.text("/id"));
    let none = Some(json!({ "cover": null }));
    let edited = editor.send(Method::PATCH, &post_path, &[("if-match", "\"v2\"")], none, 200).await;
    assert_eq!(edited.json["cover"], Value::Null);
    editor.delete(&path, 409).await.is_problem("media_in_use");
    editor.delete(&format!("{path}?force=true"), 204).await;
    // Published again without the file, the post has no cover.
    let live = editor.post(&publish, revision, 200).await;
    let read = app.anonymous().get("/v1/posts/with-a-cover", 200).await;
    assert_eq!(read.json["cover"], Value::Null);
    // Nor does it keep the older text from coming back.
    let restore = format!("{post_path}/revisions/{}/restore", post.text("/revision_id"));
    let seen = [("if-match", live.header("etag"))];
    let restored = editor.send(Method::POST, &restore, &seen, None, 200).await;
    assert_eq!(
        (restored.text("/body"), &restored.json["cover"]),
        (post.text("/body"), &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_is_a_picture_that_is_there() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let waiting = author.post("/v1/manage/media", gif(), 201).await;
    for id in [waiting.text("/media/id"), "media_01JD9ZP7V8Q2M4T6W8X0Y2Z4J2".to_owned()] {
        let mut post = draft("Without");
        post["cover"] = id.into();
        let refused = author.post("/v1/manage/posts", post, 422).await;
        assert_eq!(refused.faults(), [("/cover".to_owned(), "not_found".to_owned())]);
    }
}
