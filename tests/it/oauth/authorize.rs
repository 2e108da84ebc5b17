//! The authorization endpoint: responses to the client, and pages for the user.

use byline_shared::model::Role;
use http::Method;

use super::browser::form;
use super::{CHALLENGE, World, asks, is_plain, optional, parameter, register_client, token};
use crate::harness::App;

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_and_consent_redirect_with_a_code() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = browser.authorize(&world.asks()).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let signed_in = browser.sign_in(&page, &world.email, crate::harness::PASSWORD).await;
    assert_eq!(signed_in.status, 303);
    let consent = browser.get(signed_in.header("location")).await;
    assert_eq!(consent.status, 200);
    let back = browser.allow(&consent).await;
    assert_eq!(back.status, 303, "303 and never 307, which would post the form on");
    assert!(back.header("location").starts_with("https://agent.example/callback?"));
    assert_eq!(parameter(&back, "state"), "a b&c=d/é", "unchanged");
    assert_eq!(parameter(&back, "iss"), world.url(""));
    let code = parameter(&back, "code");
    let tokens = token(&world.app, &world.exchange(&code), 200).await;
    assert_eq!(tokens.text("/scope"), "profile posts:read posts:write");
    assert!(world.app.byline.observer.violations().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_client_or_redirect_uri_gets_a_page_and_no_redirect() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let asks = world.asks();
    for wrong in [
        asks.clone().without("client_id"),
        asks.clone().with("client_id", "client_01JD9ZKAV8Q2M4T6W8X0Y2Z4G4"),
        asks.clone().with("client_id", "nobody"),
        asks.clone().twice("client_id", &world.client.id),
        asks.clone().with("redirect_uri", "https://evil.example/callback"),
        asks.clone().with("redirect_uri", "https://agent.example/callback/"),
        asks.clone().with("redirect_uri", "https://agent.example/callback?x=1"),
        asks.clone().with("redirect_uri", "https://agent.example/CALLBACK"),
        asks.clone().with("redirect_uri", "https://agent.example:8443/callback"),
        // Other spellings, other owners and look-alikes.
        asks.clone().with("redirect_uri", "http://agent.example/callback"),
        asks.clone().with("redirect_uri", "HTTPS://agent.example/callback"),
        asks.clone().with("redirect_uri", "https://AGENT.example/callback"),
        asks.clone().with("redirect_uri", "https://agent.example./callback"),
        asks.clone().with("redirect_uri", "https://agent.example:443/callback"),
        asks.clone().with("redirect_uri", "https://user@agent.example/callback"),
        asks.clone().with("redirect_uri", "https://agent.example@evil.example/callback"),
        asks.clone().with("redirect_uri", "https://agent.example.evil.example/callback"),
        asks.clone().with("redirect_uri", "https://\u{430}gent.example/callback"),
        asks.clone().with("redirect_uri", "https://agent.example/callback#part"),
        asks.clone().with("redirect_uri", "https://agent.example/%63allback"),
        asks.clone().with("redirect_uri", "https://agent.example/x/../callback"),
        asks.clone().with("redirect_uri", "https://agent.example/callback\r\nX: y"),
        asks.clone().twice("redirect_uri", super::REDIRECT),
    ] {
        let answer = browser.authorize(&wrong).await;
        assert_eq!(answer.status, 400, "{}", wrong.text());
        assert!(!answer.headers.contains_key("location"), "{}", wrong.text());
        assert!(answer.header("content-type").starts_with("text/html"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_a_request_go_to_the_client() {
    let world = World::new().await;
    let asks = world.asks();
    for (wrong, code) in [
        (asks.clone().without("code_challenge"), "invalid_request"),
        (asks.clone().with("code_challenge", "short"), "invalid_request"),
        (asks.clone().without("code_challenge_method"), "invalid_request"),
        (asks.clone().with("code_challenge_method", "plain"), "invalid_request"),
        (asks.clone().with("code_challenge_method", "S512"), "invalid_request"),
        (asks.clone().twice("code_challenge", CHALLENGE), "invalid_request"),
        (asks.clone().twice("scope", "profile"), "invalid_request"),
        (asks.clone().without("response_type"), "invalid_request"),
        (asks.clone().with("response_type", "token"), "unsupported_response_type"),
        (asks.clone().with("response_type", "code token"), "unsupported_response_type"),
        (asks.clone().twice("\"\\\u{e9}\n", "1").twice("\"\\\u{e9}\n", "2"), "invalid_request"),
        (asks.clone().with("response_mode", "fragment"), "invalid_request"),
        (asks.clone().with("scope", "everything"), "invalid_scope"),
        (asks.clone().with("resource", "https://other.example/mcp"), "invalid_target"),
        (asks.clone().with("resource", &world.url("/mcp#part")), "invalid_target"),
        (asks.clone().with("resource", "/mcp"), "invalid_target"),
    ] {
        let back = world.browser().authorize(&wrong).await;
        assert_eq!(parameter(&back, "error"), code, "{}", wrong.text());
        assert_eq!(parameter(&back, "state"), "a b&c=d/é");
        assert_eq!(parameter(&back, "iss"), world.url(""), "in errors, too");
        assert!(is_plain(&parameter(&back, "error_description")), "{}", back.header("location"));
        assert!(optional(&back, "code").is_none());
    }
    let back = world.browser().authorize(&asks.twice("state", "another")).await;
    assert_eq!(parameter(&back, "error"), "invalid_request");
    assert!(optional(&back, "state").is_none(), "of two states, neither is returned");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_parameters_are_ignored() {
    let world = World::new().await;
    let asks = world.asks().with("nonce", "n").with("audience", "x").with("unknown", "\"<>");
    let form = world.exchange(&world.code(&asks).await).with("unknown", "x");
    token(&world.app, &form, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn denial_redirects_with_access_denied() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let page = browser.authorize(&world.asks()).await;
    let back = browser.post(&form(&page, "consent").twice("decision", "deny")).await;
    assert_eq!(parameter(&back, "error"), "access_denied");
    assert_eq!(parameter(&back, "state"), "a b&c=d/é");
    assert_eq!(parameter(&back, "iss"), world.url(""));
    assert!(optional(&back, "code").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_can_grant_fewer_scopes() {
    let world = World::new().await;
    let asks = world.asks().with("scope", "posts:read posts:write posts:publish posts:delete");
    let mut browser = world.signed_in().await;
    let page = browser.authorize(&asks).await;
    // Scopes that affect more than drafts are not ticked in advance.
    let chosen = form(&page, "consent").text();
    assert!(
        chosen.contains("granted=posts%3Awrite") && !chosen.contains("granted=posts%3Apublish")
    );
    let less = form(&page, "consent").without("granted").twice("granted", "posts:read");
    let more = less.twice("granted", "admin").twice("decision", "allow");
    let code = parameter(&browser.post(&more).await, "code");
    let tokens = token(&world.app, &world.exchange(&code), 200).await;
    assert_eq!(tokens.text("/scope"), "profile posts:read", "no scope that was not requested");
}

#[tokio::test(flavor = "multi_thread")]
async fn scopes_never_exceed_the_users_role() {
    let world = World::new().await;
    let reader = world.app.user(Role::Reader).await;
    let email = reader.get("/v1/users/me", 200).await.text("/email");
    let mut browser = world.browser();
    let page = browser.authorize(&world.asks()).await;
    browser.sign_in(&page, &email, crate::harness::PASSWORD).await;
    let page = browser.authorize(&world.asks()).await;
    let back = browser.allow(&page).await;
    let tokens = token(&world.app, &world.exchange(&parameter(&back, "code")), 200).await;
    assert_eq!(tokens.text("/scope"), "profile");
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_is_skipped_only_for_a_proven_https_redirect() {
    let world = World::new().await;
    world.tokens(&world.asks()).await;
    let mut browser = world.signed_in().await;
    let at_once = browser.authorize(&world.asks()).await;
    let code = parameter(&at_once, "code");
    token(&world.app, &world.exchange(&code), 200).await;
    let less = browser.authorize(&world.asks().with("scope", "profile posts:read")).await;
    let tokens = token(&world.app, &world.exchange(&parameter(&less, "code")), 200).await;
    assert_eq!(tokens.text("/scope"), "profile posts:read", "only what this request asked for");
    let more = world.asks().with("scope", "profile posts:read posts:publish");
    assert_eq!(browser.authorize(&more).await.status, 200, "more than the consent");
    let asked = world.asks().with("prompt", "consent");
    assert_eq!(browser.authorize(&asked).await.status, 200);
    let elsewhere = world.asks().with("resource", &world.url(""));
    assert_eq!(browser.authorize(&elsewhere).await.status, 200, "another resource");

    let local = register_client(&world.app, "http://127.0.0.1/callback", "none").await;
    let page = browser.authorize(&asks(&local)).await;
    browser.allow(&page).await;
    let again = browser.authorize(&asks(&local)).await;
    assert_eq!(again.status, 200, "any app on this machine could be it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_for_more_scopes_marks_the_new_ones() {
    let world = World::new().await;
    let first = world.asks().with("scope", "profile posts:read posts:publish");
    let mut browser = world.signed_in().await;
    let page = browser.authorize(&first).await;
    assert!(!page.body.contains("(new)") && !page.body.contains("asks for more"));
    browser.allow(&page).await;
    // A scope that was left out stays unticked, however often it is requested.
    let page = browser.authorize(&first).await;
    assert!(page.body.contains("(you left this out)") && !page.body.contains("(new)"));
    assert!(!form(&page, "consent").text().contains("granted=posts%3Apublish"));
    browser.allow(&page).await;

    let more = "profile posts:read posts:write posts:delete posts:publish";
    let page = browser.authorize(&world.asks().with("scope", more)).await;
    assert!(page.body.contains("It now asks for more"));
    let marked: Vec<&str> = page.body.split("<li>").filter(|li| li.contains("(new)")).collect();
    assert_eq!(marked.len(), 2);
    assert!(marked[0].contains("Create and edit drafts"));
    assert!(marked[1].contains("Move posts to the trash"));
    let chosen = form(&page, "consent");
    assert!(chosen.text().contains("granted=posts%3Awrite"));
    assert!(!chosen.text().contains("granted=posts%3Adelete"));
    let chosen = chosen.twice("granted", "posts:delete").twice("decision", "allow");
    let code = parameter(&browser.post(&chosen).await, "code");
    let tokens = token(&world.app, &world.exchange(&code), 200).await;
    let given = "profile posts:read posts:write posts:delete";
    assert_eq!(tokens.text("/scope"), given);
    let at_once = browser.authorize(&world.asks().with("scope", given)).await;
    token(&world.app, &world.exchange(&parameter(&at_once, "code")), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn loopback_redirects_may_use_any_port() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    for (registered, sent, fits) in [
        ("http://127.0.0.1/callback", "http://127.0.0.1:49152/callback", true),
        ("http://localhost:6276/callback", "http://localhost:6277/callback", true),
        ("http://[::1]/callback", "http://[::1]:49152/callback", true),
        ("http://127.0.0.1/callback", "http://127.0.0.1:1@evil.example/callback", false),
        ("http://127.0.0.1/callback", "http://127.0.0.1.evil.example/callback", false),
        ("http://127.0.0.1/callback", "https://127.0.0.1/callback", false),
        ("http://localhost/callback", "http://127.0.0.1:1/callback", false),
        ("http://localhost/callback", "http://localhost:1/other", false),
        ("https://agent.example/", "https://agent.example:1/", false),
    ] {
        let local = register_client(&world.app, registered, "none").await;
        let page = browser.authorize(&asks(&local).with("redirect_uri", sent)).await;
        assert_eq!(page.status, if fits { 200 } else { 400 }, "{registered} {sent}");
        if fits {
            let back = browser.allow(&page).await;
            assert!(back.header("location").starts_with(&format!("{sent}?code=")));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn loading_the_page_again_changes_nothing() {
    let world = World::new().await;
    let mut browser = world.browser();
    let first = browser.authorize(&world.asks()).await;
    let second = browser.authorize(&world.asks()).await;
    assert_eq!(first.body, second.body, "both tabs keep working");
    assert!(!second.headers.contains_key("set-cookie"));
    let mut signed_in = world.signed_in().await;
    let first = signed_in.authorize(&world.asks()).await;
    let second = signed_in.authorize(&world.asks()).await;
    assert_eq!((second.status, &first.body), (200, &second.body));
}

#[tokio::test(flavor = "multi_thread")]
async fn responses_have_no_cors_headers() {
    let world = World::new().await;
    let path = format!("/oauth/authorize?{}", world.asks().text());
    let headers = [("origin", "http://localhost:3000")];
    let client = world.app.anonymous();
    let shown = client.send_raw(Method::GET, &path, &headers, None, 200).await;
    let form = [headers[0], ("content-type", "application/x-www-form-urlencoded")];
    let (post, body) = (Method::POST, Some(world.asks().text()));
    let posted = client.send_raw(post, "/oauth/authorize", &form, body, 200).await;
    for name in shown.headers.keys().chain(posted.headers.keys()) {
        assert!(!name.as_str().starts_with("access-control-"), "{name}");
    }
    // At other endpoints, this origin is allowed.
    let path = "/.well-known/oauth-authorization-server";
    let answer = world.app.anonymous().send_raw(Method::GET, path, &headers, None, 200).await;
    assert_eq!(answer.header("access-control-allow-origin"), "http://localhost:3000");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_from_one_network_are_rate_limited() {
    let world = World::of(App::start().await).await;
    let mut answers = Vec::new();
    for _ in 0..70 {
        answers.push(world.browser().authorize(&world.asks()).await.status);
    }
    assert!(answers[..60].iter().all(|status| *status == 200), "{answers:?}");
    assert!(answers.contains(&429));
}
