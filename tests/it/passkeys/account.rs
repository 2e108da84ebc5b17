//! Adding, seeing and removing passkeys.

use std::collections::BTreeSet;

use byline_shared::model::{Role, UserId};
use http::Method;
use serde_json::json;

use super::authenticator::{Authenticator, Change, EXTENSIONS, PRESENT};
use super::{PAGE, added, adding, entries, is_in, options, origin, owner, sign_in};
use crate::desk::visitor::{Visitor, find, form, text_of};
use crate::harness::{App, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_added_seen_and_removed() {
    let app = App::unlimited().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Reader).await;
    let me = client.get("/v1/users/me", 200).await;
    assert!(text_of(&visitor.get(PAGE, 200).await).contains("No passkeys"));
    let asked = options(&mut visitor, PAGE).await;
    assert_eq!(asked["rp"]["id"], "localhost");
    assert_eq!(asked["attestation"], "none");
    assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(asked["excludeCredentials"], json!([]));

    let device = added(&app, &mut visitor, "  Blue security key ").await;
    let page = visitor.get(PAGE, 200).await;
    let words = text_of(&page);
    assert!(words.contains("Blue security key") && words.contains("never used"), "{words}");
    assert!(words.contains("on one device"), "{words}");
    let asked = options(&mut visitor, PAGE).await;
    assert_eq!(asked["excludeCredentials"].as_array().unwrap().len(), 1);
    assert_eq!(sign_in(&app, &device).await.1.status, 303);
    assert!(text_of(&visitor.get(PAGE, 200).await).contains("last used"));
    let mut admin = Visitor::admin(&app).await;
    let person = admin.get(&format!("/desk/people/{}", me.text("/id")), 200).await;
    assert!(text_of(&person).contains("a passkey, or a password"), "{}", person.body);

    let email = me.text("/email");
    let mail = app.byline.mailbox.mail_about(&email, "A change to your account").await;
    assert!(mail.text.contains("A passkey was added"), "{}", mail.text);
    assert!(
        mail.text.contains("Blue security key") && mail.text.contains("127.0.0.1"),
        "{}",
        mail.text
    );
    let entry = entries(&app, "passkey_added").await.remove(0);
    assert_eq!((&entry["actor"], &entry["outcome"]), (&me.json["id"], &json!("success")));
    let id = entry["subject"].as_str().unwrap().to_owned();

    let question = visitor.get(&format!("{PAGE}?remove={id}"), 200).await;
    assert!(text_of(&question).contains("Remove Blue security key?"), "{}", question.body);
    assert_eq!(sign_in(&app, &device).await.1.status, 303, "GET changes nothing");
    let sent = form(&question, "Remove the passkey");
    let gone = visitor.press(&question, "Remove the passkey", &[]).await;
    assert!(text_of(&gone).contains("The passkey was removed"), "{}", gone.body);
    assert!(text_of(&gone).contains("No passkeys"), "{}", gone.body);
    assert_eq!(sign_in(&app, &device).await.1.status, 403);
    assert_eq!(visitor.submit(&sent).await.status, 303, "sent twice, it is gone");
    visitor.get(&format!("{PAGE}?remove={id}"), 404).await;
    assert_eq!(entries(&app, "passkey_removed").await.len(), 1);
    app.eventually(async || {
        let mails = app.byline.mailbox.mails();
        mails.iter().any(|mail| mail.to == email && mail.text.contains("A passkey was removed"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_added_by_its_session_and_after_a_recent_sign_in() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let email = client.get("/v1/users/me", 200).await.text("/email");
    let mut device = Authenticator::at(&origin(&app));
    // A challenge of another session of the same person, and one that is over.
    let mut elsewhere = Visitor::of(&app, &email).await;
    let mut sent = adding(&mut visitor, &mut device, "Phone").await;
    sent.set("passkey", &device.create(&options(&mut elsewhere, PAGE).await));
    assert_eq!(visitor.submit(&sent).await.status, 422);
    let late = adding(&mut visitor, &mut device, "Phone").await;
    clock.advance(301);
    let refused = visitor.submit(&late).await;
    assert_eq!(refused.status, 422);
    assert!(text_of(&refused).contains("longer than five minutes"), "{}", refused.body);
    assert_eq!(form(&refused, "Add a passkey").value("name"), "Phone", "the name is kept");
    // A challenge of the page to sign in on.
    let foreign =
        visitor.get("/desk/sign-in?passkey", 200).await.json["publicKey"]["challenge"].clone();
    let mut asked = options(&mut visitor, PAGE).await;
    asked["challenge"] = foreign;
    sent.set("passkey", &device.create(&asked));
    assert_eq!(visitor.submit(&sent).await.status, 422);

    let good = adding(&mut visitor, &mut device, "Phone").await;
    assert_eq!(visitor.submit(&good).await.status, 303);
    clock.advance(15 * 60 + 1);
    let page = visitor.get(PAGE, 200).await;
    assert!(text_of(&page).contains("needs a sign-in of the last 15 minutes"), "{}", page.body);
    assert!(find(&page, "Add a passkey").is_none(), "{}", page.body);
    assert!(options(&mut visitor, PAGE).await.is_null());
    let id = entries(&app, "passkey_added").await[0]["subject"].as_str().unwrap().to_owned();
    let asked = visitor.get(&format!("{PAGE}?remove={id}"), 200).await;
    assert!(find(&asked, "Remove the passkey").is_none(), "{}", asked.body);
    let mut removal = good.clone();
    removal.set("step", "remove");
    removal.set("passkey", &id);
    for form in [&good, &removal] {
        let refused = visitor.submit(form).await;
        assert_eq!(refused.status, 403, "{}", refused.body);
        assert!(text_of(&refused).contains("Nothing was changed"), "{}", refused.body);
    }
    assert_eq!(sign_in(&app, &device).await.1.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_twice_adds_one_passkey() {
    let app = App::unlimited().await;
    let (mut visitor, _) = Visitor::with_role(&app, Role::Author).await;
    let mut device = Authenticator::at(&origin(&app));
    let sent = adding(&mut visitor, &mut device, "Phone").await;
    for _ in 0..2 {
        assert_eq!(visitor.submit(&sent).await.status, 303);
    }
    // At the same moment, too.
    let sent = adding(&mut visitor, &mut Authenticator::at(&origin(&app)), "Key").await;
    let (mut one, mut two) = (visitor.clone(), visitor.clone());
    let both = tokio::join!(one.submit(&sent), two.submit(&sent));
    assert_eq!((both.0.status, both.1.status), (303, 303), "{} {}", both.0.body, both.1.body);
    assert_eq!(entries(&app, "passkey_added").await.len(), 2);
    // Removed, it does not come back by the same answer.
    let id = entries(&app, "passkey_added").await[0]["subject"].as_str().unwrap().to_owned();
    let question = visitor.get(&format!("{PAGE}?remove={id}"), 200).await;
    visitor.press(&question, "Remove the passkey", &[]).await;
    let again = visitor.submit(&sent).await;
    assert_eq!(again.status, 422, "{}", again.body);
    assert_eq!(entries(&app, "passkey_added").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_ten_passkeys_at_most() {
    let app = App::unlimited().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    for number in 0..9 {
        added(&app, &mut visitor, &format!("Key {number}")).await;
    }
    // Of many at once, one finds room.
    let mut sent = Vec::new();
    for _ in 0..4 {
        sent.push(adding(&mut visitor, &mut Authenticator::at(&origin(&app)), "Last").await);
    }
    let many = sent.iter().map(|form| {
        let (mut visitor, form) = (visitor.clone(), form.clone());
        tokio::spawn(async move { visitor.submit(&form).await.status })
    });
    let mut statuses = Vec::new();
    for answer in many.collect::<Vec<_>>() {
        statuses.push(answer.await.unwrap());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [303, 409, 422].contains(status)), "{statuses:?}");
    let page = visitor.get(PAGE, 200).await;
    assert!(text_of(&page).contains("room for no more"), "{}", page.body);
    assert!(find(&page, "Add a passkey").is_none(), "{}", page.body);
    let refused = visitor.submit(sent.last().unwrap()).await;
    assert!([303, 422].contains(&refused.status), "{}", refused.body);
    let id: UserId = client.get("/v1/users/me", 200).await.text("/id").parse().unwrap();
    let there = app.byline.context.store.passkeys().list(&id).await.unwrap();
    assert_eq!(there.len(), 10);
    let kept: BTreeSet<_> = there.into_iter().map(|item| item.id).collect();
    let account = app.byline.context.store.users().get(&id).await.unwrap().unwrap();
    assert_eq!(account.passkeys.into_iter().collect::<BTreeSet<_>>(), kept);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_accepted_adds_nothing() {
    let app = App::unlimited().await;
    let (mut visitor, _) = Visitor::with_role(&app, Role::Author).await;
    let changes: [Change; 10] = [
        ("another origin", |device| device.origin = "https://evil.example".to_owned()),
        ("the address by number", |device| {
            device.origin = device.origin.replace("localhost", "127.0.0.1");
        }),
        ("another site", |device| device.site = "evil.example".to_owned()),
        ("another purpose", |device| device.purpose = Some("webauthn.get")),
        ("a frame of another site", |device| device.framed = true),
        ("nobody verified", |device| device.flags = PRESENT),
        ("nobody present", |device| device.flags = 0x04),
        ("an id that is too long", |device| device.id = vec![7; 1024]),
        ("a passkey that was not announced", |device| device.announced = 0),
        ("a passkey announced as an extension", |device| device.announced = EXTENSIONS),
    ];
    for (what, change) in changes {
        let mut device = Authenticator::at(&origin(&app));
        change(&mut device);
        let sent = adding(&mut visitor, &mut device, "Phone").await;
        let refused = visitor.submit(&sent).await;
        assert_eq!(refused.status, 422, "{what}: {}", refused.body);
        assert!(find(&refused, "Add a passkey").is_some(), "{what}: {}", refused.body);
    }
    let mut device = Authenticator::at(&origin(&app));
    let good = adding(&mut visitor, &mut device, "Phone").await;
    let long = format!("\"{}\"", "a".repeat(20_000));
    for given in ["", "{}", "null", "[]", "{\"id\":\"%\"}", long.as_str()] {
        let mut sent = good.clone();
        sent.set("passkey", given);
        assert_eq!(visitor.submit(&sent).await.status, 422, "{given}");
    }
    let mut nameless = good.clone();
    nameless.set("name", " ");
    let refused = visitor.submit(&nameless).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert!(text_of(&visitor.get(PAGE, 200).await).contains("No passkeys"));
    assert!(entries(&app, "passkey_added").await.is_empty());
    // None of these has used the challenge up.
    assert_eq!(visitor.submit(&good).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn passkeys_end_with_the_account_and_outlive_a_new_password() {
    let app = App::unlimited().await;
    let (mut visitor, client, device) = owner(&app).await;
    let me = client.get("/v1/users/me", 200).await;
    let id: UserId = me.text("/id").parse().unwrap();
    client.post("/v1/auth/logout-all", json!({}), 200).await;
    assert!(!is_in(&mut visitor).await);
    assert_eq!(sign_in(&app, &device).await.1.status, 303);
    let email = me.text("/email");
    app.anonymous().post("/v1/auth/password/forgot", json!({ "email": email }), 202).await;
    let mail = app.byline.mailbox.mail_about(&email, "Choose a new password").await;
    let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
    let body = json!({ "token": token, "new_password": "entirely different words" });
    app.anonymous().post("/v1/auth/password/reset", body, 200).await;
    let (mut visitor, answer) = sign_in(&app, &device).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    for number in 0..3 {
        added(&app, &mut visitor, &format!("Key {number}")).await;
    }
    let login = json!({ "email": email, "password": "entirely different words" });
    let token = app.anonymous().post("/v1/auth/login", login, 200).await.text("/access_token");
    let passkeys = app.byline.context.store.passkeys();
    assert_eq!(passkeys.list(&id).await.unwrap().len(), 4);
    app.with_token(&token).send(Method::DELETE, "/v1/users/me", &[], None, 204).await;
    assert!(passkeys.list(&id).await.unwrap().is_empty(), "no passkey is left");
    assert_eq!(sign_in(&app, &device).await.1.status, 403);
    let login = json!({ "email": email, "password": PASSWORD });
    app.anonymous().post("/v1/auth/login", login, 401).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_or_removes_the_passkeys_of_others() {
    let app = App::unlimited().await;
    let (mut visitor, _, device) = owner(&app).await;
    let id = entries(&app, "passkey_added").await[0]["subject"].as_str().unwrap().to_owned();
    let (mut other, _) = Visitor::with_role(&app, Role::Admin).await;
    other.get(&format!("{PAGE}?remove={id}"), 404).await;
    let page = other.get(PAGE, 200).await;
    assert!(!page.body.contains("?remove="), "{}", page.body);
    let mut forged = form(&page, "Add a passkey");
    forged.set("step", "remove");
    forged.set("passkey", &id);
    assert_eq!(other.submit(&forged).await.status, 303, "for them there is nothing to remove");
    for headers in [&[("sec-fetch-site", "cross-site")][..], &[("origin", "null")], &[]] {
        let question = visitor.get(&format!("{PAGE}?remove={id}"), 200).await;
        let removal = form(&question, "Remove the passkey");
        assert_eq!(visitor.submit_with(&removal, headers).await.status, 403, "{headers:?}");
    }
    assert_eq!(sign_in(&app, &device).await.1.status, 303);
}
