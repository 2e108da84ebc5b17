//! What every answer carries, and what caches and browsers are told.

use byline_shared::http::Request;
use byline_shared::http::Response;
use byline_shared::model::Role;
use byline_shared::prelude::*;
use http::Method;
use serde_json::json;

use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn security_headers_are_on_every_answer() {
    let app = App::start().await;
    let anyone = app.anonymous();
    let answers = [
        anyone.get("/health", 200).await,
        anyone.get("/docs", 200).await,
        anyone.get("/v1/posts", 200).await,
        anyone.get("/v1/users/me", 401).await,
        anyone.get("/nowhere", 404).await,
        anyone.post("/v1/auth/login", json!({}), 422).await,
    ];
    for answer in answers {
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert!(answer.header("strict-transport-security").starts_with("max-age=63072000"));
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!answer.header("x-request-id").is_empty());
        let cached = answer.status == 200 && !answer.body.contains("\"ok\"");
        let cache = answer.header("cache-control");
        assert_eq!(cache.starts_with("public"), cached, "{}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn listed_origins_may_call_and_others_may_not() {
    let app = App::start().await;
    let anyone = app.anonymous();
    let preflight = |origin: &'static str, path: &'static str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "PATCH"),
            ("access-control-request-headers", "authorization,if-match,content-type"),
        ];
        let anyone = anyone.clone();
        async move { anyone.send(Method::OPTIONS, path, &headers, None, 200).await }
    };
    let path = "/v1/manage/posts/post_01JD9ZM5V8Q2M4T6W8X0Y2Z4C0";
    let allowed = preflight("http://localhost:3000", path).await;
    assert_eq!(allowed.header("access-control-allow-origin"), "http://localhost:3000");
    assert!(allowed.header("access-control-allow-methods").contains("PATCH"));
    for header in ["authorization", "if-match", "content-type"] {
        assert!(allowed.header("access-control-allow-headers").contains(header));
    }
    assert_eq!(allowed.header("access-control-max-age"), "7200");
    for origin in ["https://evil.example", "http://localhost:3001", "null"] {
        let refused = preflight(origin, path).await;
        assert!(!refused.headers.contains_key("access-control-allow-origin"), "{origin}");
    }
    let headers = [("origin", "http://localhost:5173")];
    let read = anyone.send(Method::GET, "/v1/posts", &headers, None, 200).await;
    assert_eq!(read.header("access-control-allow-origin"), "http://localhost:5173");
    assert!(read.header("vary").contains("origin"));
    assert!(read.header("access-control-expose-headers").contains("etag"));
    assert!(!read.headers.contains_key("access-control-allow-credentials"));
    // Errors too, or a page could not read them.
    let failed = anyone.send(Method::GET, "/v1/users/me", &headers, None, 401).await;
    assert_eq!(failed.header("access-control-allow-origin"), "http://localhost:5173");
}

