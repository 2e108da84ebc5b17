//! Invitations over the API: what the mailed link does.

mod rights;

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
