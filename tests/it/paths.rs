//! Paths and methods beside those that the API describes: HEAD, extra slashes, escapes, and the first page.

use std::sync::Arc;

use byline_shared::model::Role;
use http::Method;
use serde_json::json;

use crate::harness::{App, FunctionUrl, draft};
use crate::media;

#[tokio::test(flavor = "multi_thread")]
async fn head_is_answered_wherever_get_is_without_the_body() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    let post = editor.post("/v1/manage/posts", draft("Hello"), 201).await;
    let publish = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    editor.post(&publish, json!({ "revision_id": post.text("/revision_id") }), 200).await;
    let picture = media::published(&editor).await.text("/url");
    let picture = picture.split_once("/local-bucket").unwrap().1;
    let own = format!("/v1/manage/posts/{}", post.text("/id"));
    for path in [
        "/health",
        "/docs",
        "/openapi.json",
        "/feed.xml",
        "/llms.txt",
        "/v1/posts",
        "/v1/posts/hello",
        "/posts/hello.md",
        "/.well-known/oauth-authorization-server",
        "/_local/mail",
        &own,
        &format!("/local-bucket{picture}"),
    ] {
        // The bucket takes a token for a signature.
        let reader = if path == own { editor.clone() } else { app.anonymous() };
        let get = reader.get(path, 200).await;
        let head = reader.send(Method::HEAD, path, &[], None, 200).await;
        assert_eq!(head.body, "", "{path}");
        for name in ["content-type", "content-length", "etag", "cache-control"] {
            assert_eq!(head.headers.get(name), get.headers.get(name), "{name} of {path}");
        }
    }
    // As GET would be answered, errors too.
    let anyone = app.anonymous();
    anyone.send(Method::HEAD, "/v1/posts/nothing", &[], None, 404).await;
    anyone.send(Method::HEAD, &own, &[], None, 401).await;
    anyone.send(Method::HEAD, "/nowhere", &[], None, 404).await;
    let etag = anyone.get("/v1/posts/hello", 200).await.header("etag").to_owned();
    let known = [("if-none-match", etag.as_str())];
    anyone.send(Method::HEAD, "/v1/posts/hello", &known, None, 304).await;
    let refused = anyone.send(Method::HEAD, "/mcp", &[], None, 405).await;
    assert_eq!(refused.header("allow"), "POST");
    let page = anyone.send(Method::PUT, "/desk", &[], None, 405).await;
    assert_eq!(page.header("allow"), "GET, HEAD, POST");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_get_has_a_head() {
    let app = App::start().await;
    for operation in byline_local::operations() {
        if operation.method != Method::GET || operation.is_default() {
            continue;
        }
        let path = operation.path.replace(['{', '}'], "");
        let answer = app.anonymous().try_send(Method::HEAD, &path, &[], None).await.unwrap();
        assert_ne!(answer.status, 405, "{path}");
        assert_eq!(answer.body, "", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn extra_slashes_lead_to_the_path_without_them() {
    let app = App::start().await;
    let anyone = app.anonymous();
    for (method, path, to) in [
        (Method::GET, "/docs/", "/docs"),
        (Method::GET, "//", "/"),
        (Method::GET, "//v1/posts?limit=2", "/v1/posts?limit=2"),
        (Method::GET, "/v1/posts//hello/", "/v1/posts/hello"),
        (Method::HEAD, "/docs/", "/docs"),
        (Method::GET, "/desk/", "/desk"),
        (Method::POST, "/mcp/", "/mcp"),
        (Method::POST, "/v1/auth/login/", "/v1/auth/login"),
    ] {
        let moved = anyone.send(method, path, &[], None, 308).await;
        assert_eq!(moved.header("location"), to, "{path}");
        assert_eq!(moved.header("cache-control"), "no-store");
    }
    for path in ["//evil.example/", "//evil.example/docs", "/nowhere/", "///"] {
        let answer = anyone.try_send(Method::GET, path, &[], None).await.unwrap();
        let to = answer.headers.get("location").map(|to| to.to_str().unwrap());
        assert!(to.is_none_or(|to| to == "/"), "{path} leads to {to:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn escapes_in_a_path_make_no_other_path() {
    let app = App::start().await;
    let anyone = app.anonymous();
    for path in ["/%64ocs", "/%68ealth", "/v1%2Fposts"] {
        anyone.get(path, 200).await;
    }
    let slash = anyone.get("/v1/posts/a%2Fb", 404).await;
    assert_eq!(slash.text("/detail"), anyone.get("/v1/posts/a/b", 404).await.text("/detail"));
    let lone = anyone.try_send(Method::GET, "/v1/posts/%", &[], None).await.unwrap();
    assert!((400..500).contains(&lone.status), "{}", lone.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_page_says_where_everything_is() {
    let app = App::start().await;
    let page = app.anonymous().get("/", 200).await;
    assert!(page.header("content-type").starts_with("text/html"));
    let url = &app.byline.context.config.public_url;
    for link in [
        "href=\"/desk\"",
        "href=\"/docs\"",
        "href=\"/openapi.json\"",
        "href=\"http://localhost:3000\"",
        "href=\"/_local/mail\"",
        &format!("{url}/mcp"),
    ] {
        assert!(page.body.contains(link), "{link}: {}", page.body);
    }
    assert!(!page.body.contains("<script"));
    let for_programs = page.header("link");
    for link in ["</openapi.json>; rel=\"service-desc\"", "</docs>; rel=\"service-doc\""] {
        assert!(for_programs.contains(link), "{for_programs}");
    }
    // Where others are served, the mailbox is closed, and not shown.
    let app = App::start_with(|options| {
        options.variable = Arc::new(|name: &str| {
            (name == "BYLINE_PUBLIC_URL").then(|| "https://api.example.com".to_owned())
        });
    })
    .await;
    let page = app.anonymous().get("/", 200).await;
    assert!(!page.body.contains("_local"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_of_openai_learn_what_to_call_instead() {
    let app = App::start().await;
    let url = FunctionUrl::start(&app, "agent-url").await;
    for anyone in [app.anonymous(), url.client(&app.anonymous())] {
        for (method, path) in [
            (Method::POST, "/v1/chat/completions"),
            (Method::GET, "/v1/models"),
            (Method::GET, "/v1/models/gpt-5"),
        ] {
            let answer = anyone.send(method, path, &[], None, 404).await;
            answer.is_problem("not_found");
            let message = answer.text("/error/message");
            assert!(message.contains("POST /v1/responses"), "{path}: {message}");
        }
        assert!(anyone.get("/v1/modelsx", 404).await.json.get("error").is_none());
    }
}
