//! Bad input gets a precise answer, and leaves nothing behind.

use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn every_invalid_field_is_named_at_once() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let body = json!({ "title": 5, "slug": "No Slug", "tags": ["ok", 7], "colour": "red" });
    let answer = author.post("/v1/manage/posts", body, 422).await;
    answer.is_problem("invalid_input");
    let expected = [
        ("/body", "required"),
        ("/colour", "unknown_field"),
        ("/slug", "invalid_format"),
        ("/tags/1", "invalid_type"),
        ("/title", "invalid_type"),
    ];
    let expected = expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()));
    assert_eq!(answer.faults(), expected);
    let list = author.get("/v1/manage/posts", 200).await;
    assert_eq!(list.json["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_json_object() {
    let app = App::start().await;
    let json_type = [("content-type", "application/json")];
    for body in ["{", "[1]", "\"text\"", "{\"email\":\"a\",}", "\u{feff}{}", "nul"] {
        let sent = Some(body.to_owned());
        let path = "/v1/auth/login";
        let answer = app.anonymous().send_raw(Method::POST, path, &json_type, sent, 400).await;
        answer.is_problem("malformed_request");
    }
    let deep = "[".repeat(100_000);
    let nested = Some(format!("{{\"email\":{deep}"));
    let path = "/v1/auth/login";
    app.anonymous().send_raw(Method::POST, path, &json_type, nested, 413).await;
    let nested = Some(format!("{{\"email\":{}", "[".repeat(10_000)));
    app.anonymous().send_raw(Method::POST, path, &json_type, nested, 400).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn content_types_that_are_not_json() {
    let app = App::start().await;
    let path = "/v1/auth/login";
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "json", ""] {
        let headers = [("content-type", content_type)];
        let body = Some("{}".to_owned());
        let answer = app.anonymous().send_raw(Method::POST, path, &headers, body, 415).await;
        answer.is_problem("unsupported_media_type");
    }
    let headers = [("content-type", "application/vnd.api+json; charset=utf-8")];
    let body = Some("{}".to_owned());
    app.anonymous().send_raw(Method::POST, path, &headers, body, 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_too_large() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let body = json!({ "title": "Long", "body": "a".repeat(256 * 1024 + 1) });
    author.post("/v1/manage/posts", body, 413).await.is_problem("payload_too_large");
    let body = json!({ "title": "Huge", "body": "a".repeat(7 * 1024 * 1024) });
    author.post("/v1/manage/posts", body, 413).await.is_problem("payload_too_large");
    let body = json!({ "title": "At the limit", "body": "a".repeat(256 * 1024) });
    author.post("/v1/manage/posts", body, 201).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_and_queries() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    for id in ["1", "post_", "post_01JD9ZM5V8Q2M4T6W8X0Y2Z4CU", "%F0%9F%8E%89"] {
        let answer = author.get(&format!("/v1/manage/posts/{id}"), 422).await;
        assert_eq!(answer.faults(), [("/post_id".to_owned(), "invalid_format".to_owned())]);
    }
    let unknown = format!("/v1/manage/posts/{}", byline_shared::examples::POST_ID);
    author.get(&unknown, 404).await.is_problem("not_found");
    for (query, pointer, code) in [
        ("limit=0", "/limit", "too_small"),
        ("limit=101", "/limit", "too_large"),
        ("limit=-1", "/limit", "too_small"),
        ("limit=1e2", "/limit", "invalid_type"),
        ("limit=", "/limit", "invalid_type"),
        ("limit=99999999999999999999", "/limit", "invalid_type"),
        ("page=2", "/page", "unknown_field"),
        ("limit=1&limit=2", "/limit", "repeated"),
        ("tag=", "/tag", "too_short"),
        ("cursor=AAAA", "/cursor", "invalid_cursor"),
    ] {
        let answer = app.anonymous().get(&format!("/v1/posts?{query}"), 422).await;
        assert!(
            answer.faults().contains(&(pointer.to_owned(), code.to_owned())),
            "{query}: {}",
            answer.body
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_and_methods() {
    let app = App::start().await;
    let anyone = app.anonymous();
    for path in ["/v1", "/v1/posts/a/b", "/V1/posts", "//v1", "/v1/posts/a/b/"] {
        anyone.get(path, 404).await.is_problem("not_found");
    }
    for (method, path, allow) in [
        (Method::PUT, "/v1/posts", "GET, HEAD"),
        (Method::DELETE, "/v1/manage/posts", "GET, HEAD, POST"),
        (Method::POST, "/health", "GET, HEAD"),
        (Method::GET, "/mcp", "POST"),
    ] {
        let answer = anyone.send(method, path, &[], None, 405).await;
        answer.is_problem("method_not_allowed");
        assert_eq!(answer.header("allow"), allow, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_missing_or_wrong() {
    let app = App::start().await;
    let me = "/v1/users/me";
    let none = app.anonymous().get(me, 401).await;
    none.is_problem("unauthenticated");
    let metadata = "/.well-known/oauth-protected-resource\"";
    let challenge = none.header("www-authenticate");
    assert!(challenge.starts_with("Bearer resource_metadata=\"http"), "{challenge}");
    assert!(challenge.ends_with(metadata) && !challenge.contains("error"), "{challenge}");
    let good = app.admin().await.token.unwrap();
    let (head, signature) = good.rsplit_once('.').unwrap();
    let mut other = signature.to_owned();
    other.replace_range(0..1, if signature.starts_with('A') { "B" } else { "A" });
    let wrong = [
        "x".to_owned(),
        "a.b.c".to_owned(),
        String::from("eyJhbGciOiJub25lIn0.e30."),
        format!("{head}."),
        format!("{head}.{other}"),
        format!("{good}A"),
        format!("{good}.{good}"),
        "a".repeat(5000),
    ];
    for token in wrong {
        let answer = app.with_token(&token).get(me, 401).await;
        answer.is_problem("unauthenticated");
        assert!(answer.header("www-authenticate").contains("invalid_token"), "{token}");
    }
    for scheme in ["Basic YTpi", "Bearer", ""] {
        let headers = [("authorization", scheme)];
        app.anonymous().send(Method::GET, me, &headers, None, 401).await;
    }
    app.with_token(&good).get(me, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_down_is_503_and_says_when_to_come_back() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    app.byline.stop_database();
    let list = app.anonymous().get("/v1/posts", 503).await;
    list.is_problem("unavailable");
    assert_eq!(list.header("retry-after"), "2");
    assert_eq!(list.header("cache-control"), "no-store");
    author.post("/v1/manage/posts", draft("Lost"), 503).await.is_problem("unavailable");
    app.anonymous().get("/health", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn control_characters_do_not_get_into_a_post() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    for text in ["a\0b", "a\u{1b}[2J", "a\u{7f}"] {
        let body = json!({ "title": "T", "body": text, "excerpt": text });
        let answer = author.post("/v1/manage/posts", body, 422).await;
        let pointers: Vec<_> = answer.faults().into_iter().map(|(pointer, _)| pointer).collect();
        assert_eq!(pointers, ["/body", "/excerpt"], "{text:?}");
    }
    let body = json!({ "title": "T", "body": "a\tb\r\nc\n" });
    author.post("/v1/manage/posts", body, 201).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_on_get_means_nothing() {
    let app = App::start().await;
    let headers = [("content-type", "text/plain")];
    for body in ["x".to_owned(), "x".repeat(70 * 1024)] {
        for path in ["/health", "/v1/posts", "/docs"] {
            let body = Some(body.clone());
            app.anonymous().send_raw(Method::GET, path, &headers, body, 200).await;
        }
    }
    let path = "/v1/posts?tag=%ff";
    app.anonymous().get(path, 422).await.is_problem("invalid_input");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_have_one_spelling() {
    let app = App::start().await;
    for email in [
        "Foo <victim@example.com>",
        "\"a b\"@example.com",
        "a@[127.0.0.1]",
        "a@b@example.com",
        "a b@example.com",
        "a@example.com\n",
        "@example.com",
        "a",
    ] {
        let body = json!({ "email": email, "name": "N" });
        let answer = app.anonymous().post("/v1/auth/register", body, 422).await;
        let expected = [("/email".to_owned(), "invalid_format".to_owned())];
        assert_eq!(answer.faults(), expected, "{email}: one fault for one field");
    }
    let long = format!("{}@example.com", "a".repeat(300));
    let body = json!({ "email": long, "name": "N" });
    let answer = app.anonymous().post("/v1/auth/register", body, 422).await;
    assert_eq!(answer.faults(), [("/email".to_owned(), "too_long".to_owned())]);
    let body = json!({ "email": "a.b+c'd@mail.example.com", "name": "N" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_faults_is_answered_in_short() {
    let app = App::start().await;
    let unknown: serde_json::Map<String, serde_json::Value> =
        (0..2_000).map(|number| (format!("field{number}"), json!(1))).collect();
    let answer = app.anonymous().post("/v1/auth/login", unknown.into(), 422).await;
    assert_eq!(answer.faults().len(), 100);
    let long = json!({ "x".repeat(10_000): 1 });
    let answer = app.anonymous().post("/v1/auth/login", long, 422).await;
    assert!(answer.body.len() < 2_000, "{}", answer.body.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_would_take_for_ever_is_not_rendered() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    for (number, body) in [">".repeat(60_000), "<div>".repeat(50_000)].into_iter().enumerate() {
        let new = json!({ "title": format!("Bomb {number}"), "body": body });
        let post = editor.post("/v1/manage/posts", new, 201).await;
        let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
        let revision = json!({ "revision_id": post.text("/revision_id") });
        let answer = editor.post(&path, revision, 422).await;
        let fault = ("/revision_id".to_owned(), "too_complex".to_owned());
        assert_eq!(answer.faults(), [fault]);
    }
}
