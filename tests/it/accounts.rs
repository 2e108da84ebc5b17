//! Accounts as their owners and admins use them: passwords, codes, keys, addresses, endings.

use http::Method;
use serde_json::{Value, json};
use shared::clock::Clock;
use shared::model::Role;

use crate::harness::{App, PASSWORD, code, draft};

const OTHER: &str = "entirely different words";

fn login(email: &str, password: &str) -> Value {
    json!({ "email": email, "password": password })
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_that_are_easily_guessed_are_refused_with_the_reason() {
    let app = App::unlimited().await;
    for (password, email, name) in [
        ("password1234", "ada@example.com", "Ada"),
        ("aaaaaaaaaaaaaaaa", "ada@example.com", "Ada"),
        ("ada.lovelace1815", "ada.lovelace1815@example.com", "Ada"),
        ("Lovelace Augusta", "ada@example.com", "Augusta Lovelace"),
        ("byline byline", "ada@example.com", "Ada"),
    ] {
        let body = json!({ "email": email, "password": password, "name": name });
        let answer = app.anonymous().post("/v1/auth/register", body, 422).await;
        assert_eq!(answer.faults(), [("/password".to_owned(), "too_guessable".to_owned())]);
        assert!(!answer.body.contains(password), "{}", answer.body);
    }
    let long: String = (0..32).map(|n| format!("{:x}-", n * n * 7919 + 104_729)).collect();
    let long = long.chars().take(256).collect::<String>();
    // No rules of composition, and every character counts as it is.
    for password in ["lower case only words", "\u{1f98a} fox \u{1f98a} tree \u{1f98a}", &long] {
        let body = json!({ "email": "ada@example.com", "password": password, "name": "Ada" });
        app.anonymous().post("/v1/auth/register", body, 202).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_replaced_by_mail_and_every_session_ends() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let before = app.sign_in("ada@example.com").await;
    app.anonymous()
        .post("/v1/auth/password/forgot", json!({ "email": "ada@example.com" }), 202)
        .await;
    let mail = app.byline.mailbox.mail_about("ada@example.com", "Choose a new password").await;
    let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
    before.get("/v1/users/me", 200).await;
    let weak = json!({ "token": token, "new_password": "ada ada ada ada" });
    app.anonymous().post("/v1/auth/password/reset", weak, 422).await;
    let body = json!({ "token": token, "new_password": OTHER });
    app.anonymous().post("/v1/auth/password/reset", body.clone(), 204).await;
    before.get("/v1/users/me", 401).await;
    let again = app.anonymous().post("/v1/auth/password/reset", body, 422).await;
    assert_eq!(again.faults(), [("/token".to_owned(), "invalid_token".to_owned())]);
    app.anonymous().post("/v1/auth/login", login("ada@example.com", PASSWORD), 401).await;
    app.anonymous().post("/v1/auth/login", login("ada@example.com", OTHER), 200).await;
    app.byline.mailbox.mail_about("ada@example.com", "A change to your account").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_link_ends_with_its_time_and_with_another_change() {
    let (app, clock) = App::with_clock().await;
    app.sign_up("ada@example.com", "Ada").await;
    let ask = || app.anonymous();
    ask().post("/v1/auth/password/forgot", json!({ "email": "ada@example.com" }), 202).await;
    let mail = app.byline.mailbox.mail_about("ada@example.com", "Choose a new password").await;
    let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
    clock.advance(31 * 60);
    let body = json!({ "token": token, "new_password": OTHER });
    ask().post("/v1/auth/password/reset", body, 422).await;
    app.anonymous().post("/v1/auth/login", login("ada@example.com", PASSWORD), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_leaves_this_session_alone() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let (this, other) =
        (app.sign_in("ada@example.com").await, app.sign_in("ada@example.com").await);
    let path = "/v1/auth/password/change";
    let wrong = json!({ "current_password": "not it at all", "new_password": OTHER });
    let answer = this.post(path, wrong, 422).await;
    assert_eq!(answer.faults(), [("/current_password".to_owned(), "wrong_password".to_owned())]);
    let body = json!({ "current_password": PASSWORD, "new_password": OTHER });
    this.post(path, body, 204).await;
    this.get("/v1/users/me", 200).await;
    other.get("/v1/users/me", 401).await;
    app.anonymous().post("/v1/auth/login", login("ada@example.com", OTHER), 200).await;
}

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
    this.post("/v1/auth/logout-all", json!({}), 204).await;
    this.get("/v1/users/me", 401).await;
    third.get("/v1/users/me", 401).await;
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
async fn an_address_changes_once_both_have_agreed() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let ada = app.sign_in("ada@example.com").await;
    ada.patch("/v1/users/me", json!({ "email": "new@example.com" }), 200).await;
    let confirm = "/v1/auth/email-change/confirm";
    let mut changed = Vec::new();
    for address in ["ada@example.com", "new@example.com"] {
        let mail = app.byline.mailbox.mail_about(address, "Confirm the new address").await;
        let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
        let body = json!({ "token": token });
        let answer = app.anonymous().post(confirm, body.clone(), 200).await;
        changed.push(answer.json["changed"].clone());
        app.anonymous().post(confirm, body, 422).await;
    }
    assert_eq!(changed, [json!(false), json!(true)]);
    ada.get("/v1/users/me", 401).await;
    app.anonymous().post("/v1/auth/login", login("ada@example.com", PASSWORD), 401).await;
    let me = app.sign_in("new@example.com").await.get("/v1/users/me", 200).await;
    assert_eq!(me.text("/email"), "new@example.com");
    is_free(&app, "ada@example.com").await;
}

/// Whether an address that had an account can be signed up again.
async fn is_free(app: &App, email: &str) {
    let body = json!({ "email": email, "password": PASSWORD, "name": "Somebody else" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    app.eventually(|| async {
        let mails = app.byline.mailbox.mails().into_iter();
        let links =
            mails.filter(|mail| mail.to == email && mail.subject.starts_with("Confirm your"));
        links.count() == 2
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_leaves_its_posts_without_a_name() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let me = author.get("/v1/users/me", 200).await;
    let post = author.post("/v1/manage/posts", draft("Left behind"), 201).await;
    let publish = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    let revision = json!({ "revision_id": post.text("/revision_id") });
    app.admin().await.post(&publish, revision, 200).await;
    let path = format!("/v1/posts/{}", post.text("/slug"));
    let read = app.anonymous().get(&path, 200).await;
    assert_eq!(read.text("/author/name"), me.text("/name"));
    author.delete("/v1/users/me", 204).await;
    author.get("/v1/users/me", 401).await;
    app.anonymous().post("/v1/auth/login", login(&me.text("/email"), PASSWORD), 401).await;
    app.eventually(|| async {
        let read = app.anonymous().get(&path, 200).await;
        let list = app.anonymous().get("/v1/posts", 200).await;
        read.text("/author/name") == "Former author"
            && list.text("/items/0/author/name") == "Former author"
    })
    .await;
    let id = me.text("/id");
    app.admin().await.get(&format!("/v1/users/{id}"), 404).await;
    is_free(&app, &me.text("/email")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_is_shut_at_once() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let me = author.get("/v1/users/me", 200).await;
    let body = json!({ "name": "Key", "scopes": ["posts:read"] });
    let key = app.with_token(&author.post("/v1/auth/api-keys", body, 201).await.text("/key"));
    let path = format!("/v1/users/{}", me.text("/id"));
    let admin = app.admin().await;
    admin.patch(&path, json!({ "disabled": true }), 200).await;
    author.get("/v1/users/me", 401).await;
    key.get("/v1/manage/posts", 401).await;
    let attempt = login(&me.text("/email"), PASSWORD);
    let refused = app.anonymous().post("/v1/auth/login", attempt.clone(), 401).await;
    refused.is_problem("invalid_credentials");
    let disabled = admin.get("/v1/users?disabled=true", 200).await;
    assert_eq!(disabled.json["items"].as_array().unwrap().len(), 1);
    let admins = admin.get("/v1/users?role=admin&sort=created_at", 200).await;
    assert_eq!(admins.json["items"].as_array().unwrap().len(), 1);
    admin.patch(&path, json!({ "disabled": false }), 200).await;
    app.anonymous().post("/v1/auth/login", attempt, 200).await;
    // What was ended stays ended.
    author.get("/v1/users/me", 401).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn security_events_are_in_the_log_with_who_and_from_where() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let wrong = login("ada@example.com", "not it at all");
    app.anonymous().post("/v1/auth/login", wrong, 401).await;
    let ada = app.sign_in("ada@example.com").await;
    ada.post("/v1/auth/logout", json!({}), 204).await;
    let log = app.admin().await.get("/v1/admin/audit?limit=100", 200).await;
    let entries = log.json["items"].as_array().unwrap();
    let has = |event: &str, outcome: &str| {
        let found = entries.iter().any(|entry| {
            entry["event"] == event && entry["outcome"] == outcome && entry["ip"] == "127.0.0.1"
        });
        assert!(found, "{event} {outcome}: {}", log.body);
    };
    has("registered", "success");
    has("email_verified", "success");
    has("signed_in", "refused");
    has("signed_in", "success");
    has("signed_out", "success");
    assert!(!log.body.contains(PASSWORD) && !log.body.contains("ada@example.com"), "{}", log.body);
    app.user(Role::Editor).await.get("/v1/admin/audit", 403).await;
    let log = app.admin().await.get("/v1/admin/audit?limit=5", 200).await;
    assert!(log.body.contains("access_denied"), "{}", log.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_keys_rotate_without_a_token_being_refused() {
    let (app, clock) = App::with_clock().await;
    app.sign_up("ada@example.com", "Ada").await;
    let rotate = || async { shared::auth::secret::rotate(&app.byline.context).await.unwrap() };
    let keys = || async {
        let set = app.anonymous().get("/.well-known/jwks.json", 200).await;
        assert_eq!(set.header("cache-control"), "public, max-age=300");
        let keys = set.json["keys"].as_array().unwrap().clone();
        let names = keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    app.tokens("ada@example.com").await;
    assert!(!rotate().await, "a fresh key stays");
    let first = keys().await;
    assert_eq!(first.len(), 1);
    clock.advance(90 * 24 * 3600);
    assert!(rotate().await);
    assert_eq!(keys().await.len(), 2, "the next key is published before it signs");
    let pending = app.tokens("ada@example.com").await.text("/access_token");
    assert_eq!(kid(&pending), first[0], "the present key signs meanwhile");
    clock.advance(3600 + 1);
    let next = app.tokens("ada@example.com").await.text("/access_token");
    assert_ne!(kid(&next), first[0]);
    app.with_token(&next).get("/v1/users/me", 200).await;
    assert!(!rotate().await, "one at a time");
    assert_eq!(keys().await.len(), 2, "the present key still verifies");
    clock.advance(3600 + 1);
    assert_eq!(keys().await.len(), 1, "and is gone an hour later");
}

fn kid(token: &str) -> String {
    use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
    let header = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_mail_delays_mails_and_loses_none() {
    let (app, clock) = App::with_clock().await;
    app.byline.stop_mail(true);
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "name": "Ada" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let workers = local::workers();
    let worker = workers.iter().find(|worker| worker.name == "worker-outbox").unwrap();
    let shared::worker::Trigger::Every { run, .. } = worker.trigger else { unreachable!() };
    for _ in 0..5 {
        clock.advance(3700);
        run(&app.byline.context).await.unwrap();
    }
    assert!(app.byline.mailbox.mails().is_empty());
    app.byline.stop_mail(false);
    clock.advance(3700);
    run(&app.byline.context).await.unwrap();
    let token = app.mailed_token("ada@example.com").await;
    app.anonymous().post("/v1/auth/verify-email", json!({ "token": token }), 204).await;
    run(&app.byline.context).await.unwrap();
    assert_eq!(app.byline.mailbox.mails().len(), 1, "and sends each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_of_a_sign_up_can_be_sent_again() {
    let app = App::start().await;
    let body = json!({ "email": "ada@example.com", "password": PASSWORD, "name": "Ada" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let first = app.mailed_token("ada@example.com").await;
    let body = json!({ "email": "ada@example.com" });
    app.anonymous().post("/v1/auth/verify-email/resend", body, 202).await;
    app.eventually(|| async { app.byline.mailbox.mails().len() == 2 }).await;
    let second = app.mailed_token("ada@example.com").await;
    assert_ne!(first, second);
    app.anonymous().post("/v1/auth/verify-email", json!({ "token": second }), 204).await;
    app.anonymous().post("/v1/auth/verify-email", json!({ "token": first }), 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_may_pepper_its_hashes_later() {
    let folder = tempfile::tempdir().unwrap();
    let start = |pepper: bool| {
        let data = local::engine::Data::Folder(folder.path().to_owned());
        App::start_with(move |options| {
            options.data = data;
            options.variable = if pepper {
                |name| (name == "BYLINE_PASSWORD_PEPPER").then(|| "on".to_owned())
            } else {
                |_| None
            };
        })
    };
    let app = start(false).await;
    app.sign_up("ada@example.com", "Ada").await;
    app.byline.stop().await;
    let stored = |app: &App| {
        let cx = app.byline.context.clone();
        async move {
            let email = shared::model::Email::trusted("ada@example.com");
            let id = cx.store.account_id(&email).await.unwrap().unwrap();
            cx.store.user(&id).await.unwrap().unwrap().password_hash
        }
    };
    let app = start(true).await;
    assert!(stored(&app).await.starts_with("$argon2id$"));
    app.sign_in("ada@example.com").await;
    assert!(stored(&app).await.starts_with("peppered$argon2id$"));
    app.sign_in("ada@example.com").await;
    app.byline.stop().await;
    let app = start(false).await;
    app.sign_in("ada@example.com").await;
    assert!(stored(&app).await.starts_with("$argon2id$"), "and back again");
}

#[tokio::test(flavor = "multi_thread")]
async fn security_txt_is_there_where_a_contact_is() {
    let app = App::start().await;
    app.anonymous().get("/.well-known/security.txt", 404).await.is_problem("not_found");
    let app = App::start_with(|options| {
        options.variable = |name| {
            (name == "BYLINE_SECURITY_CONTACT").then(|| "mailto:security@example.com".to_owned())
        };
    })
    .await;
    let method = Method::GET;
    let path = "/.well-known/security.txt";
    let text = app.anonymous().send_raw(method, path, &[], None, 200).await;
    assert!(text.body.contains("Contact: mailto:security@example.com\nExpires: "));
    assert_eq!(text.header("content-type"), "text/plain; charset=utf-8");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_after_all_sessions_ended_is_refused_again_and_again() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let tokens = app.tokens("ada@example.com").await;
    let ada = app.with_token(&tokens.text("/access_token"));
    ada.post("/v1/auth/logout-all", json!({}), 204).await;
    let body = json!({ "refresh_token": tokens.text("/refresh_token") });
    for _ in 0..3 {
        app.anonymous().post("/v1/auth/refresh", body.clone(), 401).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_spelling_of_an_address_is_a_change_like_any_other() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let ada = app.sign_in("ada@example.com").await;
    ada.patch("/v1/users/me", json!({ "email": "Ada@example.com" }), 200).await;
    for address in ["ada@example.com", "Ada@example.com"] {
        let mail = app.byline.mailbox.mail_about(address, "Confirm the new address").await;
        let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
        let body = json!({ "token": token });
        app.anonymous().post("/v1/auth/email-change/confirm", body, 200).await;
    }
    let me = app.sign_in("ada@example.com").await.get("/v1/users/me", 200).await;
    assert_eq!(me.text("/email"), "Ada@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admins_address_makes_the_first_admin_and_no_second() {
    let app = App::start().await;
    let admin = app.admin().await;
    admin.patch("/v1/users/me", json!({ "email": "elsewhere@example.com" }), 200).await;
    for address in ["admin@example.com", "elsewhere@example.com"] {
        let mail = app.byline.mailbox.mail_about(address, "Confirm the new address").await;
        let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
        let body = json!({ "token": token });
        app.anonymous().post("/v1/auth/email-change/confirm", body, 200).await;
    }
    app.sign_up("admin@example.com", "Impostor").await;
    let me = app.sign_in("admin@example.com").await.get("/v1/users/me", 200).await;
    assert_eq!(me.text("/role"), "reader");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_are_plain_ascii() {
    let app = App::start().await;
    for email in
        ["\u{212a}elvin@example.com", "\u{fc}@example.com", "a@ex\u{e4}mple.de", "a b@c.de"]
    {
        let body = json!({ "email": email });
        let answer = app.anonymous().post("/v1/auth/password/forgot", body, 422).await;
        assert!(answer.faults().contains(&("/email".to_owned(), "invalid_format".to_owned())));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_counts_as_it_is_sent_and_a_reset_keeps_the_second_factor() {
    let (app, clock) = App::with_clock().await;
    let exact = "  Spaces and CASE count \u{e9}  ";
    let body = json!({ "email": "ada@example.com", "password": exact, "name": "Ada" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let token = app.mailed_token("ada@example.com").await;
    app.anonymous().post("/v1/auth/verify-email", json!({ "token": token }), 204).await;
    for other in [exact.trim(), &exact.to_lowercase(), "  Spaces and CASE count e\u{301}  "] {
        app.anonymous().post("/v1/auth/login", login("ada@example.com", other), 401).await;
    }
    let signed_in =
        app.anonymous().post("/v1/auth/login", login("ada@example.com", exact), 200).await;
    let ada = app.with_token(&signed_in.text("/access_token"));
    let uri = ada.post("/v1/auth/totp", json!({}), 200).await.text("/otpauth_uri");
    let confirm = json!({ "code": code(&uri, clock.now()) });
    ada.post("/v1/auth/totp/confirm", confirm, 200).await;
    app.anonymous()
        .post("/v1/auth/password/forgot", json!({ "email": "ada@example.com" }), 202)
        .await;
    let mail = app.byline.mailbox.mail_about("ada@example.com", "Choose a new password").await;
    let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
    let body = json!({ "token": token, "new_password": OTHER });
    app.anonymous().post("/v1/auth/password/reset", body, 204).await;
    let answer = app.anonymous().post("/v1/auth/login", login("ada@example.com", OTHER), 401).await;
    answer.is_problem("second_factor_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_address_is_not_believed() {
    let app = App::start().await;
    let headers = [
        ("x-forwarded-for", "198.51.100.9"),
        ("forwarded", "for=198.51.100.9"),
        ("content-type", "application/json"),
    ];
    let body = Some(login("nobody@example.com", "not the password").to_string());
    let method = Method::POST;
    app.anonymous().send_raw(method, "/v1/auth/login", &headers, body, 401).await;
    let log = app.admin().await.get("/v1/admin/audit", 200).await;
    assert!(log.body.contains("127.0.0.1") && !log.body.contains("198.51.100.9"), "{}", log.body);
}
