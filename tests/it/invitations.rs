//! Invitations over the API: who may invite, and what the mailed link does.

use byline_shared::model::Role;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, PASSWORD};

const INVITATIONS: &str = "/v1/users/invitations";
const ACCEPT: &str = "/v1/auth/accept-invitation";
const EMAIL: &str = "lin@example.com";
const WEEK: i64 = 7 * 24 * 3600;

/// An invitation of an address as an author.
fn author(email: &str) -> Value {
    json!({ "email": email, "role": "author", "name": "Lin" })
}

/// Follows the link of an invitation.
async fn accept(app: &App, token: &str, status: u16) -> Answer {
    let body = json!({ "token": token, "password": PASSWORD });
    app.anonymous().post(ACCEPT, body, status).await
}

/// The link does not work, and the answer says why.
async fn is_spent(app: &App, token: &str) {
    let refused = accept(app, token, 422).await;
    assert_eq!(refused.faults(), [("/token".to_owned(), "invalid_token".to_owned())]);
}

/// The token of a mail after the one with this token.
async fn next_token(app: &App, email: &str, before: &str) -> String {
    app.eventually(|| async { app.invitation_token(email).await != before }).await;
    app.invitation_token(email).await
}

/// The invitations that an admin sees.
async fn waiting(admin: &Client) -> Vec<Value> {
    admin.get(INVITATIONS, 200).await.json["items"].as_array().unwrap().clone()
}

