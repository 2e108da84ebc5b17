//! Dynamic Client Registration (RFC 7591).

use serde_json::{Value, json};

use super::{Form, REDIRECT, World, error, token};
use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_gets_an_id_and_if_confidential_a_secret() {
    let app = App::unlimited().await;
    for (method, registered) in [
        (Some("none"), "none"),
        (Some("client_secret_post"), "client_secret_post"),
        (None, "client_secret_basic"),
    ] {
        let mut body = json!({ "client_name": "Agent", "redirect_uris": [REDIRECT] });
        if let Some(method) = method {
            body["token_endpoint_auth_method"] = method.into();
        }
        body["client_secret"] = "chosen by me".into();
        body["software_statement"] = "x".into();
        let made = app.anonymous().post("/oauth/register", body, 201).await;
        assert_eq!(made.header("cache-control"), "no-store");
        assert_eq!(made.header("content-type"), "application/json");
        assert!(made.text("/client_id").starts_with("client_"), "it never looks like a URL");
        assert_eq!(made.text("/token_endpoint_auth_method"), registered);
        assert_eq!(made.json["redirect_uris"], json!([REDIRECT]));
        assert_eq!(made.json["grant_types"], json!(["authorization_code", "refresh_token"]));
        assert_eq!(made.json["response_types"], json!(["code"]));
        assert!(made.json["client_id_issued_at"].is_i64());
        assert!(!made.body.contains("chosen by me") && !made.body.contains("software"));
        let secret = made.json["client_secret"].as_str();
        assert_eq!(secret.is_some(), registered != "none");
        assert!(secret.is_none_or(|secret| secret.len() >= 43), "256 bits");
        let ends = if secret.is_some() { json!(0) } else { Value::Null };
        assert_eq!(made.json["client_secret_expires_at"], ends);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_registered_scope_does_not_limit_later_requests() {
    let mut world = World::new().await;
    let body = json!({
        "client_name": "Agent",
        "redirect_uris": [REDIRECT],
        "token_endpoint_auth_method": "none",
        "scope": "profile",
    });
    let made = world.app.anonymous().post("/oauth/register", body, 201).await;
    world.client.id = made.text("/client_id");
    let tokens = world.tokens(&world.asks()).await;
    assert_eq!(tokens.text("/scope"), "profile posts:read posts:write");
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_client_metadata_is_rejected() {
    let app = App::unlimited().await;
    for uri in [
        "http://agent.example/callback",
        "https://agent.example/callback#part",
        "javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "/callback",
        "agent://callback",
        "http://127.0.0.1.evil.example/",
        "https://me@agent.example/",
        "",
    ] {
        let body = json!({ "redirect_uris": [REDIRECT, uri] });
        let refused = app.anonymous().post("/oauth/register", body, 400).await;
        assert_eq!(error(&refused), "invalid_redirect_uri", "{uri}");
    }
    for body in [json!({}), json!({ "redirect_uris": [] })] {
        let refused = app.anonymous().post("/oauth/register", body, 400).await;
        assert_eq!(error(&refused), "invalid_redirect_uri");
    }
    for (name, value) in [
        ("client_name", json!("Byline\u{202e}")),
        ("client_name", json!("two\nlines")),
        ("client_name", json!("x".repeat(101))),
        ("client_name", json!(7)),
        ("token_endpoint_auth_method", json!("private_key_jwt")),
        ("grant_types", json!(["password"])),
        ("response_types", json!(["token"])),
    ] {
        let mut body = json!({ "redirect_uris": [REDIRECT] });
        body[name] = value.clone();
        let refused = app.anonymous().post("/oauth/register", body, 400).await;
        assert_eq!(error(&refused), "invalid_client_metadata", "{name} {value}");
    }
    for body in ["", "{", "[]", "3"] {
        let headers = [("content-type", "application/json")];
        let body = Some(body.to_owned());
        let post = http::Method::POST;
        let refused = app.anonymous().send_raw(post, "/oauth/register", &headers, body, 400).await;
        assert_eq!(error(&refused), "invalid_client_metadata");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unused_registration_expires() {
    let (app, clock) = App::unlimited_with_clock().await;
    let world = World::of(app).await;
    clock.advance(8 * 24 * 3600);
    let form = Form::new(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", "x"),
        ("client_id", &world.client.id),
    ]);
    assert_eq!(error(&token(&world.app, &form, 401).await), "invalid_client");
    let page = world.browser().authorize(&world.asks()).await;
    assert_eq!(page.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_can_be_used_for_7_days() {
    let (app, clock) = App::unlimited_with_clock().await;
    let world = World::of(app).await;
    clock.advance(7 * 24 * 3600 - 1);
    assert_eq!(world.browser().authorize(&world.asks()).await.status, 200, "a second before");
    clock.advance(1);
    assert_eq!(world.browser().authorize(&world.asks()).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_has_1_to_10_redirect_uris_and_a_name_of_100_characters() {
    let app = App::unlimited().await;
    for (uris, name, status) in
        [(1, 1, 201), (10, 100, 201), (11, 100, 400), (0, 100, 400), (10, 101, 400), (1, 0, 400)]
    {
        let uris: Vec<String> = (0..uris).map(|number| format!("{REDIRECT}/{number}")).collect();
        let body = json!({ "redirect_uris": uris, "client_name": "\u{e9}".repeat(name) });
        let answer = app.anonymous().post("/oauth/register", body, status).await;
        if status == 201 {
            assert_eq!(answer.json["redirect_uris"], json!(uris));
        }
    }
}

/// Its last use counts within the 30 days that it is not noted again.
#[tokio::test(flavor = "multi_thread")]
async fn the_use_of_a_registration_is_noted_every_30_days() {
    const DAY: i64 = 24 * 3600;
    for (second_use, lives) in [(30 * DAY - 1, false), (30 * DAY, true)] {
        let (app, clock) = App::unlimited_with_clock().await;
        let world = World::of(app).await;
        world.tokens(&world.asks()).await;
        clock.advance(second_use);
        world.tokens(&world.asks()).await;
        clock.advance(180 * DAY - second_use);
        let form = world.refreshes("x");
        let answer = token(&world.app, &form, if lives { 400 } else { 401 }).await;
        let expected = if lives { "invalid_grant" } else { "invalid_client" };
        assert_eq!(error(&answer), expected, "after {second_use} seconds");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_registration_is_kept() {
    let (app, clock) = App::unlimited_with_clock().await;
    let world = World::of(app).await;
    let tokens = world.tokens(&world.asks()).await;
    clock.advance(8 * 24 * 3600);
    let form = world.refreshes(&tokens.text("/refresh_token"));
    token(&world.app, &form, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_registration_ends_half_a_year_after_its_last_use() {
    const HALF_A_YEAR: i64 = 180 * 24 * 3600;
    let (app, clock) = App::unlimited_with_clock().await;
    let world = World::of(app).await;
    // What is refused for its token is from a client that is known, and no use of it.
    let asks = async |status| error(&token(&world.app, &world.refreshes("x"), status).await);
    for _ in 0..2 {
        world.tokens(&world.asks()).await;
        clock.advance(HALF_A_YEAR - 1);
        assert_eq!(asks(400).await, "invalid_grant", "a second before");
    }
    clock.advance(1);
    assert_eq!(asks(401).await, "invalid_client");
}

#[tokio::test(flavor = "multi_thread")]
async fn registrations_from_one_network_are_rate_limited() {
    let app = App::start().await;
    let body = json!({ "redirect_uris": [REDIRECT], "token_endpoint_auth_method": "none" });
    let mut made = 0;
    let refused = loop {
        let answer = app.anonymous().try_post("/oauth/register", body.clone()).await;
        if answer.status != 201 {
            break answer;
        }
        made += 1;
        assert!(made <= 60);
    };
    assert_eq!(refused.status, 429);
    refused.header("retry-after");
}
