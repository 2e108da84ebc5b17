//! The transport: which requests reach the protocol, and the errors for the others.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{agent, code, modern, pair, request};
use crate::harness::{Answer, App};

fn list() -> Option<Value> {
    Some(request("tools/list", json!({})))
}

/// Asserts that a response is a complete JSON-RPC error with a message.
fn is_error(answer: &Answer, code: i64) {
    assert_eq!(answer.header("content-type"), "application/json", "{}", answer.body);
    assert_eq!(answer.json["jsonrpc"], "2.0");
    assert!(answer.json.get("id").is_none_or(|id| !id.is_null()), "{}", answer.body);
    assert_eq!(answer.json["error"]["code"], code, "{}", answer.body);
    assert!(answer.text("/error/message").len() > 20, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.headers.contains_key("x-request-id"));
}

#[tokio::test(flavor = "multi_thread")]
async fn any_accept_header_gets_json() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    for accept in ["*/*", "application/json", "text/event-stream", "text/html"] {
        let answer = agent.send(Method::POST, "/mcp", &[("accept", accept)], list(), 200).await;
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_requests_get_json_rpc_errors() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    let headers = [("content-type", "application/json")];
    for (body, code) in [
        ("{", -32700),
        ("", -32700),
        ("\u{fffe}", -32700),
        ("[]", -32600),
        (r#"[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]"#, -32600),
        // A batch is not parsed to its end.
        (" \n[{", -32600),
        ("3", -32600),
        ("{}", -32600),
        (r#"{"jsonrpc":"1.0","id":1,"method":"tools/list"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":{},"method":"tools/list"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":null,"method":"tools/list"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"result":{}}"#, -32600),
    ] {
        let body = Some(body.to_owned());
        let answer = agent.send_raw(Method::POST, "/mcp", &headers, body, 400).await;
        is_error(&answer, code);
    }
    let text = [("content-type", "text/plain")];
    let body = list().map(|body| body.to_string());
    let answer = agent.send_raw(Method::POST, "/mcp", &text, body, 415).await;
    is_error(&answer, -32600);
    assert!(answer.text("/error/message").contains("application/json"));
    let long = Some(" ".repeat(1024 * 1024 + 1));
    let answer = agent.send_raw(Method::POST, "/mcp", &headers, long, 413).await;
    is_error(&answer, -32600);
    assert_eq!(answer.json["error"]["data"]["code"], "payload_too_large");
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_and_invalid_tokens_get_a_challenge() {
    let app = App::start().await;
    let answer = app.anonymous().send(Method::POST, "/mcp", &[], list(), 401).await;
    is_error(&answer, 401);
    assert!(answer.header("www-authenticate").starts_with("Bearer"));
    let stranger = app.with_token("byline_key_nope");
    let answer = stranger.send(Method::POST, "/mcp", &[], list(), 401).await;
    is_error(&answer, 401);
    assert!(answer.header("www-authenticate").contains("invalid_token"));
    let person = app.user(Role::Author).await;
    let other = agent(&app, &person, &["posts:read"]).await;
    let answer = other.send(Method::POST, "/mcp", &[], list(), 403).await;
    is_error(&answer, 403);
    assert!(answer.header("www-authenticate").contains("insufficient_scope"));
    assert!(answer.text("/error/message").contains("profile"));
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_origins_and_hosts_are_rejected() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    for evil in ["https://evil.example", "null", "http://localhost.evil.example"] {
        let answer = agent.send(Method::POST, "/mcp", &[("origin", evil)], list(), 403).await;
        is_error(&answer, -32600);
        let says = answer.text("/error/message");
        assert!(says.contains("BYLINE_CORS_ORIGINS") && says.contains("CorsOrigins"), "{says}");
    }
    let listed = [("origin", "http://localhost:3000")];
    agent.send(Method::POST, "/mcp", &listed, list(), 200).await;
    let rebound = [("host", "evil.example")];
    let answer = agent.send(Method::POST, "/mcp", &rebound, list(), 403).await;
    is_error(&answer, -32600);
    let here = format!("Use {}/mcp.", app.byline.context.config.public_url);
    assert!(answer.text("/error/message").contains(&here), "{}", answer.body);
    let preflight = [
        ("origin", "http://localhost:3000"),
        ("access-control-request-method", "POST"),
        (
            "access-control-request-headers",
            "authorization,content-type,mcp-protocol-version,mcp-method,mcp-name",
        ),
    ];
    let answer = agent.send(Method::OPTIONS, "/mcp", &preflight, None, 200).await;
    let allowed = answer.header("access-control-allow-headers");
    for header in ["mcp-protocol-version", "mcp-method", "mcp-name"] {
        assert!(allowed.contains(header), "{allowed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_token_has_its_own_rate_limit() {
    let (app, _clock) = App::with_clock().await;
    let (person, first) = pair(&app, Role::Author).await;
    let second = agent(&app, &person, &["profile"]).await;
    for _ in 0..120 {
        first.send(Method::POST, "/mcp", &[], list(), 200).await;
    }
    let answer = first.send(Method::POST, "/mcp", &[], list(), 429).await;
    is_error(&answer, 429);
    let wait: u64 = answer.header("retry-after").parse().unwrap();
    assert_eq!(answer.json["error"]["data"]["retry_after_seconds"], wait);
    assert!(answer.header("ratelimit-policy").contains("mcp-token"));
    let slug = json!({
        "ref": { "type": "ref/resource", "uri": "post://{slug}" },
        "argument": { "name": "slug", "value": "" },
    });
    for (method, params) in [
        ("tools/call", json!({ "name": "whoami", "arguments": {} })),
        ("completion/complete", slug),
    ] {
        let answer = first.post("/mcp", request(method, params), 429).await;
        is_error(&answer, 429);
    }
    second.send(Method::POST, "/mcp", &[], list(), 200).await;
    // The person's own requests are not limited by it.
    person.post("/v1/manage/posts", crate::harness::draft("Post"), 201).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_response_repeats_the_request_id() {
    let app = App::start().await;
    let (_, agent) = pair(&app, Role::Author).await;
    for id in [json!("a-b"), json!(0), json!(9_007_199_254_740_991_i64)] {
        let mut body = request("tools/list", json!({}));
        body["id"] = id.clone();
        let answer = agent.send(Method::POST, "/mcp", &[], Some(body.clone()), 200).await;
        assert_eq!(answer.json["id"], id);
        body["method"] = json!("tools/call");
        body["params"] = json!({ "name": "no_such_tool" });
        let answer = agent.send(Method::POST, "/mcp", &[], Some(body), 200).await;
        assert_eq!((code(&answer), &answer.json["id"]), (-32602, &id));
    }
    let answer = modern(&agent, "tools/list", json!({}), 200).await;
    assert_eq!(answer.json["id"], 7);
}