/// The events in the security log, newest first.
async fn events(admin: &Client) -> Vec<String> {
    let log = admin.get("/v1/admin/audit?limit=50", 200).await;
    let entries = log.json["items"].as_array().unwrap().iter();
    entries.map(|entry| entry["event"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_person_makes_the_account_and_is_signed_in() {
    let app = App::by_invitation().await;
    let admin = app.admin().await;
    let body = json!({ "email": EMAIL, "role": "author" });
    let made = admin.post(INVITATIONS, body, 201).await;
    assert_eq!((made.text("/email"), made.text("/role")), (EMAIL.into(), "author".into()));
    assert_eq!(made.text("/invited_by_name"), "Admin");
    assert_eq!((&made.json["valid"], &made.json["name"]), (&json!(true), &Value::Null));
    assert_eq!(waiting(&admin).await, vec![made.json.clone()]);

    let token = app.invitation_token(EMAIL).await;
    let mail = app.byline.mailbox.mail_to(EMAIL).await;
    assert!(mail.text.contains("Admin invites you to Byline."), "{}", mail.text);
    assert!(mail.text.contains("the role author"), "{}", mail.text);
    // Nobody has said a name yet.
    let nameless = accept(&app, &token, 422).await;
    assert_eq!(nameless.faults(), [("/name".to_owned(), "required".to_owned())]);
    let weak = json!({ "token": token, "password": "aaaaaaaaaaaaaaaa", "name": "Lin" });
    let weak = app.anonymous().post(ACCEPT, weak, 422).await;
    assert_eq!(weak.faults()[0].0, "/password");
    let body = json!({ "token": token, "password": PASSWORD, "name": "Lin" });
    let joined = app.anonymous().post(ACCEPT, body, 200).await;
    let me = app.with_token(&joined.text("/access_token")).get("/v1/users/me", 200).await;
    assert_eq!((me.text("/email"), me.text("/role")), (EMAIL.into(), "author".into()));
    assert_eq!(me.text("/name"), "Lin");
    app.tokens(EMAIL).await;

    assert!(waiting(&admin).await.is_empty());
    is_spent(&app, &token).await;
    let events = events(&admin).await;
    let place = |event: &str| events.iter().position(|known| known == event).unwrap();
    assert!(place("invitation_accepted") < place("invited"), "{events:?}");
    let log = admin.get("/v1/admin/audit?event=invitation_accepted", 200).await;
    let entry = &log.json["items"][0];
    assert_eq!(entry["subject"], me.json["id"]);
    let inviter = made.text("/invited_by");
    assert_eq!(entry["detail"], format!("as author, invited by {inviter}"));
    assert!(!log.body.contains(EMAIL), "no address is in the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_of_the_invitation_is_kept_unless_another_is_chosen() {
    let app = App::by_invitation().await;
    let admin = app.admin().await;
    admin.post(INVITATIONS, author(EMAIL), 201).await;
    let token = app.invitation_token(EMAIL).await;
    assert!(app.byline.mailbox.mail_to(EMAIL).await.text.starts_with("Hello Lin,"));
    assert_eq!(accept(&app, &token, 200).await.text("/user/name"), "Lin");
    admin.post(INVITATIONS, author("other@example.com"), 201).await;
    let token = app.invitation_token("other@example.com").await;
    let body = json!({ "token": token, "password": PASSWORD, "name": "Another" });
    let joined = app.anonymous().post(ACCEPT, body, 200).await;
    assert_eq!(joined.text("/user/name"), "Another");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_expires_after_a_week() {
    let (app, clock) = App::with_clock().await;
    let admin = app.admin().await;
    admin.post(INVITATIONS, author(EMAIL), 201).await;
    let token = app.invitation_token(EMAIL).await;
    clock.advance(WEEK - 60);
    let admin = app.admin().await;
    assert_eq!(waiting(&admin).await.len(), 1);
    clock.advance(60);
    is_spent(&app, &token).await;
    assert!(waiting(&admin).await.is_empty());
    // Nor is an expired one in the way of another.
    admin.post(INVITATIONS, author(EMAIL), 201).await;
    let token = next_token(&app, EMAIL, &token).await;
    accept(&app, &token, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_invitation_does_not_work() {
    let app = App::by_invitation().await;
    let admin = app.admin().await;
    let id = admin.post(INVITATIONS, author(EMAIL), 201).await.text("/id");
    let token = app.invitation_token(EMAIL).await;
    let path = format!("{INVITATIONS}/{id}");
    admin.delete(&path, 204).await;
    admin.delete(&path, 404).await.is_problem("not_found");
    is_spent(&app, &token).await;
    assert!(waiting(&admin).await.is_empty());
    assert_eq!(events(&admin).await[0], "invitation_withdrawn");
    admin.post(INVITATIONS, author(EMAIL), 201).await;
    let token = next_token(&app, EMAIL, &token).await;
    accept(&app, &token, 200).await;
    admin.delete(&path, 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sent_again_only_the_newest_link_works() {
    let app = App::by_invitation().await;
    let admin = app.admin().await;
    let first = admin.post(INVITATIONS, author(EMAIL), 201).await.text("/id");
    let old = app.invitation_token(EMAIL).await;
    let again = json!({ "email": "LIN@example.com", "role": "editor", "name": "Lin" });
    let second = admin.post(INVITATIONS, again, 201).await.text("/id");
    assert_ne!(first, second);
    let new = next_token(&app, "LIN@example.com", &old).await;
    is_spent(&app, &old).await;
    let all = waiting(&admin).await;
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0]["id"], second.as_str());
    assert_eq!(accept(&app, &new, 200).await.text("/user/role"), "editor");
}

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
async fn of_two_who_accept_at_once_one_is_in_and_the_other_is_told() {
    let app = App::unlimited_for_races().await;
    let admin = app.admin().await;
    for round in 0..crate::harness::tier().pick(8, 60) {
        let email = format!("new{round}@example.com");
        admin.post(INVITATIONS, author(&email), 201).await;
        let token = app.invitation_token(&email).await;
        let body = |name: &str| json!({ "token": token, "password": PASSWORD, "name": name });
        let (one, two) = (app.anonymous(), app.anonymous());
        let answers =
            tokio::join!(one.try_post(ACCEPT, body("One")), two.try_post(ACCEPT, body("Two")));
        let (won, lost, name) = match answers.0.status {
            200 => (answers.0, answers.1, "One"),
            _ => (answers.1, answers.0, "Two"),
        };
        assert_eq!(won.status, 200, "{}", won.body);
        match lost.status {
            409 => lost.is_problem("email_taken"),
            422 => assert_eq!(lost.faults(), [("/token".to_owned(), "invalid_token".to_owned())]),
            other => panic!("{other}: {}", lost.body),
        }
        let me = app.sign_in(&email).await.get("/v1/users/me", 200).await;
        assert_eq!((me.text("/name").as_str(), me.text("/role").as_str()), (name, "author"));
        assert_eq!(won.text("/user/id"), me.text("/id"));
    }
    let log = admin.get("/v1/admin/audit?event=invitation_accepted&limit=100", 200).await;
    let entries = log.json["items"].as_array().unwrap().len();
    assert_eq!(entries, crate::harness::tier().pick(8, 60), "an account each");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_for_its_address_and_its_purpose() {
    let app = App::start().await;
    let admin = app.admin().await;
    admin.post(INVITATIONS, author(EMAIL), 201).await;
    let token = app.invitation_token(EMAIL).await;
    let body = json!({ "token": token, "password": PASSWORD, "email": "mallory@example.com" });
    let refused = app.anonymous().post(ACCEPT, body, 422).await;
    assert_eq!(refused.faults(), [("/email".to_owned(), "unknown_field".to_owned())]);
    app.verify(&token, 422).await;
    let body = json!({ "token": token, "new_password": PASSWORD });
    app.anonymous().post("/v1/auth/password/reset", body, 422).await;
    app.anonymous().post("/v1/auth/sign-in-link/confirm", json!({ "token": token }), 422).await;
    // Nor does the link of a sign-up give the role that somebody else was invited to.
    let body = json!({ "email": "mallory@example.com", "name": "M" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    is_spent(&app, &app.mailed_token("mallory@example.com").await).await;
    is_spent(&app, "no-such-token").await;
    assert_eq!(accept(&app, &token, 200).await.text("/user/email"), EMAIL);
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
