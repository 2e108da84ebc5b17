//! Sessions: how they go on, and how they end.

use std::sync::Arc;

use byline_shared::clock::{Clock, ManualClock, SystemClock};
use byline_shared::model::Role;
use serde_json::json;

use crate::harness::{App, Client};

async fn refresh(client: &Client, token: &str, status: u16) -> crate::harness::Answer {
    client.post("/v1/auth/refresh", json!({ "refresh_token": token }), status).await
}

async fn with_clock() -> (App, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let given = Arc::clone(&clock);
    (App::start_with(|options| options.clock = given).await, clock)
}

#[tokio::test(flavor = "multi_thread")]
async fn logout_ends_both_tokens_at_once() {
    let app = App::start().await;
    let tokens = app.tokens("admin@example.com").await;
    let client = app.with_token(&tokens.text("/access_token"));
    client.get("/v1/users/me", 200).await;
    client.send(http::Method::POST, "/v1/auth/logout", &[], None, 204).await;
    client.get("/v1/users/me", 401).await.is_problem("unauthenticated");
    let answer = refresh(&app.anonymous(), &tokens.text("/refresh_token"), 401).await;
    answer.is_problem("invalid_refresh_token");
    app.admin().await.get("/v1/users/me", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn access_tokens_end_and_refresh_brings_new_ones() {
    let (app, clock) = with_clock().await;
    let tokens = app.tokens("admin@example.com").await;
    let client = app.with_token(&tokens.text("/access_token"));
    clock.advance(599);
    client.get("/v1/users/me", 200).await;
    clock.advance(1);
    client.get("/v1/users/me", 401).await;
    let new = refresh(&app.anonymous(), &tokens.text("/refresh_token"), 200).await;
    assert_eq!(new.json["token_type"], "Bearer");
    app.with_token(&new.text("/access_token")).get("/v1/users/me", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spent_refresh_token_is_forgiven_at_once_and_is_theft_later() {
    let (app, clock) = with_clock().await;
    let first = app.tokens("admin@example.com").await.text("/refresh_token");
    let second = refresh(&app.anonymous(), &first, 200).await.text("/refresh_token");
    // A lost answer, or a second tab: the same successor, no second chain.
    let again = refresh(&app.anonymous(), &first, 200).await.text("/refresh_token");
    assert_eq!(again, second);
    let third = refresh(&app.anonymous(), &second, 200).await;
    clock.advance(11);
    refresh(&app.anonymous(), &first, 401).await.is_problem("invalid_refresh_token");
    // The session of a token in two hands is over for both.
    refresh(&app.anonymous(), &third.text("/refresh_token"), 401).await;
    app.with_token(&third.text("/access_token")).get("/v1/users/me", 401).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_refreshes_at_once_get_one_successor() {
    let app = App::start().await;
    let token = app.tokens("admin@example.com").await.text("/refresh_token");
    let mut refreshes = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (client, token) = (app.anonymous(), token.clone());
        refreshes.spawn(async move { refresh(&client, &token, 200).await.text("/refresh_token") });
    }
    let mut successors = refreshes.join_all().await;
    successors.sort();
    successors.dedup();
    assert_eq!(successors.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_when_idle_and_after_all() {
    let (app, clock) = with_clock().await;
    let idle = app.tokens("admin@example.com").await.text("/refresh_token");
    clock.advance(14 * 24 * 3600);
    refresh(&app.anonymous(), &idle, 401).await;
    let mut token = app.tokens("admin@example.com").await.text("/refresh_token");
    for _ in 0..8 {
        clock.advance(10 * 24 * 3600);
        token = refresh(&app.anonymous(), &token, 200).await.text("/refresh_token");
    }
    clock.advance(10 * 24 * 3600);
    refresh(&app.anonymous(), &token, 401).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refresh_tokens_that_are_none() {
    let app = App::start().await;
    let good = app.tokens("admin@example.com").await.text("/refresh_token");
    let mut flipped = good.clone();
    let last = if good.ends_with('A') { "E" } else { "A" };
    flipped.replace_range(good.len() - 1.., last);
    let access = app.admin().await.token.unwrap();
    for token in ["x", "brt_", "brt_AAAA", flipped.as_str(), access.as_str()] {
        let answer = refresh(&app.anonymous(), token, 401).await;
        answer.is_problem("invalid_refresh_token");
    }
    app.with_token(&good).get("/v1/users/me", 401).await;
    refresh(&app.anonymous(), &good, 200).await;
}

/// The link that `cargo dev` prints follows the rules of mailed ones, whose tokens the API takes, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_printed_link_signs_the_admin_in_once_and_ends_with_its_time() {
    let (app, clock) = with_clock().await;
    let confirm = "/v1/auth/sign-in-link/confirm";
    let token = async || {
        let link = app.byline.sign_in_link().await.unwrap();
        let (page, token) = link.split_once("?token=").unwrap();
        assert_eq!(page, format!("{}/desk/sign-in", app.byline.context.config.public_url));
        json!({ "token": token })
    };
    let first = token().await;
    let signed_in = app.anonymous().post(confirm, first.clone(), 200).await;
    assert_eq!(signed_in.text("/user/email"), "admin@example.com");
    assert_eq!(signed_in.text("/user/role"), "admin");
    app.anonymous().post(confirm, first, 422).await;
    let late = token().await;
    clock.advance(15 * 60);
    app.anonymous().post(confirm, late, 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailed_link_signs_in_once_and_ends_with_its_time() {
    let (app, clock) = with_clock().await;
    app.create_user("ada@example.com", "Ada", Role::Reader).await;
    let (ask, confirm) = ("/v1/auth/sign-in-link", "/v1/auth/sign-in-link/confirm");
    let unknown = app.anonymous().post(ask, json!({ "email": "nobody@example.com" }), 202).await;
    let link = async || {
        let before = app.byline.mailbox.mails().len();
        let known = app.anonymous().post(ask, json!({ "email": "ada@example.com" }), 202).await;
        assert_eq!(known.body, unknown.body);
        app.eventually(|| async { app.byline.mailbox.mails().len() > before }).await;
        let mail = app.byline.mailbox.mail_about("ada@example.com", "Sign in to Byline").await;
        let link = mail.links[0].clone();
        let (page, token) = link.split_once("?token=").unwrap();
        assert_eq!(page, format!("http://{}/desk/sign-in", app.byline.address));
        json!({ "token": token })
    };
    let late = link().await;
    clock.advance(15 * 60);
    app.anonymous().post(confirm, late, 422).await;

    let first = link().await;
    clock.advance(15 * 60 - 1);
    let signed_in = app.anonymous().post(confirm, first.clone(), 200).await;
    assert_eq!(signed_in.text("/user/email"), "ada@example.com");
    assert!(signed_in.text("/device_token").starts_with("bdt_"));
    let spent = app.anonymous().post(confirm, first, 422).await;
    assert_eq!(spent.faults(), [("/token".to_owned(), "invalid_token".to_owned())]);
    let ada = app.with_token(&signed_in.text("/access_token"));
    ada.get("/v1/users/me", 200).await;
    refresh(&app.anonymous(), &signed_in.text("/refresh_token"), 200).await;

    // The end of all sessions is the end of links that wait, and of the account's other tokens.
    let waiting = link().await;
    let known = ada.post("/v1/auth/logout-all", json!({}), 200).await;
    assert!(known.text("/device_token").starts_with("bdt_"));
    app.anonymous().post(confirm, waiting, 422).await;
    // A link signs in and does nothing else.
    let reset = json!({
        "token": link().await["token"], "new_password": "entirely different words",
    });
    app.anonymous().post("/v1/auth/password/reset", reset, 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_counts_from_the_next_request() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    author.get("/v1/manage/posts", 200).await;
    let id = author.get("/v1/users/me", 200).await.text("/id");
    let path = format!("/v1/users/{id}");
    let admin = app.admin().await;
    admin.patch(&path, json!({ "role": "reader" }), 200).await;
    author.get("/v1/manage/posts", 403).await.is_problem("forbidden");
    let own = format!("/v1/users/{}", admin.get("/v1/users/me", 200).await.text("/id"));
    admin.patch(&own, json!({ "role": "reader" }), 409).await.is_problem("last_admin");
    admin.patch(&own, json!({ "disabled": true }), 409).await.is_problem("last_admin");
    admin.delete("/v1/users/me", 409).await.is_problem("last_admin");
    let nobody = format!("/v1/users/{}", byline_shared::examples::USER_ID);
    admin.patch(&nobody, json!({ "role": "author" }), 404).await.is_problem("not_found");
    admin.patch(&path, json!({ "role": "owner" }), 422).await.is_problem("invalid_input");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_users_holds_no_hash() {
    let app = App::start().await;
    let users = app.admin().await.get("/v1/users?limit=1", 200).await;
    assert_eq!(users.json["items"][0]["role"], "admin");
    assert!(!users.body.contains("argon2"), "{}", users.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_address_and_a_wrong_password_look_alike() {
    let app = App::start().await;
    let attempt = |email: &str| json!({ "email": email, "password": "not the password" });
    let login = "/v1/auth/login";
    let known = app.anonymous().post(login, attempt("admin@example.com"), 401).await;
    let unknown = app.anonymous().post(login, attempt("nobody@example.com"), 401).await;
    known.is_problem("invalid_credentials");
    assert_eq!(known.text("/detail"), unknown.text("/detail"));
    let names = |answer: &crate::harness::Answer| {
        answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(names(&known), names(&unknown));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_admins_who_demote_each_other_one_stays() {
    let app = App::start().await;
    let first = app.admin().await;
    let first_id = first.get("/v1/users/me", 200).await.text("/id");
    for _ in 0..5 {
        let second = app.user(Role::Admin).await;
        let second_id = second.get("/v1/users/me", 200).await.text("/id");
        let demote = |client: Client, id: String| async move {
            let headers = [("content-type", "application/json")];
            let body = Some(json!({ "role": "reader" }).to_string());
            let path = format!("/v1/users/{id}");
            client.try_send(http::Method::PATCH, &path, &headers, body).await.unwrap().status
        };
        let statuses = tokio::join!(
            demote(first.clone(), second_id.clone()),
            demote(second.clone(), first_id.clone())
        );
        assert!([(200, 403), (403, 200)].contains(&statuses), "{statuses:?}");
        if statuses.1 == 200 {
            let path = format!("/v1/users/{first_id}");
            second.patch(&path, json!({ "role": "admin" }), 200).await;
        }
    }
}
