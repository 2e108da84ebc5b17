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
