//! A post as JSON or as Markdown, as the client prefers.

use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use super::{publish, published};
use crate::harness::{Answer, App, Client};

const POST: &str = "/v1/posts/two-forms";

async fn get(reader: &Client, accept: &str) -> Answer {
    reader.send(Method::GET, POST, &[("accept", accept)], None, 200).await
}

/// What the answer depends on. It is one line: API Gateway takes no second.
fn varies(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.headers.get_all("vary").iter().count(), 1);
    let names = answer.header("vary").split(',');
    names.map(|name| name.trim().to_lowercase()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_prefers_markdown_gets_the_file() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let new = json!({ "title": "Two *forms*", "slug": "two-forms", "body": "# A\n\n*Text*.\n" });
    published(&editor, new).await;
    let reader = app.anonymous();
    let file = reader.get("/posts/two-forms.md", 200).await;
    assert_eq!(file.body, "# Two \\*forms\\*\n\n# A\n\n*Text*.\n");
    let json = reader.get(POST, 200).await;
    for accept in
        ["text/markdown", "text/markdown, text/html, */*", "application/json;q=0.4, text/*"]
    {
        let markdown = get(&reader, accept).await;
        assert_eq!(markdown.header("content-type"), "text/markdown; charset=utf-8", "{accept}");
        assert_eq!((&markdown.body, markdown.header("etag")), (&file.body, file.header("etag")));
        assert_eq!(markdown.header("cache-control"), json.header("cache-control"));
        assert!(varies(&markdown).contains(&"accept".to_owned()));
    }
    for accept in ["*/*", "application/json", "text/html", "text/markdown;q=0.5, */*", "image/png"]
    {
        let answer = get(&reader, accept).await;
        assert_eq!(answer.header("content-type"), "application/json", "{accept}");
        assert_eq!((&answer.body, answer.header("etag")), (&json.body, json.header("etag")));
        assert!(varies(&answer).contains(&"accept".to_owned()));
    }
    assert!(varies(&json).contains(&"origin".to_owned()));
    // What else was asked for is said of the JSON.
    let path = format!("{POST}?format=html&include=adjacent,author,json_ld");
    let accept = [("accept", "text/markdown")];
    let markdown = reader.send(Method::GET, &path, &accept, None, 200).await;
    assert_eq!(markdown.body, file.body);
    let path = format!("{POST}?format=pdf");
    reader.send(Method::GET, &path, &accept, None, 422).await.is_problem("invalid_input");
    reader.send(Method::GET, "/v1/posts/nowhere", &accept, None, 404).await.is_problem("not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_form_has_its_own_validator_and_head() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    published(&editor, json!({ "title": "Two forms", "body": "Text.\n" })).await;
    let reader = app.anonymous();
    let forms = ["application/json", "text/markdown"];
    let (json, markdown) = (get(&reader, forms[0]).await, get(&reader, forms[1]).await);
    assert_ne!(json.header("etag"), markdown.header("etag"));
    for (accept, own, other) in [(forms[0], &json, &markdown), (forms[1], &markdown, &json)] {
        let seen = [("accept", accept), ("if-none-match", own.header("etag"))];
        let unchanged = reader.send(Method::GET, POST, &seen, None, 304).await;
        assert_eq!((unchanged.body.as_str(), unchanged.header("etag")), ("", own.header("etag")));
        assert!(varies(&unchanged).contains(&"accept".to_owned()));
        let seen = [("accept", accept), ("if-none-match", other.header("etag"))];
        assert_eq!(reader.send(Method::GET, POST, &seen, None, 200).await.body, own.body);
        let head = reader.send(Method::HEAD, POST, &[("accept", accept)], None, 200).await;
        assert_eq!(head.body, "");
        for header in ["content-type", "etag", "cache-control"] {
            assert_eq!(head.header(header), own.header(header), "{accept} {header}");
        }
        assert_eq!(head.header("content-length"), own.body.len().to_string());
        assert!(varies(&head).contains(&"accept".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn markdown_takes_one_call_and_follows_a_new_slug() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let post = published(&editor, json!({ "title": "Two forms", "body": "Text.\n" })).await;
    let reader = app.anonymous();
    let before = app.byline.observer.calls("posts-read");
    get(&reader, "text/markdown").await;
    assert_eq!(app.byline.observer.calls("posts-read") - before, 1);
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let etag = [("if-match", post.header("etag"))];
    let moved =
        editor.send(Method::PATCH, &path, &etag, Some(json!({ "slug": "moved" })), 200).await;
    publish(&editor, &moved).await;
    let moved = reader.send(Method::GET, POST, &[("accept", "text/markdown")], None, 301).await;
    assert_eq!((moved.header("location"), moved.body.as_str()), ("/v1/posts/moved", ""));
}
