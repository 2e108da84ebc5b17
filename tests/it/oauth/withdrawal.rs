//! A user's word: for which address it holds, and how it is taken back.

use http::Method;
use serde_json::json;

use super::browser::{Browser, form};
use super::{Form, Program, World, asks, error, exchange, parameter, post, program, token};
use crate::harness::PASSWORD;

async fn shut_out(world: &World, program: &Program) {
    let grants = world.person.get("/v1/auth/grants", 200).await;
    let items = grants.json["items"].as_array().unwrap();
    let grant = items.iter().find(|grant| grant["client_id"] == program.id.as_str()).unwrap();
    let path = format!("/v1/auth/grants/{}", grant["id"].as_str().unwrap());
    world.person.delete(&path, 204).await;
}

async fn signs_in(world: &World, browser: &mut Browser, password: &str) {
    let page = browser.authorize(&world.asks()).await;
    let answer = browser.sign_in(&page, &world.email, password).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_one_shuts_out_is_out_wherever_it_got_in() {
    let world = World::new().await;
    let first = world.tokens(&world.asks()).await.text("/access_token");
    let second = world.tokens(&world.asks()).await.text("/access_token");
    let under_way = world.code(&world.asks()).await;
    let over_api = world.asks().with("resource", &world.url(""));
    let elsewhere = world.tokens(&over_api).await.text("/access_token");
    let other = program(&world.app, "https://other.example/cb", "none").await;
    let code = world.code(&asks(&other)).await;
    let others = token(&world.app, &exchange(&other, &code), 200).await.text("/access_token");

    shut_out(&world, &world.program).await;
    let grants = world.person.get("/v1/auth/grants", 200).await;
    let left = grants.json["items"].as_array().unwrap();
    let is_mcp = |grant: &&serde_json::Value| {
        grant["client_id"] == world.program.id.as_str() && grant["resource"] == world.url("/mcp")
    };
    // One of two places was named: the newest is that of the REST API.
    if left.iter().any(|grant| is_mcp(&grant)) {
        world.app.with_token(&elsewhere).get("/v1/users/me", 401).await;
        shut_out(&world, &world.program).await;
    }
    for token in [&first, &second] {
        assert!(!world.opens_mcp(token).await);
    }
    let late = token(&world.app, &world.exchange(&under_way), 400).await;
    assert_eq!(error(&late), "invalid_grant");
    assert!(world.opens_mcp(&others).await, "another program goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_shut_one_out_at_once_one_hears_that_it_is_out() {
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
async fn what_is_left_out_later_is_taken_back_everywhere() {
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
    assert!(!world.opens_mcp(&wide).await, "it could write");
    let late = token(&world.app, &world.exchange(&under_way), 400).await;
    assert_eq!(error(&late), "invalid_grant", "it would write");
    assert!(world.opens_mcp(&narrow).await, "it could not");
    assert_eq!(browser.authorize(&world.asks()).await.status, 200, "posts:write is asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_takes_back_a_yes() {
    let world = World::new().await;
    let access = world.tokens(&world.asks()).await.text("/access_token");
    let mut browser = world.signed_in().await;
    let page = browser.authorize(&world.asks().with("prompt", "consent")).await;
    let back = browser.post(&form(&page, "consent").twice("decision", "deny")).await;
    assert_eq!(parameter(&back, "error"), "access_denied");
    assert_eq!(browser.authorize(&world.asks()).await.status, 200, "it has to ask again");
    assert!(world.opens_mcp(&access).await, "what it has, it has until it is shut out");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_all_sessions_takes_back_the_users_word() {
    for ending in ["logout-all", "password"] {
        let world = World::new().await;
        let mut browser = world.signed_in().await;
        browser.code(&world.asks()).await;
        let new = "entirely different words";
        let password = if ending == "password" {
            let body = json!({ "current_password": PASSWORD, "new_password": new });
            world.person.post("/v1/auth/password/change", body, 204).await;
            new
        } else {
            world.person.post("/v1/auth/logout-all", json!({}), 204).await;
            PASSWORD
        };
        signs_in(&world, &mut browser, password).await;
        assert_eq!(browser.authorize(&world.asks()).await.status, 200, "{ending}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_came_back_takes_back_the_users_word() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    let code = browser.code(&world.asks()).await;
    token(&world.app, &world.exchange(&code), 200).await;
    token(&world.app, &world.exchange(&code), 400).await;
    assert_eq!(browser.authorize(&world.asks()).await.status, 200);
}

/// A program with several addresses.
async fn with_addresses(world: &World, addresses: &[&str]) -> Program {
    let body = json!({
        "client_name": "Of many places",
        "redirect_uris": addresses,
        "token_endpoint_auth_method": "none",
    });
    let made = world.app.anonymous().post("/oauth/register", body, 201).await;
    Program::of(&made, addresses[0])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_for_one_address_must_not_send_a_code_to_another() {
    let world = World::new().await;
    let addresses =
        ["https://trusted.example/cb", "https://evil.example/steal", "http://127.0.0.1/cb"];
    for agreed in [addresses[0], addresses[2]] {
        let program = with_addresses(&world, &addresses).await;
        let asks = asks(&program).with("redirect_uri", agreed);
        let mut browser = world.signed_in().await;
        let page = browser.authorize(&asks).await;
        browser.allow(&page).await;
        let evil = asks.with("redirect_uri", addresses[1]);
        let page = browser.authorize(&evil).await;
        assert_eq!(page.status, 200, "nobody agreed to send anything there");
        assert!(page.body.contains("evil.example"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_for_this_machine_must_not_do_for_a_word() {
    let world = World::new().await;
    let program = program(&world.app, "https://localhost:8443/cb", "none").await;
    let mut browser = world.signed_in().await;
    for _ in 0..2 {
        let page = browser.authorize(&asks(&program)).await;
        assert_eq!(page.status, 200, "any program of the machine could be asking");
        assert!(page.body.contains("Only go on if you have just started this yourself"));
        browser.allow(&page).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_must_be_sent_on_by_a_request_that_is_wrong() {
    let world = World::new().await;
    let mut signed_in = world.signed_in().await;
    for (address, goes) in [
        ("https://phish.example/login", false),
        ("com.example.app:/cb", false),
        ("http://127.0.0.1/cb", true),
    ] {
        let program = program(&world.app, address, "none").await;
        let wrong = asks(&program).with("response_type", "token");
        for browser in [&mut world.browser(), &mut signed_in] {
            let answer = browser.authorize(&wrong).await;
            assert_eq!(answer.status, if goes { 303 } else { 400 }, "{address}");
            assert_eq!(answer.headers.contains_key("location"), goes, "{address}");
            assert_eq!(parameter(&answer, "error"), "unsupported_response_type");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_just_spent_can_be_given_back() {
    let world = World::new().await;
    let first = world.tokens(&world.asks()).await.text("/refresh_token");
    let next = token(&world.app, &world.refreshes(&first), 200).await;
    // Its answer may have been lost: then this is the only one that the program has.
    let form = Form::new(&[("client_id", &world.program.id), ("token", &first)]);
    post(&world.app, "/oauth/revoke", &form, 200).await;
    assert!(!world.opens_mcp(&next.text("/access_token")).await);
    for spent in [first, next.text("/refresh_token")] {
        let refused = token(&world.app, &world.refreshes(&spent), 400).await;
        assert_eq!(error(&refused), "invalid_grant");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lets_a_program_in_gets_a_mail_where_it_may_do_more_than_before() {
    let world = World::new().await;
    let mut browser = world.signed_in().await;
    browser.code(&world.asks().with("scope", "profile posts:read")).await;
    let about = "A change to your account at Byline";
    let mail = world.app.byline.mailbox.mail_about(&world.email, about).await;
    assert!(format!("{mail:?}").contains("a program was let in"), "{mail:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_is_json() {
    let world = World::new().await;
    let body = super::registration("https://a.example/cb", "none").to_string();
    let headers = [("content-type", "text/plain")];
    let client = world.app.anonymous();
    let answer = client.try_send(Method::POST, "/oauth/register", &headers, Some(body)).await;
    assert_eq!(answer.unwrap().status, 415, "any page could send this unasked");
}
