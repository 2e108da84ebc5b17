//! Accounts: their addresses, their admins and their end.

use byline_shared::model::Role;
use serde_json::json;

use crate::harness::{App, PASSWORD, draft, login};

#[tokio::test(flavor = "multi_thread")]
async fn an_address_changes_once_both_have_agreed() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let ada = app.sign_in("ada@example.com").await;
    ada.patch("/v1/users/me", json!({ "email": "new@example.com" }), 200).await;
    let confirm = "/v1/auth/email-change/confirm";
    let mut changed = Vec::new();
    for address in ["ada@example.com", "new@example.com"] {
        let mail = app.byline.mailbox.mail_about(address, "Confirm the new e-mail address").await;
        let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
        let body = json!({ "token": token, "password": PASSWORD });
        let answer = app.anonymous().post(confirm, body.clone(), 200).await;
        changed.push(answer.json["changed"].clone());
        assert_eq!(answer.json["device_token"].is_string(), answer.json["changed"] == true);
        app.anonymous().post(confirm, body, 422).await;
    }
    assert_eq!(changed, [json!(false), json!(true)]);
    ada.get("/v1/users/me", 401).await;
    app.anonymous().post("/v1/auth/login", login("ada@example.com", PASSWORD), 401).await;
    let me = app.sign_in("new@example.com").await.get("/v1/users/me", 200).await;
    assert_eq!(me.text("/email"), "new@example.com");
    is_free(&app, "ada@example.com").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_address_is_confirmed_with_the_accounts_password() {
    let app = App::start().await;
    app.sign_up("mallory@example.com", "Mallory").await;
    let mallory = app.sign_in("mallory@example.com").await;
    mallory.patch("/v1/users/me", json!({ "email": "ada@example.com" }), 200).await;
    let link = async |address: &str| {
        let mail = app.byline.mailbox.mail_about(address, "Confirm the new e-mail address").await;
        mail.links[0].split_once("token=").unwrap().1.to_owned()
    };
    let confirm = "/v1/auth/email-change/confirm";
    let old = json!({ "token": link("mallory@example.com").await });
    app.anonymous().post(confirm, old, 200).await;
    // The owner of the new address did not ask for it, and follows the link all the same.
    let token = link("ada@example.com").await;
    let alone = app.anonymous().post(confirm, json!({ "token": token }), 422).await;
    assert_eq!(alone.faults(), [("/password".to_owned(), "required".to_owned())]);
    let body = json!({ "token": token, "password": "one of their own" });
    let wrong = app.anonymous().post(confirm, body, 422).await;
    assert_eq!(wrong.faults(), [("/password".to_owned(), "wrong_password".to_owned())]);
    mallory.get("/v1/users/me", 200).await;
    app.sign_up("ada@example.com", "Ada").await;
    app.sign_in("ada@example.com").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_confirms_an_address_works_for_a_day() {
    let (app, clock) = App::unlimited_with_clock().await;
    app.sign_up("ada@example.com", "Ada").await;
    let ada = app.sign_in("ada@example.com").await;
    ada.patch("/v1/users/me", json!({ "email": "new@example.com" }), 200).await;
    let agrees = async |address: &str, status| {
        let mail = app.byline.mailbox.mail_about(address, "Confirm the new e-mail address").await;
        let token = mail.links[0].split_once("token=").unwrap().1;
        let body = json!({ "token": token, "password": PASSWORD });
        app.anonymous().post("/v1/auth/email-change/confirm", body, status).await;
    };
    let mut links = Vec::new();
    for email in ["early@example.com", "late@example.com"] {
        let body = json!({ "email": email, "name": "Somebody" });
        app.anonymous().post("/v1/auth/register", body, 202).await;
        links.push(app.mailed_token(email).await);
    }
    clock.advance(24 * 3600 - 1);
    app.verify(&links[0], 200).await;
    agrees("ada@example.com", 200).await;
    clock.advance(1);
    app.verify(&links[1], 422).await;
    agrees("new@example.com", 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_spelling_of_an_address_is_a_change_like_any_other() {
    let app = App::start().await;
    app.sign_up("ada@example.com", "Ada").await;
    let ada = app.sign_in("ada@example.com").await;
    ada.patch("/v1/users/me", json!({ "email": "Ada@example.com" }), 200).await;
    for address in ["ada@example.com", "Ada@example.com"] {
        let mail = app.byline.mailbox.mail_about(address, "Confirm the new e-mail address").await;
        let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
        let body = json!({ "token": token, "password": PASSWORD });
        app.anonymous().post("/v1/auth/email-change/confirm", body, 200).await;
    }
    let me = app.sign_in("ada@example.com").await.get("/v1/users/me", 200).await;
    assert_eq!(me.text("/email"), "Ada@example.com");
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

/// Whether an address that had an account can be signed up again.
async fn is_free(app: &App, email: &str) {
    let confirmations = || {
        let mails = app.byline.mailbox.mails().into_iter();
        mails.filter(|mail| mail.to == email && mail.subject.starts_with("Confirm your")).count()
    };
    let before = confirmations();
    let body = json!({ "email": email, "name": "Somebody else" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    app.eventually(|| async { confirmations() == before + 1 }).await;
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
    let body = json!({ "name": "Key", "scopes": ["posts:read"] });
    author.post("/v1/auth/api-keys", body, 201).await;
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
    let id = id.parse().unwrap();
    let page = byline_shared::http::page::PageParams { limit: 10, cursor: None };
    app.eventually(|| async {
        let store = &app.byline.context.store;
        let sessions = store.sessions().list(&id, &page).await.unwrap().items;
        let keys = store.api_keys().list(&id, &page).await.unwrap().items;
        sessions.is_empty() && keys.is_empty()
    })
    .await;
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
async fn the_admins_address_makes_the_first_admin_and_no_second() {
    let app = App::start().await;
    let admin = app.admin().await;
    admin.patch("/v1/users/me", json!({ "email": "elsewhere@example.com" }), 200).await;
    for address in ["admin@example.com", "elsewhere@example.com"] {
        let mail = app.byline.mailbox.mail_about(address, "Confirm the new e-mail address").await;
        let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
        let body = json!({ "token": token, "password": PASSWORD });
        app.anonymous().post("/v1/auth/email-change/confirm", body, 200).await;
    }
    app.sign_up("admin@example.com", "Impostor").await;
    let me = app.sign_in("admin@example.com").await.get("/v1/users/me", 200).await;
    assert_eq!(me.text("/role"), "reader");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admins_api_key_changes_no_account_and_is_in_the_log() {
    let app = App::start().await;
    let (admin, reader) = (app.admin().await, app.user(Role::Reader).await);
    let path = format!("/v1/users/{}", reader.get("/v1/users/me", 200).await.text("/id"));
    let body = json!({ "name": "Key", "scopes": ["admin", "posts:write"] });
    let made = admin.post("/v1/auth/api-keys", body, 201).await;
    let key = app.with_token(&made.text("/key"));
    key.get(&path, 200).await;
    key.patch(&path, json!({ "role": "admin" }), 403).await.is_problem("forbidden");
    key.post("/v1/manage/posts", draft("By a program"), 201).await;
    admin.patch(&path, json!({ "role": "author", "disabled": true }), 200).await;
    let log = admin.get("/v1/admin/audit?limit=5", 200).await;
    let entries = log.json["items"].as_array().unwrap();
    let find = |event: &str| entries.iter().find(|entry| entry["event"] == event).unwrap();
    assert_eq!(find("post_created")["api_key"], made.json["id"]);
    assert_eq!(find("role_changed")["detail"], "from reader to author");
    assert!(find("account_disabled")["api_key"].is_null());
}
