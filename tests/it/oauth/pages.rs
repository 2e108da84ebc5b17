//! The pages: their content, protection against forged forms, and sign-in.

use std::sync::Arc;

use http::Method;
use scraper::{Html, Selector};
use serde_json::json;

use super::browser::form;
use super::{World, asks, optional, parameter, register_client};
use crate::harness::{App, PASSWORD, code};

/// Every element of a page that a selector finds, as its text.
pub(super) fn texts(page: &str, selector: &str) -> Vec<String> {
    let html = Html::parse_document(page);
    let found: Vec<String> = html
        .select(&Selector::parse(selector).unwrap())
        .map(|element| element.text().collect::<String>())
        .collect();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_accessible_and_have_strict_headers() {
    let world = World::new().await;
    let sign_in = world.browser().authorize(&world.asks()).await;
    let consent = world.signed_in().await.authorize(&world.asks()).await;
    let refused = world.browser().get("/oauth/authorize").await;
    for page in [&sign_in, &consent, &refused] {
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"));
        assert!(!policy.contains("form-action"), "browsers would hold the redirect to it");
        assert!(!policy.contains("script-src") && !policy.contains("unsafe"));
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("cross-origin-resource-policy"), "same-origin");
        assert!(page.body.contains("<html lang=\"en\">"));
        assert_eq!(texts(&page.body, "main h1").len(), 1);
        assert_eq!(texts(&page.body, "title").len(), 1);
        assert!(page.body.contains(":focus-visible"));
        for no in ["script", "img", "link", "[onclick]", "[style]", "iframe"] {
            assert_eq!(texts(&page.body, no).len(), 0, "{no}");
        }
        // Every field has a label, and every label a field.
        let html = Html::parse_document(&page.body);
        let fields = Selector::parse("input:not([type=hidden])").unwrap();
        for field in html.select(&fields) {
            let id = field.value().attr("id").unwrap();
            assert_eq!(texts(&page.body, &format!("label[for='{id}']")).len(), 1, "{id}");
        }
    }
    assert_eq!(texts(&sign_in.body, "label").len(), 3);
    assert!(sign_in.body.contains("autocomplete=\"one-time-code\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_shows_the_client_scopes_and_redirect_host() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let page = browser.authorize(&world.asks().with("scope", "posts:read posts:publish")).await;
    let told = texts(&page.body, "dd").join("|");
    assert_eq!(texts(&page.body, "h1"), ["Authorize Test agent?"]);
    assert!(told.contains("agent.example"), "{told}");
    assert!(told.contains("nobody has verified it"), "{told}");
    assert!(page.body.contains(&world.email));
    let scopes = texts(&page.body, "ul.scopes li");
    let words =
        ["See your name, e-mail address and role", "Read drafts", "Publish and unpublish posts"];
    assert_eq!(scopes.len(), words.len(), "{scopes:?}");
    for (scope, words) in scopes.iter().zip(words) {
        assert!(scope.contains(words), "{scope}");
    }
    assert_eq!(texts(&page.body, "button[name=decision]").len(), 2);
    assert_eq!(texts(&page.body, ".warning").len(), 0);
    let local = register_client(&world.app, "http://localhost:1234/callback", "none").await;
    let page = browser.authorize(&asks(&local)).await;
    let warning = texts(&page.body, ".warning").join("");
    assert!(warning.contains("just started this yourself"), "{warning}");
    assert!(texts(&page.body, "dd").join("|").contains("localhost"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_name_is_escaped() {
    let world = World::new().await;
    let name = "<script>alert(1)</script>\"'><b>";
    let body = json!({
        "client_name": name,
        "redirect_uris": [super::REDIRECT],
        "token_endpoint_auth_method": "none",
    });
    let made = world.app.anonymous().post("/oauth/register", body, 201).await;
    let asks = world.asks().with("client_id", &made.text("/client_id"));
    let asks = asks.with("state", "\"><script>alert(2)</script>");
    for page in
        [world.browser().authorize(&asks).await, world.signed_in().await.authorize(&asks).await]
    {
        assert_eq!(page.status, 200);
        assert_eq!(texts(&page.body, "script, b").len(), 0);
        assert!(texts(&page.body, "strong, dd").iter().any(|text| text == name));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_form_is_refused() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let page = browser.authorize(&world.asks()).await;
    let consent = form(&page, "consent").twice("decision", "allow");
    let other = register_client(&world.app, "https://evil.example/callback", "none").await;
    for forged in [
        consent.clone().without("form_token"),
        consent.clone().with("form_token", "AAAA"),
        // The token of a page about another request.
        consent.clone().with("client_id", &other.id).with("redirect_uri", &other.redirect_uri),
        consent.clone().with("scope", "profile posts:read posts:write posts:publish"),
        consent.clone().with("state", "another"),
        consent.clone().with("code_challenge", &"A".repeat(43)),
        consent.clone().with("resource", &world.url("")),
    ] {
        let answer = browser.post(&forged).await;
        assert_eq!(answer.status, 403, "{}", forged.text());
        assert!(!answer.headers.contains_key("location"));
    }
    // Another browser's form, sent by one that is signed in: its cookie is another one.
    let mut victim = world.signed_in().await;
    victim.authorize(&world.asks()).await;
    assert_eq!(victim.post(&consent).await.status, 403);
    // Without any cookie, as a form of another site is sent.
    assert_eq!(world.browser().post(&consent).await.status, 403);
    assert_eq!(world.person.get("/v1/auth/grants", 200).await.json["items"], json!([]));
    parameter(&browser.post(&consent).await, "code");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_form_is_refused_and_can_be_loaded_again() {
    let (app, clock) = App::unlimited_with_clock().await;
    let world = World::of(app).await;
    let mut browser = world.browser();
    let page = browser.authorize(&world.asks()).await;
    clock.advance(1799);
    assert_eq!(browser.sign_in(&page, &world.email, PASSWORD).await.status, 303);
    let mut browser = world.browser();
    let page = browser.authorize(&world.asks()).await;
    clock.advance(1800);
    let late = browser.sign_in(&page, &world.email, PASSWORD).await;
    assert_eq!(late.status, 403);
    let again = browser.authorize(&world.asks()).await;
    assert_eq!(browser.sign_in(&again, &world.email, PASSWORD).await.status, 303);
    clock.advance(3601);
    let page = browser.authorize(&world.asks()).await;
    assert!(page.body.contains("current-password"), "signed out after an hour");
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_http_only_and_signed() {
    let app = App::start_with(|options| {
        options.variable = Arc::new(|name: &str| match name {
            "BYLINE_PUBLIC_URL" => Some("https://api.example.com".to_owned()),
            "BYLINE_RATE_LIMITS" => Some("off".to_owned()),
            _ => None,
        });
    })
    .await;
    let world = World::of(app).await;
    let mut browser = world.browser();
    let page = browser.authorize(&world.asks()).await;
    let signed_in = browser.sign_in(&page, &world.email, PASSWORD).await;
    let cookies: Vec<&str> = [&page, &signed_in]
        .into_iter()
        .flat_map(|answer| answer.headers.get_all("set-cookie"))
        .map(|cookie| cookie.to_str().unwrap())
        .collect();
    assert_eq!(cookies.len(), 3, "form, session and device: {cookies:?}");
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-byline-"), "{cookie}");
        for attribute in ["; Path=/;", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Max-Age="] {
            assert!(cookie.contains(attribute), "{attribute} in {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    // A cookie that somebody made up, or of another purpose, signs nobody in.
    let device = browser.cookies.0["__Host-byline-device"].clone();
    for value in [device, "AAAA".to_owned(), String::from("x")] {
        let mut forged = world.browser();
        forged.cookies.0.insert("__Host-byline-session".to_owned(), value);
        assert!(forged.authorize(&world.asks()).await.body.contains("current-password"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_has_the_rate_limits_of_the_api() {
    let world = World::of(App::start().await).await;
    let mut browser = world.browser();
    let page = browser.authorize(&world.asks()).await;
    let hashes = world.app.byline.password_hashes();
    let unknown = browser.sign_in(&page, "nobody@example.com", "wrong").await;
    let known = browser.sign_in(&page, &world.email, "wrong").await;
    assert_eq!((unknown.status, known.status), (403, 403));
    let without = |body: &str, email: &str| body.replace(email, "");
    assert_eq!(
        without(&unknown.body, "nobody@example.com"),
        without(&known.body, &world.email),
        "nobody learns who has an account"
    );
    assert_eq!(world.app.byline.password_hashes(), hashes + 2);
    assert_eq!(texts(&known.body, "[role=alert]").len(), 1);
    assert!(!known.body.contains("value=\"wrong\""), "the password is not sent back");
    let mut last = known;
    for _ in 0..6 {
        last = browser.sign_in(&page, &world.email, "wrong").await;
    }
    assert_eq!(last.status, 429, "the limits are those of the API");
    last.header("retry-after");
    let api = json!({ "email": world.email, "password": PASSWORD });
    assert_eq!(world.app.anonymous().try_post("/v1/auth/login", api).await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_factor_authentication_asks_for_a_code() {
    let (app, clock) = App::unlimited_with_clock().await;
    let world = World::of(app).await;
    let enrolment = world.person.post("/v1/auth/totp", json!({}), 200).await;
    let uri = enrolment.text("/otpauth_uri");
    let now = || byline_shared::clock::Clock::now(&*clock);
    let body = json!({ "code": code(&uri, now()) });
    let recovery = world.person.post("/v1/auth/totp/confirm", body, 200).await;
    clock.advance(60);
    let mut browser = world.browser();
    let page = browser.authorize(&world.asks()).await;
    let without = browser.sign_in(&page, &world.email, PASSWORD).await;
    assert_eq!(without.status, 403);
    assert!(without.body.contains("one-time code from your authenticator app"));
    let fill = form(&page, "sign_in").with("email", &world.email).with("password", PASSWORD);
    assert_eq!(browser.post(&fill.clone().with("code", "000000")).await.status, 403);
    let right = fill.clone().with("code", &code(&uri, now()));
    assert_eq!(browser.post(&right).await.status, 303);
    let mut other = world.browser();
    let page = other.authorize(&world.asks()).await;
    let fill = form(&page, "sign_in").with("email", &world.email).with("password", PASSWORD);
    assert_eq!(
        other.post(&fill.with("code", &recovery.text("/recovery_codes/0"))).await.status,
        303
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_can_switch_accounts() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let sessions = world.person.get("/v1/auth/sessions", 200).await;
    assert_eq!(sessions.json["items"].as_array().unwrap().len(), 2, "the browser is a sign-in");
    let page = browser.authorize(&world.asks()).await;
    let out = browser.post(&form(&page, "sign_out")).await;
    assert_eq!(out.status, 303);
    let page = browser.get(out.header("location")).await;
    assert!(page.body.contains("current-password"));
    let sessions = world.person.get("/v1/auth/sessions", 200).await;
    assert_eq!(sessions.json["items"].as_array().unwrap().len(), 1);
    // Ended from elsewhere, it ends here.
    let mut other = world.signed_in().await;
    let newest = world.person.get("/v1/auth/sessions", 200).await.text("/items/0/id");
    world.person.delete(&format!("/v1/auth/sessions/{newest}"), 204).await;
    assert!(other.authorize(&world.asks()).await.body.contains("current-password"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authorization_request_may_be_posted() {
    let world = World::new().await;
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let body = Some(world.asks().text());
    let post = Method::POST;
    let client = world.app.anonymous();
    let page = client.send_raw(post, "/oauth/authorize", &headers, body, 200).await;
    assert!(page.body.contains("current-password"));
    let mut browser = world.signed_in().await;
    let wrong = browser.post(&world.asks().without("code_challenge")).await;
    assert_eq!(optional(&wrong, "error").as_deref(), Some("invalid_request"));
}
