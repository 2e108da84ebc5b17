//! Who may invite whom.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{EMAIL, INVITATIONS, accept, author, is_spent, next_token, waiting};
use crate::harness::{Answer, App, Client, PASSWORD};

/// What happens to the admin who sent an invitation, by another admin or by themselves.
async fn happens(app: &App, case: &str, sender: &Client, admin: &Client) {
    let id = sender.get("/v1/users/me", 200).await.text("/id");
    let path = format!("/v1/users/{id}");
    let changed = async |change: Value| drop(admin.patch(&path, change, 200).await);
    let other = "entirely different words";
    match case {
        "demoted" => changed(json!({ "role": "editor" })).await,
        "disabled" => changed(json!({ "disabled": true })).await,
        "demoted-and-restored" => {
            changed(json!({ "role": "editor" })).await;
            changed(json!({ "role": "admin" })).await;
        }
        "disabled-and-restored" => {
            changed(json!({ "disabled": true })).await;
            changed(json!({ "disabled": false })).await;
        }
        "deleted" => drop(sender.delete("/v1/users/me", 204).await),
        "signed-out-everywhere" => {
            let answer = sender.try_post("/v1/auth/logout-all", json!({})).await;
            assert!(answer.status < 300, "{}", answer.body);
        }
        "password-changed" => {
            let body = json!({ "current_password": PASSWORD, "new_password": other });
            let answer = sender.try_post("/v1/auth/password/change", body).await;
            assert!(answer.status < 300, "{}", answer.body);
        }
        "password-reset" => {
            let email = sender.get("/v1/users/me", 200).await.text("/email");
            app.anonymous().post("/v1/auth/password/forgot", json!({ "email": email }), 202).await;
            let mail = app.byline.mailbox.mail_about(&email, "Choose a new password").await;
            let token = mail.links[0].split_once("token=").unwrap().1;
            let body = json!({ "token": token, "new_password": other });
            let answer = app.anonymous().try_post("/v1/auth/password/reset", body).await;
            assert!(answer.status < 300, "{}", answer.body);
        }
        _ => unreachable!("{case} is no case"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_as_long_as_its_sender_may_invite() {
    let app = App::unlimited().await;
    let admin = app.admin().await;
    for case in [
        "demoted",
        "demoted-and-restored",
        "disabled",
        "disabled-and-restored",
        "deleted",
        "signed-out-everywhere",
        "password-changed",
        "password-reset",
    ] {
        let sender = app.user(Role::Admin).await;
        let email = format!("{case}@example.com");
        sender.post(INVITATIONS, author(&email), 201).await;
        let token = app.invitation_token(&email).await;
        happens(&app, case, &sender, &admin).await;
        is_spent(&app, &token).await;
        let all = waiting(&admin).await;
        assert_eq!((&all[0]["email"], &all[0]["valid"]), (&json!(email), &json!(false)), "{case}");
        assert_eq!(all[0]["invited_by_name"].is_null(), case == "deleted");
        // Another admin sends it again.
        let again = admin.post(INVITATIONS, author(&email), 201).await;
        assert_eq!(again.json["valid"], true);
        let token = next_token(&app, &email, &token).await;
        accept(&app, &token, 200).await;
    }
    // Who was demoted once invites as every admin.
    let sender = app.user(Role::Admin).await;
    happens(&app, "demoted-and-restored", &sender, &admin).await;
    sender.post(INVITATIONS, author(EMAIL), 201).await;
    accept(&app, &app.invitation_token(EMAIL).await, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_invites_somebody_that_may_publish_is_told() {
    let app = App::unlimited().await;
    let sender = app.user(Role::Admin).await;
    let me = sender.get("/v1/users/me", 200).await.text("/email");
    let subject = "An invitation in your name";
    for role in ["reader", "author", "editor", "admin"] {
        let email = format!("new-{role}@example.com");
        let body = json!({ "email": email, "role": role, "name": "New" });
        sender.post(INVITATIONS, body, 201).await;
        app.invitation_token(&email).await;
    }
    let told = || {
        let mails = app.byline.mailbox.mails().into_iter();
        mails.filter(|mail| mail.to == me && mail.subject.starts_with(subject)).collect::<Vec<_>>()
    };
    app.eventually(|| async { told().len() >= 2 }).await;
    let texts: Vec<String> = told().into_iter().map(|mail| mail.text).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    for role in ["editor", "admin"] {
        let parts = [format!("Invited: new-{role}@example.com"), format!("As: {role}")];
        let found = texts.iter().find(|text| parts.iter().all(|part| text.contains(part)));
        let text = found.unwrap_or_else(|| panic!("{role}: {texts:?}"));
        assert!(text.contains("/desk/forgot-password?not-me=1"), "{text}");
    }
    // The way back that the mail names stops the link.
    let token = app.invitation_token("new-admin@example.com").await;
    happens(&app, "password-reset", &sender, &app.admin().await).await;
    is_spent(&app, &token).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_admins_invite_and_every_role_can_be_given() {
    let app = App::by_invitation().await;
    let admin = app.admin().await;
    let id = admin.post(INVITATIONS, author(EMAIL), 201).await.text("/id");
    let path = format!("{INVITATIONS}/{id}");
    for role in [Role::Reader, Role::Author, Role::Editor] {
        let other = app.user(role).await;
        other.post(INVITATIONS, author("x@example.com"), 403).await.is_problem("forbidden");
        other.get(INVITATIONS, 403).await.is_problem("forbidden");
        other.delete(&path, 403).await.is_problem("forbidden");
    }
    app.anonymous().get(INVITATIONS, 401).await;
    // A key of an admin sees them, and lets nobody in.
    let body = json!({ "name": "Key", "scopes": ["admin"] });
    let key = admin.post("/v1/auth/api-keys", body, 201).await.text("/key");
    let key = app.with_token(&key);
    key.get(INVITATIONS, 200).await;
    key.post(INVITATIONS, author("x@example.com"), 403).await.is_problem("forbidden");
    key.delete(&path, 403).await.is_problem("forbidden");
    for role in Role::ALL {
        let email = format!("new-{}@example.com", role.as_str());
        let body = json!({ "email": email, "role": role.as_str(), "name": "New" });
        admin.post(INVITATIONS, body, 201).await;
        let token = app.invitation_token(&email).await;
        let joined = accept(&app, &token, 200).await;
        assert_eq!(joined.text("/user/role"), role.as_str());
    }
    let body = json!({ "email": "x@example.com", "role": "owner" });
    admin.post(INVITATIONS, body, 422).await.is_problem("invalid_input");
    // The invited admin is one: the other can go.
    let second = app.sign_in("new-admin@example.com").await;
    let first = admin.get("/v1/users/me", 200).await.text("/id");
    second.patch(&format!("/v1/users/{first}"), json!({ "role": "reader" }), 200).await;
    second.post(INVITATIONS, author("y@example.com"), 201).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_with_an_account_is_not_invited() {
    let app = App::by_invitation().await;
    let admin = app.admin().await;
    app.create_user(EMAIL, "Lin", Role::Reader).await;
    let mails = app.byline.mailbox.mails().len();
    for spelling in [EMAIL, "LIN@example.com"] {
        let refused = admin.post(INVITATIONS, author(spelling), 409).await;
        refused.is_problem("email_taken");
    }
    // An account that was made meanwhile keeps what it has.
    admin.post(INVITATIONS, author("late@example.com"), 201).await;
    let token = app.invitation_token("late@example.com").await;
    assert_eq!(app.byline.mailbox.mails().len(), mails + 1);
    app.create_user("late@example.com", "Late", Role::Reader).await;
    accept(&app, &token, 409).await.is_problem("email_taken");
    let me = app.sign_in("late@example.com").await.get("/v1/users/me", 200).await;
    assert_eq!(me.text("/role"), "reader");
}

#[tokio::test(flavor = "multi_thread")]
async fn invitations_are_listed_in_pages_and_limited() {
    let app = App::start().await;
    let admin = app.admin().await;
    for number in 0..3 {
        admin.post(INVITATIONS, author(&format!("new{number}@example.com")), 201).await;
    }
    let page = admin.get(&format!("{INVITATIONS}?limit=2"), 200).await;
    let emails = |page: &Answer| -> Vec<String> {
        let items = page.json["items"].as_array().unwrap().iter();
        items.map(|item| item["email"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(emails(&page), ["new2@example.com", "new1@example.com"]);
    let cursor = page.text("/next_cursor");
    let rest = admin.get(&format!("{INVITATIONS}?limit=2&cursor={cursor}"), 200).await;
    assert_eq!(emails(&rest), ["new0@example.com"]);
    assert!(rest.json["next_cursor"].is_null());
    // Five mails to one address, however many accounts ask.
    for _ in 0..4 {
        admin.post(INVITATIONS, author("new0@example.com"), 201).await;
    }
    let refused = admin.post(INVITATIONS, author("new0@example.com"), 429).await;
    refused.is_problem("too_many_requests");
}
