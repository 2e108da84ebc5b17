//! Consent: which requests it covers, and how it is revoked.

use http::Method;
use serde_json::json;

use super::browser::{Browser, form};
use super::{
    Form, OAuthClient, World, asks, error, exchange, parameter, post, register_client, token,
};
use crate::harness::{App, PASSWORD};

const DAY: i64 = 24 * 3600;

async fn revoke_grant(world: &World, client: &OAuthClient) {
    let grants = world.person.get("/v1/auth/grants", 200).await;
    let items = grants.json["items"].as_array().unwrap();
    let grant = items.iter().find(|grant| grant["client_id"] == client.id.as_str()).unwrap();
    let path = format!("/v1/auth/grants/{}", grant["id"].as_str().unwrap());
    world.person.delete(&path, 204).await;
}

async fn signs_in(world: &World, browser: &mut Browser, password: &str) {
    let page = browser.authorize(&world.asks()).await;
    let answer = browser.sign_in(&page, &world.email, password).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn revoking_a_grant_revokes_the_client_at_the_resource() {
    let world = World::new().await;
    let first = world.tokens(&world.asks()).await.text("/access_token");
    let second = world.tokens(&world.asks()).await.text("/access_token");
    let under_way = world.code(&world.asks()).await;
    let over_api = world.asks().with("resource", &world.url(""));
    let elsewhere = world.tokens(&over_api).await.text("/access_token");
    let other = register_client(&world.app, "https://other.example/cb", "none").await;
    let code = world.code(&asks(&other)).await;
    let others = token(&world.app, &exchange(&other, &code), 200).await.text("/access_token");

    revoke_grant(&world, &world.client).await;
    let grants = world.person.get("/v1/auth/grants", 200).await;
    let left = grants.json["items"].as_array().unwrap();
    let is_mcp = |grant: &&serde_json::Value| {
        grant["client_id"] == world.client.id.as_str() && grant["resource"] == world.url("/mcp")
    };
    // If the grant at the REST API was revoked, the one at MCP is still there.
    if left.iter().any(|grant| is_mcp(&grant)) {
        world.app.with_token(&elsewhere).get("/v1/users/me", 401).await;
        revoke_grant(&world, &world.client).await;
    }
    for token in [&first, &second] {
        assert!(!world.opens_mcp(token).await);
    }
    let late = token(&world.app, &world.exchange(&under_way), 400).await;
    assert_eq!(error(&late), "invalid_grant");
    assert!(world.opens_mcp(&others).await, "another client keeps its access");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_concurrent_revocations_succeeds() {
    let world = World::new().await;
    for _ in 0..2 {
        world.tokens(&world.asks()).await;
    }
    let grants = world.person.get("/v1/auth/grants", 200).await;
    let path = |place| format!("/v1/auth/grants/{}", grants.text(&format!("/items/{place}/id")));
    let (first, second) = (path(0), path(1));
    let delete = |path| world.person.try_send(Method::DELETE, path, &[], None);
    let (first, second) = tokio::join!(delete(&first), delete(&second));
    let statuses = [first.unwrap().status, second.unwrap().status];
    assert!(statuses.contains(&204), "{statuses:?}");
    let log = world.app.admin().await.get("/v1/admin/audit?limit=100", 200).await.body;
    assert!(log.contains("grant_revoked"));
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_out_a_scope_ends_earlier_grants_with_it() {
    let world = World::new().await;
    let wide = world.tokens(&world.asks()).await.text("/access_token");
    let narrow = world.asks().with("scope", "profile posts:read");
    let narrow = world.tokens(&narrow).await.text("/access_token");
    let under_way = world.code(&world.asks()).await;
    let mut browser = world.signed_in().await;
    let page = browser.authorize(&world.asks().with("prompt", "consent")).await;
    let less = form(&page, "consent").without("granted").twice("granted", "posts:read");
    let back = browser.post(&less.twice("decision", "allow")).await;
    let now = token(&world.app, &world.exchange(&parameter(&back, "code")), 200).await;
    assert_eq!(now.text("/scope"), "profile posts:read");
    assert!(!world.opens_mcp(&wide).await, "it included posts:write");
    let late = token(&world.app, &world.exchange(&under_way), 400).await;
    assert_eq!(error(&late), "invalid_grant", "it includes posts:write");
    assert!(world.opens_mcp(&narrow).await, "it did not include posts:write");
    assert_eq!(
        browser.authorize(&world.asks()).await.status,
        200,
        "posts:write needs a new decision"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn denial_forgets_the_earlier_consent() {
    let world = World::new().await;
    let access = world.tokens(&world.asks()).await.text("/access_token");
    let mut browser = world.signed_in().await;
    let page = browser.authorize(&world.asks().with("prompt", "consent")).await;
    let back = browser.post(&form(&page, "consent").twice("decision", "deny")).await;
    assert_eq!(parameter(&back, "error"), "access_denied");
    assert_eq!(browser.authorize(&world.asks()).await.status, 200, "the user is asked again");
    assert!(world.opens_mcp(&access).await, "a denial does not revoke a grant");
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_lasts_for_a_year_and_no_longer() {
    let (app, clock) = App::unlimited_with_clock().await;
    let world = World::of(app).await;
    world.tokens(&world.asks()).await;
    for _ in 0..2 {
        // The client comes back, or its registration would end first.
        clock.advance(170 * DAY);
        world.tokens(&world.asks()).await;
    }
    clock.advance(25 * DAY - 1);
    let mut browser = world.browser();
    signs_in(&world, &mut browser, PASSWORD).await;
    assert_eq!(browser.authorize(&world.asks()).await.status, 303, "a second before");
    clock.advance(1);
    assert_eq!(browser.authorize(&world.asks()).await.status, 200, "the user is asked again");
}

#[tokio::test(flavor = "multi_thread")]
async fn ending_all_sessions_forgets_consents() {
    for ending in ["logout-all", "password"] {
        let world = World::new().await;
        let mut browser = world.signed_in().await;
        browser.code(&world.asks()).await;
        let new = "entirely different words";
        let password = if ending == "password" {
            let body = json!({ "current_password": PASSWORD, "new_password": new });
            world.person.post("/v1/auth/password/change", body, 200).await;
            new
        } else {
            world.person.post("/v1/auth/logout-all", json!({}), 200).await;
            PASSWORD
        };
        signs_in(&world, &mut browser, password).await;
        assert_eq!(browser.authorize(&world.asks()).await.status, 200, "{ending}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replayed_code_forgets_the_consent() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let code = browser.code(&world.asks()).await;
    token(&world.app, &world.exchange(&code), 200).await;
    token(&world.app, &world.exchange(&code), 400).await;
    assert_eq!(browser.authorize(&world.asks()).await.status, 200);
}

/// A client with several redirect URIs.
async fn with_addresses(world: &World, addresses: &[&str]) -> OAuthClient {
    let body = json!({
        "client_name": "Of many places",
        "redirect_uris": addresses,
        "token_endpoint_auth_method": "none",
    });
    let made = world.app.anonymous().post("/oauth/register", body, 201).await;
    OAuthClient::of(&made, addresses[0])
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_for_one_redirect_uri_does_not_cover_another() {
    let world = World::new().await;
    let addresses =
        ["https://trusted.example/cb", "https://evil.example/steal", "http://127.0.0.1/cb"];
    for agreed in [addresses[0], addresses[2]] {
        let client = with_addresses(&world, &addresses).await;
        let asks = asks(&client).with("redirect_uri", agreed);
        let mut browser = world.signed_in().await;
        let page = browser.authorize(&asks).await;
        browser.allow(&page).await;
        let evil = asks.with("redirect_uri", addresses[1]);
        let page = browser.authorize(&evil).await;
        assert_eq!(page.status, 200, "the consent is for another redirect URI");
        assert!(page.body.contains("evil.example"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn https_on_a_local_host_does_not_skip_consent() {
    let world = World::new().await;
    let client = register_client(&world.app, "https://localhost:8443/cb", "none").await;
    let mut browser = world.signed_in().await;
    for _ in 0..2 {
        let page = browser.authorize(&asks(&client)).await;
        assert_eq!(page.status, 200, "any app on the machine could be asking");
        assert!(page.body.contains("Continue only if you have just started this yourself"));
        browser.allow(&page).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_request_never_redirects_to_a_website() {
    let world = World::new().await;
    let mut signed_in = world.signed_in().await;
    for (address, goes) in [
        ("https://phish.example/login", false),
        ("com.example.app:/cb", false),
        ("http://127.0.0.1/cb", true),
    ] {
        let client = register_client(&world.app, address, "none").await;
        let wrong = asks(&client).with("response_type", "token");
        for browser in [&mut world.browser(), &mut signed_in] {
            let answer = browser.authorize(&wrong).await;
            assert_eq!(answer.status, if goes { 303 } else { 400 }, "{address}");
            assert_eq!(answer.headers.contains_key("location"), goes, "{address}");
            assert_eq!(parameter(&answer, "error"), "unsupported_response_type");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_just_rotated_refresh_token_can_be_revoked() {
    let world = World::new().await;
    let first = world.tokens(&world.asks()).await.text("/refresh_token");
    let next = token(&world.app, &world.refreshes(&first), 200).await;
    // The response may have been lost: then this is the only token that the client has.
    let form = Form::new(&[("client_id", &world.client.id), ("token", &first)]);
    post(&world.app, "/oauth/revoke", &form, 200).await;
    assert!(!world.opens_mcp(&next.text("/access_token")).await);
    for spent in [first, next.text("/refresh_token")] {
        let refused = token(&world.app, &world.refreshes(&spent), 400).await;
        assert_eq!(error(&refused), "invalid_grant");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn authorizing_new_scopes_sends_a_mail() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    browser.code(&world.asks().with("scope", "profile posts:read")).await;
    let about = "A change to your account at Byline";
    let mail = world.app.byline.mailbox.mail_about(&world.email, about).await;
    for words in [
        "An app was authorized",
        "Name: Test agent\n",
        "It may: See your name, e-mail address and role; Read drafts and their media\n",
        "From the address: 127.0.0.1",
    ] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn registration_requires_json() {
    let world = World::new().await;
    let body = super::registration("https://a.example/cb", "none").to_string();
    let headers = [("content-type", "text/plain")];
    let client = world.app.anonymous();
    let answer = client.try_send(Method::POST, "/oauth/register", &headers, Some(body)).await;
    assert_eq!(answer.unwrap().status, 415, "any website could send a form");
}
