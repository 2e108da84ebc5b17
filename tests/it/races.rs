//! Many at once, through real HTTP, each 200 times in the full tier: the outcome is the one that a single caller
//! would have seen.

use std::sync::Arc;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use byline_shared::auth::limits::LOGIN_NETWORK;
use byline_shared::auth::sessions;
use byline_shared::crypto::{digest, random};
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{Email, Name, RegistrationId};
use byline_shared::store::outbox::{Message, OutboxItem};
use byline_shared::store::registrations::RegistrationItem;
use byline_shared::store::tokens::{Purpose, TokenItem};
use byline_shared::store::users::UserItem;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::{Answer, App, PASSWORD, tier};

/// How often each race is run.
fn rounds() -> usize {
    tier().pick(25, 200)
}

/// The same request `times` at once.
async fn at_once(app: &Arc<App>, path: &'static str, bodies: Vec<Value>) -> Vec<Answer> {
    let mut requests = JoinSet::new();
    for body in bodies {
        let client = app.anonymous();
        requests.spawn(async move { client.try_post(path, body).await });
    }
    requests.join_all().await
}

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

async fn account(app: &App, email: &str) -> UserItem {
    app.sign_up(email, "Ada").await;
    let cx = &app.byline.context;
    let id = cx.store.users().find_id_by_email(&Email::trusted(email)).await.unwrap().unwrap();
    cx.store.users().get(&id).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_sign_ups_one_account_is_made() {
    let app = Arc::new(App::unlimited_for_races().await);
    let cx = &app.byline.context;
    for round in 0..rounds() {
        let email = Email::trusted(format!("ada{round}@example.com"));
        let mut bodies = Vec::new();
        for _ in 0..3 {
            let now = cx.clock.now();
            let id = RegistrationId::new(now);
            let ttl = now.plus_seconds(600).as_seconds();
            let name = Name::trusted("Ada");
            let purpose = Purpose::ConfirmSignUp { registration_id: id.clone() };
            let message = Message::SignUp { registration_id: id.clone() };
            let mail = OutboxItem::new(now, email.clone(), message);
            let item = RegistrationItem { id, email: email.clone(), name, ttl };
            let entry = AuditEntry::new(cx, Event::Registered);
            cx.store.registrations().create(&item, &mail, &entry).await.unwrap();
            let token = random::token();
            let item = TokenItem { email: email.clone(), purpose, ttl };
            cx.store.tokens().create(&digest::sha256(&token), &item).await.unwrap();
            bodies.push(json!({ "token": token, "password": PASSWORD }));
        }
        let answers = at_once(&app, "/v1/auth/verify-email", bodies).await;
        assert_eq!(count(&answers, 200), 1, "round {round}");
        // A request that reads after the account was created finds its token used up.
        let late = count(&answers, 409) + count(&answers, 422);
        assert_eq!(late, 2, "round {round}");
    }
    let mut seen = 0;
    let mut path = "/v1/users?role=reader&limit=100".to_owned();
    loop {
        let page = app.admin().await.get(&path, 200).await;
        seen += page.json["items"].as_array().unwrap().len();
        let Some(cursor) = page.json["next_cursor"].as_str() else { break };
        path = format!("/v1/users?role=reader&limit=100&cursor={cursor}");
    }
    assert_eq!(seen, rounds());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_used_by_many_has_one_successor() {
    let app = Arc::new(App::unlimited_for_races().await);
    let ada = account(&app, "ada@example.com").await;
    let cx = &app.byline.context;
    for round in 0..rounds() {
        let session = sessions::create(cx, &ada).await.unwrap().unwrap();
        let token = sessions::refresh_token(cx, &session).await.unwrap();
        let bodies = vec![json!({ "refresh_token": token.expose() }); 20];
        let answers = at_once(&app, "/v1/auth/refresh", bodies).await;
        assert_eq!(count(&answers, 200), 20, "round {round}");
        let mut successors: Vec<String> =
            answers.iter().map(|answer| answer.text("/refresh_token")).collect();
        successors.sort();
        successors.dedup();
        assert_eq!(successors.len(), 1, "the chain forked in round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_token_used_twice_at_once_works_once() {
    let app = Arc::new(App::unlimited_for_races().await);
    let ada = account(&app, "ada@example.com").await;
    let cx = &app.byline.context;
    for round in 0..rounds() {
        let user_id = ada.user.id.clone();
        let token_version = cx.store.users().get(&user_id).await.unwrap().unwrap().token_version;
        let (token, email) = (random::token(), ada.user.email.clone());
        let purpose = Purpose::ResetPassword { user_id, token_version };
        let ttl = cx.clock.now().plus_seconds(600).as_seconds();
        let item = TokenItem { email, purpose, ttl };
        cx.store.tokens().create(&digest::sha256(&token), &item).await.unwrap();
        let body = |which: &str| {
            let new = format!("{which} unrelated words number {round}");
            json!({ "token": token, "new_password": new })
        };
        let bodies = vec![body("first"), body("second")];
        let answers = at_once(&app, "/v1/auth/password/reset", bodies).await;
        assert_eq!((count(&answers, 200), count(&answers, 422)), (1, 1), "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logout_wins_over_a_refresh() {
    let app = Arc::new(App::unlimited_for_races().await);
    let ada = account(&app, "ada@example.com").await;
    let cx = &app.byline.context;
    for round in 0..rounds() {
        let ada = cx.store.users().get(&ada.user.id).await.unwrap().unwrap();
        let session = sessions::create(cx, &ada).await.unwrap().unwrap();
        let token = sessions::refresh_token(cx, &session).await.unwrap();
        let access = byline_shared::auth::issue(cx, &ada.user.id, &session.id).await.unwrap();
        let (client, refreshing) = (app.with_token(&access.token), app.anonymous());
        let body = json!({ "refresh_token": token.expose() });
        let everywhere = round % 2 == 0;
        let (path, status) = match everywhere {
            true => ("/v1/auth/logout-all", 200),
            false => ("/v1/auth/logout", 204),
        };
        let (_, refreshed) = tokio::join!(
            client.post(path, json!({}), status),
            refreshing.try_post("/v1/auth/refresh", body)
        );
        client.get("/v1/users/me", 401).await;
        if refreshed.status == 200 {
            let late = refreshed.text("/access_token");
            app.with_token(&late).get("/v1/users/me", 401).await;
            let body = json!({ "refresh_token": refreshed.text("/refresh_token") });
            app.anonymous().post("/v1/auth/refresh", body, 401).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_at_once_cost_no_more_hashes_than_allowed() {
    let (app, clock) = App::with_clock().await;
    let app = Arc::new(app);
    app.sign_up("ada@example.com", "Ada").await;
    let signed_in = app.tokens("ada@example.com").await;
    let device = signed_in.text("/device_token");
    let before = app.byline.password_hashes();
    let wrong = json!({ "email": "ada@example.com", "password": "not the password" });
    let answers = at_once(&app, "/v1/auth/login", vec![wrong.clone(); 200]).await;
    let hashes = app.byline.password_hashes() - before;
    let allowed = u64::from(byline_shared::auth::limits::LOGIN_ADDRESS_NETWORK.quota);
    assert!((1..=allowed).contains(&hashes), "{hashes} hashes");
    assert_eq!(count(&answers, 401) as u64, hashes);
    assert_eq!(count(&answers, 429) as u64, 200 - hashes);
    let refused = answers.iter().find(|answer| answer.status == 429).unwrap();
    refused.is_problem("too_many_requests");
    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
    assert!(refused.header("ratelimit").contains(";r=0;t="), "{}", refused.header("ratelimit"));
    assert!(refused.header("ratelimit-policy").contains(";q="));

    // Somebody else at the address is kept out, and the owner's device is not, once the network
    // as a whole may ask again.
    clock.advance(LOGIN_NETWORK.window.as_secs().cast_signed());
    let mut right = json!({ "email": "ada@example.com", "password": PASSWORD });
    app.anonymous().post("/v1/auth/login", right.clone(), 429).await;
    right["device_token"] = device.into();
    app.anonymous().post("/v1/auth/login", right.clone(), 200).await;
    // Neither a device token that somebody made up nor one with another signature helps.
    clock.advance(LOGIN_NETWORK.window.as_secs().cast_signed());
    let genuine = right["device_token"].as_str().unwrap().to_owned();
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(genuine.strip_prefix("bdt_").unwrap()).unwrap();
    for place in [0, 20, bytes.len() - 1] {
        let mut forged = bytes.clone();
        forged[place] ^= 1;
        let mut attempt = right.clone();
        attempt["device_token"] = format!("bdt_{}", BASE64_URL_SAFE_NO_PAD.encode(forged)).into();
        app.anonymous().post("/v1/auth/login", attempt, 429).await;
    }
    app.anonymous().post("/v1/auth/login", right.clone(), 200).await;
    // Another address's device opens no other bucket.
    clock.advance(LOGIN_NETWORK.window.as_secs().cast_signed());
    let mut forged = json!({ "email": "grace@example.com", "password": PASSWORD });
    forged["device_token"] = right["device_token"].clone();
    app.anonymous().post("/v1/auth/login", forged, 401).await;
}
