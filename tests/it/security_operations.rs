//! What runs behind the accounts: the security log, the signing keys, the outbox.

use std::sync::Arc;

use byline_shared::clock::Clock;
use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{App, PASSWORD, login};

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
    assert!(log.body.contains("access_denied") && log.body.contains("\"count\":1"), "{}", log.body);
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

#[tokio::test(flavor = "multi_thread")]
async fn signing_keys_rotate_without_a_token_being_refused() {
    let (app, clock) = App::with_clock().await;
    app.sign_up("ada@example.com", "Ada").await;
    let rotate = || async { app.byline.context.secrets.token.rotate().await.unwrap() };
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
    let body = json!({ "email": "ada@example.com", "name": "Ada" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let workers = byline_local::workers();
    let worker = workers.iter().find(|worker| worker.name == "worker-outbox").unwrap();
    let byline_shared::worker::Trigger::Every { run, .. } = worker.trigger else { unreachable!() };
    for _ in 0..5 {
        clock.advance(3700);
        run(&app.byline.context).await.unwrap();
    }
    assert!(app.byline.mailbox.mails().is_empty());
    app.byline.stop_mail(false);
    clock.advance(3700);
    run(&app.byline.context).await.unwrap();
    let token = app.mailed_token("ada@example.com").await;
    app.verify(&token, 200).await;
    run(&app.byline.context).await.unwrap();
    assert_eq!(app.byline.mailbox.mails().len(), 1, "and sends each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sent_mail_leaves_the_outbox_and_is_not_sent_again() {
    let (app, clock) = App::with_clock().await;
    app.sign_up("ada@example.com", "Ada").await;
    app.anonymous()
        .post("/v1/auth/password/forgot", json!({ "email": "ada@example.com" }), 202)
        .await;
    app.byline.mailbox.mail_about("ada@example.com", "Choose a new password").await;
    let store = &app.byline.context.store;
    app.eventually(|| async {
        let due = store.outbox().list_due(clock.now().plus_seconds(3600), 10).await.unwrap();
        due.is_empty()
    })
    .await;
    let sent = app.byline.mailbox.mails().len();
    let workers = byline_local::workers();
    let worker = workers.iter().find(|worker| worker.name == "worker-outbox").unwrap();
    let byline_shared::worker::Trigger::Every { run, .. } = worker.trigger else { unreachable!() };
    for _ in 0..3 {
        clock.advance(3700);
        run(&app.byline.context).await.unwrap();
    }
    assert_eq!(app.byline.mailbox.mails().len(), sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_counted_and_the_log_stays_short() {
    let (app, clock) = App::unlimited_with_clock().await;
    let reader = app.user(Role::Reader).await;
    let id = reader.get("/v1/users/me", 200).await.text("/id");
    for _ in 0..120 {
        reader.get("/v1/admin/audit", 403).await;
    }
    let entries = || async {
        let log = app.admin().await.get("/v1/admin/audit?limit=100", 200).await;
        let items = log.json["items"].as_array().unwrap().clone();
        let denied = items.into_iter().filter(|entry| entry["event"] == "access_denied");
        denied.collect::<Vec<_>>()
    };
    let counts = |entries: &[Value]| {
        let counts = entries.iter().map(|entry| entry["count"].as_u64().unwrap());
        let mut counts = counts.collect::<Vec<_>>();
        counts.sort_unstable();
        counts
    };
    let first = entries().await;
    assert_eq!(counts(&first), [1, 10, 100]);
    assert!(first.iter().all(|entry| entry["actor"] == id && entry["outcome"] == "refused"));
    // Another reason is counted by itself, and so is another hour.
    reader.post("/v1/manage/posts", crate::harness::draft("No"), 403).await;
    assert_eq!(counts(&entries().await), [1, 1, 10, 100]);
    clock.advance(3600);
    let reader = app.sign_in(&reader_email(&app, &id).await).await;
    reader.get("/v1/admin/audit", 403).await;
    assert_eq!(counts(&entries().await), [1, 1, 1, 10, 100]);
}

async fn reader_email(app: &App, id: &str) -> String {
    app.admin().await.get(&format!("/v1/users/{id}"), 200).await.text("/email")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mail_of_a_sign_up_can_be_sent_again() {
    let app = App::start().await;
    let body = json!({ "email": "ada@example.com", "name": "Ada" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let first = app.mailed_token("ada@example.com").await;
    let body = json!({ "email": "ada@example.com" });
    app.anonymous().post("/v1/auth/verify-email/resend", body, 202).await;
    app.eventually(|| async { app.byline.mailbox.mails().len() == 2 }).await;
    let second = app.mailed_token("ada@example.com").await;
    assert_ne!(first, second);
    app.verify(&second, 200).await;
    app.verify(&first, 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn security_txt_is_there_where_a_contact_is() {
    let app = App::start().await;
    app.anonymous().get("/.well-known/security.txt", 404).await.is_problem("not_found");
    let app = App::start_with(|options| {
        options.variable = Arc::new(|name: &str| {
            (name == "BYLINE_SECURITY_CONTACT").then(|| "mailto:security@example.com".to_owned())
        });
    })
    .await;
    let method = Method::GET;
    let path = "/.well-known/security.txt";
    let text = app.anonymous().send_raw(method, path, &[], None, 200).await;
    assert!(text.body.contains("Contact: mailto:security@example.com\nExpires: "));
    assert_eq!(text.header("content-type"), "text/plain; charset=utf-8");
}
