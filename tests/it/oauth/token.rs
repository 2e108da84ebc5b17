//! The token endpoint: exchanging codes, and client authentication.

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use http::Method;

use super::{
    Form, OAuthClient, REDIRECT, VERIFIER, World, claims, error, exchange, register_client, token,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_exchanged_for_tokens_of_the_resource() {
    let world = World::new().await;
    for (resource, audience) in
        [(None, "/mcp"), (Some("/mcp"), "/mcp"), (Some(""), ""), (Some("/"), "")]
    {
        let mut asks = world.asks();
        if let Some(resource) = resource {
            asks = asks.with("resource", &world.url(resource));
        }
        let code = world.code(&asks).await;
        let mut form = world.exchange(&code);
        if let Some(resource) = resource {
            form = form.with("resource", &world.url(resource));
        }
        let tokens = token(&world.app, &form, 200).await;
        assert_eq!(tokens.header("content-type"), "application/json");
        assert_eq!(tokens.header("cache-control"), "no-store");
        assert_eq!(tokens.text("/token_type"), "Bearer");
        assert_eq!(tokens.json["expires_in"], 600);
        assert_eq!(tokens.text("/scope"), "profile posts:read posts:write");
        let claims = claims(&tokens.text("/access_token"));
        assert_eq!(claims["aud"], world.url(audience));
        assert_eq!(claims["iss"], world.url(""));
        assert_eq!(claims["client_id"], world.client.id.as_str());
        assert_eq!(claims["scope"], "profile posts:read posts:write");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mismatched_request_is_refused_and_keeps_the_code_valid() {
    let world = World::new().await;
    let other = register_client(&world.app, REDIRECT, "none").await;
    let code = world.code(&world.asks()).await;
    let fits = world.exchange(&code);
    for (wrong, expected) in [
        (fits.clone().with("code", "another"), "invalid_grant"),
        (fits.clone().with("code_verifier", &VERIFIER.replace('d', "e")), "invalid_grant"),
        (fits.clone().with("code_verifier", &VERIFIER[..42]), "invalid_request"),
        (fits.clone().with("code_verifier", &"a".repeat(129)), "invalid_request"),
        (fits.clone().with("code_verifier", &format!("{VERIFIER}!")), "invalid_request"),
        (fits.clone().without("code_verifier"), "invalid_request"),
        (fits.clone().without("code"), "invalid_request"),
        (fits.clone().with("redirect_uri", "https://evil.example/"), "invalid_grant"),
        (fits.clone().with("client_id", &other.id), "invalid_grant"),
        (fits.clone().with("resource", &world.url("")), "invalid_target"),
        (fits.clone().with("resource", "https://other.example"), "invalid_target"),
        (fits.clone().with("resource", &world.url("/mcp#part")), "invalid_target"),
        (fits.clone().with("resource", "/mcp"), "invalid_target"),
        (fits.clone().twice("code", &code), "invalid_request"),
        (fits.clone().twice("resource", "a").twice("resource", "b"), "invalid_target"),
        (fits.clone().with("grant_type", "password"), "unsupported_grant_type"),
        (fits.clone().with("grant_type", "client_credentials"), "unsupported_grant_type"),
        (fits.clone().with("grant_type", "implicit"), "unsupported_grant_type"),
        (
            fits.clone().with("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            "unsupported_grant_type",
        ),
        // The error does not echo characters that errors must not have.
        (fits.clone().twice("\"\\\u{e9}\n", "1").twice("\"\\\u{e9}\n", "2"), "invalid_request"),
        (fits.clone().without("grant_type"), "invalid_request"),
    ] {
        let refused = token(&world.app, &wrong, 400).await;
        assert_eq!(error(&refused), expected, "{}", wrong.text());
    }
    token(&world.app, &fits.without("redirect_uri"), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verifier_may_have_43_to_128_characters() {
    let world = World::new().await;
    for length in [43, 128] {
        let verifier = "aB9-._~".repeat(19)[..length].to_owned();
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let code = world.code(&world.asks().with("code_challenge", &challenge)).await;
        let form = world.exchange(&code).with("code_verifier", &verifier);
        token(&world.app, &form, 200).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replayed_code_ends_its_grant() {
    let world = World::new().await;
    let code = world.code(&world.asks()).await;
    let form = world.exchange(&code);
    let tokens = token(&world.app, &form, 200).await;
    let access = tokens.text("/access_token");
    assert!(world.opens_mcp(&access).await);
    for wrong in [
        form.clone().with("code_verifier", &VERIFIER.replace('d', "e")),
        form.clone().with("redirect_uri", "https://evil.example/"),
        form.clone().with("client_id", &register_client(&world.app, REDIRECT, "none").await.id),
    ] {
        assert_eq!(error(&token(&world.app, &wrong, 400).await), "invalid_grant");
        assert!(world.opens_mcp(&access).await, "a code without its verifier ends nothing");
    }
    assert_eq!(error(&token(&world.app, &form, 400).await), "invalid_grant");
    assert!(!world.opens_mcp(&access).await);
    let refresh = world.refreshes(&tokens.text("/refresh_token"));
    assert_eq!(error(&token(&world.app, &refresh, 400).await), "invalid_grant");
    let log = world.app.admin().await.get("/v1/admin/audit?limit=20", 200).await.body;
    assert!(log.contains("code_replayed"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_expires_after_a_minute_and_with_a_password_change() {
    let (app, clock) = crate::harness::App::unlimited_with_clock().await;
    let world = World::of(app).await;
    let code = world.code(&world.asks()).await;
    clock.advance(59);
    token(&world.app, &world.exchange(&code), 200).await;
    let code = world.code(&world.asks()).await;
    clock.advance(60);
    assert_eq!(error(&token(&world.app, &world.exchange(&code), 400).await), "invalid_grant");
    let code = world.code(&world.asks()).await;
    world.person.post("/v1/auth/logout-all", serde_json::json!({}), 200).await;
    assert_eq!(error(&token(&world.app, &world.exchange(&code), 400).await), "invalid_grant");
}

/// A token request with HTTP Basic authentication.
async fn basic(
    world: &World,
    credentials: &str,
    form: &Form,
    status: u16,
) -> crate::harness::Answer {
    let header = format!("Basic {}", BASE64_STANDARD.encode(credentials));
    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("authorization", header.as_str())];
    let (post, body) = (Method::POST, Some(form.text()));
    world.app.anonymous().send_raw(post, "/oauth/token", &headers, body, status).await
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_authenticate_with_their_registered_method() {
    let mut world = World::new().await;
    let in_header = register_client(&world.app, REDIRECT, "client_secret_basic").await;
    let in_body = register_client(&world.app, REDIRECT, "client_secret_post").await;
    let secret = |client: &OAuthClient| client.secret.clone().unwrap();

    world.client = in_header.clone();
    let code = world.code(&world.asks()).await;
    let form = exchange(&in_header, &code);
    let bare = form.clone().without("client_id");
    let right = format!("{}:{}", in_header.id, secret(&in_header));
    assert_eq!(error(&token(&world.app, &form, 401).await), "invalid_client");
    let posted = form.clone().with("client_secret", &secret(&in_header));
    assert_eq!(error(&token(&world.app, &posted, 401).await), "invalid_client");
    let both = basic(&world, &right, &posted, 400).await;
    assert_eq!(error(&both), "invalid_request");
    let wrong = basic(&world, &format!("{}:wrong", in_header.id), &bare, 401).await;
    assert_eq!(error(&wrong), "invalid_client");
    assert!(wrong.header("www-authenticate").starts_with("Basic"));
    let unknown = basic(&world, "nobody:x", &bare, 401).await;
    assert_eq!(error(&unknown), "invalid_client");
    assert!(unknown.header("www-authenticate").starts_with("Basic"));
    for header in ["Basic ???", "Basic", "Bearer x"] {
        let headers =
            [("content-type", "application/x-www-form-urlencoded"), ("authorization", header)];
        let (client, body) = (world.app.anonymous(), Some(bare.text()));
        let odd = client.send_raw(Method::POST, "/oauth/token", &headers, body, 401).await;
        assert_eq!(error(&odd), "invalid_client", "{header}");
        assert!(odd.header("www-authenticate").starts_with("Basic"), "{header}");
    }
    let other = form.clone().with("client_id", &in_body.id);
    assert_eq!(error(&basic(&world, &right, &other, 400).await), "invalid_request");
    let encoded = right.replace('_', "%5F");
    basic(&world, &encoded, &bare, 200).await;

    world.client = in_body.clone();
    let code = world.code(&world.asks()).await;
    let form = exchange(&in_body, &code);
    assert_eq!(error(&token(&world.app, &form, 401).await), "invalid_client");
    let wrong = form.clone().with("client_secret", "wrong");
    assert_eq!(error(&token(&world.app, &wrong, 401).await), "invalid_client");
    token(&world.app, &form.with("client_secret", &secret(&in_body)), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_client_is_told_to_register_again() {
    let world = World::new().await;
    let form = world.exchange("code").with("client_id", "client_01JD9ZKAV8Q2M4T6W8X0Y2Z4G4");
    let refused = token(&world.app, &form, 401).await;
    assert_eq!(error(&refused), "invalid_client", "never invalid_grant: SDKs would not register");
    let nobody = token(&world.app, &form.without("client_id"), 401).await;
    assert_eq!(error(&nobody), "invalid_client");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_a_form_is_400() {
    let world = World::new().await;
    for path in ["/oauth/token", "/oauth/revoke", "/oauth/introspect"] {
        for (content_type, body) in [
            ("application/json", "{}"),
            ("text/plain", "grant_type=x"),
            ("", ""),
            (";;;", "x"),
            ("application/x-www-form-urlencoded", "\u{0}%%%=&&&"),
        ] {
            let headers = [("content-type", content_type)];
            let (post, body) = (Method::POST, Some(body.to_owned()));
            let answer = world.app.anonymous().try_send(post, path, &headers, body).await.unwrap();
            assert!([400, 401].contains(&answer.status), "{path} {content_type}: {}", answer.body);
            error(&answer);
        }
        let long = Some("a".repeat(65 * 1024));
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        world.app.anonymous().send_raw(Method::POST, path, &headers, long, 413).await;
    }
}
