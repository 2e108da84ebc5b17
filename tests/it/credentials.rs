//! What people and programs sign in with besides a password: codes, sessions, API keys.

use byline_shared::clock::Clock;
use byline_shared::model::Role;
use serde_json::json;

use crate::harness::{App, PASSWORD, code, draft, login};

#[tokio::test(flavor = "multi_thread")]
async fn one_time_codes_are_asked_for_and_work_once() {
    let (app, clock) = App::with_clock().await;
    app.sign_up("ada@example.com", "Ada").await;
    let ada = app.sign_in("ada@example.com").await;
    let enrolment = ada.post("/v1/auth/totp", json!({}), 200).await;
    let uri = enrolment.text("/otpauth_uri");
    assert!(enrolment.text("/qr_svg").contains("<svg"));
    // Not before it is confirmed.
    app.anonymous().post("/v1/auth/login", login("ada@example.com", PASSWORD), 200).await;
    ada.post("/v1/auth/totp/confirm", json!({ "code": "000000" }), 422).await;
    let confirm = json!({ "code": code(&uri, clock.now()) });
    let codes = ada.post("/v1/auth/totp/confirm", confirm.clone(), 200).await;
    let recovery = codes.text("/recovery_codes/0");
    assert_eq!(codes.json["recovery_codes"].as_array().unwrap().len(), 10);
    ada.post("/v1/auth/totp", json!({}), 409).await;

    let attempt = |code: Option<&str>| {
        let mut body = login("ada@example.com", PASSWORD);
        if let Some(code) = code {
            body["code"] = code.into();
        }
        body
    };
    let without = app.anonymous().post("/v1/auth/login", attempt(None), 401).await;
    without.is_problem("second_factor_required");
    let spent = confirm["code"].as_str();
    app.anonymous().post("/v1/auth/login", attempt(spent), 401).await;
    clock.advance(60);
    let next = code(&uri, clock.now());
    app.anonymous().post("/v1/auth/login", attempt(Some(&next)), 200).await;
    app.anonymous().post("/v1/auth/login", attempt(Some(&next)), 401).await;
    app.anonymous().post("/v1/auth/login", attempt(Some(&recovery)), 200).await;
    app.anonymous().post("/v1/auth/login", attempt(Some(&recovery)), 401).await;
    // A wrong password is not told that codes are on.
    let wrong = json!({ "email": "ada@example.com", "password": "not it at all" });
    let answer = app.anonymous().post("/v1/auth/login", wrong, 401).await;
    answer.is_problem("invalid_credentials");
    ada.delete("/v1/auth/totp", 204).await;
    app.anonymous().post("/v1/auth/login", attempt(None), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_and_ended_one_by_one_or_all() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let (this, other) =
        (app.sign_in("ada@example.com").await, app.sign_in("ada@example.com").await);
    let list = this.get("/v1/auth/sessions", 200).await;
    let items = list.json["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert_eq!(items.iter().filter(|item| item["current"] == true).count(), 1);
    assert_eq!(items[0]["ip"], "127.0.0.1");
    let other_id = items.iter().find(|item| item["current"] == false).unwrap()["id"].as_str();
    let path = format!("/v1/auth/sessions/{}", other_id.unwrap());
    this.delete(&path, 204).await;
    this.delete(&path, 404).await;
    other.get("/v1/users/me", 401).await;
    // Nobody ends another's.
    let stranger = app.user(Role::Reader).await;
    let own = this.get("/v1/auth/sessions", 200).await.text("/items/0/id");
    stranger.delete(&format!("/v1/auth/sessions/{own}"), 404).await;
    let third = app.sign_in("ada@example.com").await;
    this.post("/v1/auth/logout-all", json!({}), 200).await;
    this.get("/v1/users/me", 401).await;
    third.get("/v1/users/me", 401).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_after_all_sessions_ended_is_refused_again_and_again() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let tokens = app.tokens("ada@example.com").await;
    let ada = app.with_token(&tokens.text("/access_token"));
    ada.post("/v1/auth/logout-all", json!({}), 200).await;
    let body = json!({ "refresh_token": tokens.text("/refresh_token") });
    for _ in 0..3 {
        app.anonymous().post("/v1/auth/refresh", body.clone(), 401).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn api_keys_act_within_their_scopes_until_they_are_revoked() {
    let (app, clock) = App::with_clock().await;
    let author = app.user(Role::Author).await;
    let path = "/v1/auth/api-keys";
    let body = json!({ "name": "Build server", "scopes": ["posts:read", "posts:publish"] });
    let made = author.post(path, body, 201).await;
    let (key, id) = (made.text("/key"), made.text("/id"));
    assert!(key.starts_with("byline_key_"));
    let list = author.get(path, 200).await;
    assert!(!list.body.contains(&key) && list.json["items"][0]["last_used_at"].is_null());

    let bearer = app.with_token(&key);
    bearer.get("/v1/manage/posts", 200).await;
    let denied = bearer.post("/v1/manage/posts", draft("No"), 403).await;
    assert!(denied.header("www-authenticate").contains("insufficient_scope"));
    // The role limits the key: an author does not publish.
    let post = author.post("/v1/manage/posts", draft("One"), 201).await;
    let publish = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    let revision = json!({ "revision_id": post.text("/revision_id") });
    bearer.post(&publish, revision, 403).await;
    // No key makes keys, ends sessions or changes a password.
    bearer.get(path, 403).await.is_problem("forbidden");
    bearer.post("/v1/auth/logout-all", json!({}), 403).await;
    let used = author.get(path, 200).await;
    assert!(used.json["items"][0]["last_used_at"].is_string());

    let mut forged = key.clone();
    forged.pop();
    forged.push(if key.ends_with('A') { 'B' } else { 'A' });
    app.with_token(&forged).get("/v1/manage/posts", 401).await;
    author.delete(&format!("{path}/{id}"), 204).await;
    bearer.get("/v1/manage/posts", 401).await;

    let body = json!({ "name": "Short", "scopes": ["posts:read"], "expires_in_days": 1 });
    let short = app.with_token(&author.post(path, body, 201).await.text("/key"));
    short.get("/v1/manage/posts", 200).await;
    clock.advance(24 * 3600);
    short.get("/v1/manage/posts", 401).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stolen_session_must_not_do_takes_a_recent_sign_in() {
    let (app, clock) = App::with_clock().await;
    app.sign_up("ada@example.com", "Ada").await;
    let tokens = app.tokens("ada@example.com").await;
    clock.advance(16 * 60);
    let body = json!({ "refresh_token": tokens.text("/refresh_token") });
    let tokens = app.anonymous().post("/v1/auth/refresh", body, 200).await;
    let ada = app.with_token(&tokens.text("/access_token"));
    ada.get("/v1/users/me", 200).await;
    let refused = ada.post("/v1/auth/totp", json!({}), 401).await;
    refused.is_problem("recent_sign_in_required");
    let challenge = refused.header("www-authenticate");
    assert!(
        challenge.contains("insufficient_user_authentication") && challenge.contains("max_age")
    );
    ada.delete("/v1/users/me", 401).await;
    app.sign_in("ada@example.com").await.post("/v1/auth/totp", json!({}), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_is_recent_for_15_minutes() {
    let (app, clock) = App::unlimited_with_clock().await;
    app.sign_up("ada@example.com", "Ada").await;
    let tokens = app.tokens("ada@example.com").await;
    clock.advance(15 * 60);
    let body = json!({ "refresh_token": tokens.text("/refresh_token") });
    let tokens = app.anonymous().post("/v1/auth/refresh", body, 200).await;
    let ada = app.with_token(&tokens.text("/access_token"));
    ada.post("/v1/auth/totp", json!({}), 200).await;
    clock.advance(1);
    ada.post("/v1/auth/totp", json!({}), 401).await.is_problem("recent_sign_in_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_works_until_the_second_in_which_it_ends() {
    let (app, clock) = App::unlimited_with_clock().await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let path = "/v1/auth/api-keys";
    let body = json!({ "name": "Short", "scopes": ["posts:read"], "expires_in_days": 1 });
    let ada = app.sign_in("ada@example.com").await;
    let key = app.with_token(&ada.post(path, body, 201).await.text("/key"));
    let listed = async || {
        let list = app.sign_in("ada@example.com").await.get(path, 200).await;
        list.json["items"].as_array().unwrap().len()
    };
    clock.advance(24 * 3600 - 1);
    key.get("/v1/manage/posts", 200).await;
    assert_eq!(listed().await, 1);
    clock.advance(1);
    key.get("/v1/manage/posts", 401).await;
    assert_eq!(listed().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_use_of_a_key_is_noted_once_an_hour() {
    let (app, clock) = App::unlimited_with_clock().await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let body = json!({ "name": "Build server", "scopes": ["posts:read"] });
    let ada = app.sign_in("ada@example.com").await;
    let key = app.with_token(&ada.post("/v1/auth/api-keys", body, 201).await.text("/key"));
    let mut seen = Vec::new();
    for wait in [0, 3599, 1, 3600] {
        clock.advance(wait);
        key.get("/v1/manage/posts", 200).await;
        let list = app.sign_in("ada@example.com").await.get("/v1/auth/api-keys", 200).await;
        seen.push(list.text("/items/0/last_used_at"));
    }
    assert_eq!(seen[0], seen[1], "within the hour");
    assert!(seen[1] < seen[2] && seen[2] < seen[3], "{seen:?}");
}

/// The app shows a code for 30 seconds; its clock may be a step behind or ahead, and no more.
#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_code_may_be_a_step_early_or_late() {
    let (app, clock) = App::unlimited_with_clock().await;
    app.sign_up("ada@example.com", "Ada").await;
    let ada = app.sign_in("ada@example.com").await;
    let uri = ada.post("/v1/auth/totp", json!({}), 200).await.text("/otpauth_uri");
    let confirm = json!({ "code": code(&uri, clock.now()) });
    ada.post("/v1/auth/totp/confirm", confirm, 200).await;
    for (steps, status) in [(-2, 401), (2, 401), (-1, 200), (1, 200), (0, 401)] {
        if steps == -2 {
            clock.advance(300);
        }
        let mut body = login("ada@example.com", PASSWORD);
        body["code"] = code(&uri, clock.now().plus_seconds(30 * steps)).into();
        let answer = app.anonymous().try_post("/v1/auth/login", body).await;
        assert_eq!(answer.status, status, "{steps} steps: {}", answer.body);
    }
}

/// As people type codes: in capitals, with spaces, without the dashes.
#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_counts_however_it_is_spelt() {
    let (app, clock) = App::unlimited_with_clock().await;
    app.sign_up("ada@example.com", "Ada").await;
    let ada = app.sign_in("ada@example.com").await;
    let uri = ada.post("/v1/auth/totp", json!({}), 200).await.text("/otpauth_uri");
    let confirm = json!({ "code": code(&uri, clock.now()) });
    let made = ada.post("/v1/auth/totp/confirm", confirm, 200).await;
    let codes = made.json["recovery_codes"].as_array().unwrap();
    let codes: Vec<&str> = codes.iter().map(|code| code.as_str().unwrap()).collect();
    let shape = |code: &str| code.split('-').map(str::len).collect::<Vec<_>>();
    assert!(codes.iter().all(|code| shape(code) == [7; 4]), "{codes:?}");
    let spelt = [codes[0].to_uppercase(), codes[1].replace('-', " "), codes[2].replace('-', "")];
    for code in spelt {
        let mut body = login("ada@example.com", PASSWORD);
        body["code"] = code.clone().into();
        app.anonymous().post("/v1/auth/login", body.clone(), 200).await;
        app.anonymous().post("/v1/auth/login", body, 401).await;
    }
}