#[tokio::test(flavor = "multi_thread")]
async fn public_answers_are_validated_with_304() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let post = editor.post("/v1/manage/posts", draft("Cached"), 201).await;
    let revision = json!({ "revision_id": post.text("/revision_id") });
    let publish = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    editor.post(&publish, revision, 200).await;
    for path in ["/v1/posts/cached", "/v1/posts", "/openapi.json", "/docs"] {
        let first = app.anonymous().get(path, 200).await;
        let etag = first.header("etag").to_owned();
        for value in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".to_owned()] {
            let headers = [("if-none-match", value.as_str())];
            let again = app.anonymous().send(Method::GET, path, &headers, None, 304).await;
            assert_eq!(again.body, "");
            assert_eq!(again.header("etag"), etag);
            assert_eq!(again.header("cache-control"), first.header("cache-control"));
        }
        let headers = [("if-none-match", "\"other\"")];
        app.anonymous().send(Method::GET, path, &headers, None, 200).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_works_without_anything_from_outside() {
    let app = App::start().await;
    let page = app.anonymous().get("/docs", 200).await;
    assert!(page.header("content-type").starts_with("text/html"));
    for outside in ["src=", "href=\"http", "@import", "url("] {
        assert!(!page.body.contains(outside), "{outside}");
    }
    let api = app.anonymous().get("/openapi.json", 200).await;
    assert_eq!(api.json["openapi"], "3.1.1");
    for operation in byline_local::operations().iter().filter(|operation| operation.described) {
        assert!(page.body.contains(&format!("id=\"{}\"", operation.name)), "{}", operation.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_type_of_a_problem_leads_to_what_to_do() {
    let app = App::start().await;
    let page = app.anonymous().get("/docs", 200).await.body;
    let page = scraper::Html::parse_document(&page);
    for code in Code::ALL {
        let next = format!("#problem-{} + dd", code.as_str());
        let advice = page.select(&scraper::Selector::parse(&next).unwrap()).next().unwrap();
        let advice: String = advice.text().collect();
        let rest = advice.strip_prefix(code.title()).unwrap();
        assert!(rest.len() > 20, "{} says only: {advice}", code.as_str());
    }
}

/// A page with a form.
struct Echo;

impl RawEndpoint for Echo {
    const NAME: &'static str = "echo";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/echo/{name}";
    const FORMS: bool = true;
    const DESCRIBED: bool = false;
    const SUMMARY: &'static str = "Echoes a form";
    const PRODUCES: &'static str = "text/plain";
    const BODY_LIMIT: usize = 16;
    type Auth = Public;

    async fn handle(_: &Context, (): (), request: Request) -> Result<Response, Problem> {
        let (parts, body) = request.into_parts();
        let text = format!("{} {}", parts.method, String::from_utf8_lossy(&body));
        Ok(Response::new(text.into()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_with_a_form_takes_get_head_and_post_up_to_its_limit() {
    let app = App::start_with(|options| {
        options.operations.push(Operation::raw::<Echo>(module_path!()));
    })
    .await;
    let anyone = app.anonymous();
    assert_eq!(anyone.get("/echo/a", 200).await.body, "GET ");
    let head = anyone.send(Method::HEAD, "/echo/a", &[], None, 200).await;
    assert_eq!((head.body.as_str(), head.header("content-length")), ("", "4"));
    let form = |length: usize| Some("a".repeat(length));
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let posted = anyone.send_raw(Method::POST, "/echo/a", &headers, form(16), 200).await;
    assert_eq!(posted.body, format!("POST {}", "a".repeat(16)));
    let refused = anyone.send_raw(Method::POST, "/echo/a", &headers, form(17), 413).await;
    refused.is_problem("payload_too_large");
    anyone.send(Method::PATCH, "/echo/a", &[], None, 404).await;
}

/// An operation that panics.
struct Panics;

impl RawEndpoint for Panics {
    const NAME: &'static str = "panics";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/panics";
    const SUMMARY: &'static str = "Panics";
    const PRODUCES: &'static str = "text/plain";
    type Auth = Public;

    async fn handle(_: &Context, (): (), _: Request) -> Result<Response, Problem> {
        panic!("a detail that is nobody's business")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_500_with_a_request_id_and_nothing_else() {
    let app = App::start_with(|options| {
        options.operations.push(Operation::raw::<Panics>(module_path!()));
    })
    .await;
    let answer = app.anonymous().get("/panics", 500).await;
    answer.is_problem("internal");
    assert!(!answer.body.contains("business"));
    assert!(!answer.body.contains("panic"));
    app.anonymous().get("/panics", 500).await;
    app.anonymous().get("/health", 200).await;
}

/// An operation that answers with a problem it does not declare.
struct Undeclared;

impl RawEndpoint for Undeclared {
    const NAME: &'static str = "undeclared";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/undeclared";
    const SUMMARY: &'static str = "Answers out of turn";
    const PRODUCES: &'static str = "text/plain";
    type Auth = Public;

    async fn handle(_: &Context, (): (), _: Request) -> Result<Response, Problem> {
        Err(Problem::not_found("thing"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_that_is_not_declared_is_a_bug_of_ours() {
    let app = App::start_with(|options| {
        options.operations.push(Operation::raw::<Undeclared>(module_path!()));
    })
    .await;
    app.anonymous().get("/undeclared", 500).await.is_problem("internal");
}
