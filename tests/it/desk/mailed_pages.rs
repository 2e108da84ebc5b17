//! The pages that mails lead to: each mail's own link, followed as its reader does, after a scanner did.

use std::sync::Arc;

use byline_shared::clock::Clock;
use http::Method;
use serde_json::json;

use super::visitor::{Form, Visitor, find, form, text_of};
use crate::harness::{Answer, App, PASSWORD, code, login};

const EMAIL: &str = "ada@example.com";
const OTHER: &str = "blue kettle over 9 quiet rivers";

/// The path of the first link of the newest mail about a subject, which must be of Byline itself.
async fn link(app: &App, to: &str, subject: &str) -> String {
    let mail = app.byline.mailbox.mail_about(to, subject).await;
    own_path(app, &mail.links[0])
}

/// The same of a mail after the one with this link.
async fn next_link(app: &App, to: &str, subject: &str, before: &str) -> String {
    let is_there = || async { link(app, to, subject).await != before };
    app.eventually(is_there).await;
    link(app, to, subject).await
}

fn own_path(app: &App, link: &str) -> String {
    let own = format!("http://{}", app.byline.address);
    let path = link.strip_prefix(&own).unwrap_or_else(|| panic!("{link} is not of {own}"));
    path.to_owned()
}

/// Follows a link as mail scanners do: from elsewhere, without cookies, several times.
async fn scan(app: &App, path: &str) {
    for _ in 0..3 {
        let mut scanner = Visitor::stranger(app);
        let page = scanner.get(path, 200).await;
        assert!(text_of(&page).len() > 40);
        scanner.send(Method::HEAD, path, &[], None).await;
    }
}

async fn opens(app: &App, path: &str) -> (Visitor, Answer) {
    scan(app, path).await;
    let mut visitor = Visitor::stranger(app);
    let page = visitor.get(path, 200).await;
    (visitor, page)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_up_is_confirmed_and_signs_in() {
    let app = App::unlimited().await;
    let body = json!({ "email": EMAIL, "name": "Ada" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let path = link(&app, EMAIL, "Confirm your e-mail address").await;
    assert!(path.starts_with("/desk/confirm?token="), "{path}");
    let (mut ada, page) = opens(&app, &path).await;
    let weak = ada.press(&page, "Confirm and sign in", &[("password", "aaaaaaaaaaaaaaaa")]).await;
    assert_eq!(weak.status, 422, "{}", weak.body);
    assert!(text_of(&weak).contains("easily guessed"));
    let short = ada.press(&weak, "Confirm and sign in", &[("password", "short")]).await;
    assert!(text_of(&short).contains("at least 12 characters"), "{}", short.body);
    let fields = [("password", PASSWORD), ("name", "Ada L.")];
    let home = ada.press(&short, "Confirm and sign in", &fields).await;
    assert_eq!(home.status, 200);
    assert!(text_of(&home).contains("Your address is confirmed"));
    assert!(text_of(&home).contains("Ada L."));
    app.anonymous().post("/v1/auth/login", login(EMAIL, PASSWORD), 200).await;
    // The link is used up: a page that was opened before says so, and what to do.
    let late = ada.press(&short, "Confirm and sign in", &fields).await;
    assert_eq!(late.status, 422);
    assert!(text_of(&late).contains("You are signed in as Ada L."), "{}", late.body);
    // Opened once more, it says so at once, and sends another.
    let (mut again, spent) = opens(&app, &path).await;
    assert!(find(&spent, "Confirm and sign in").is_none(), "nobody chooses a password in vain");
    assert!(text_of(&spent).contains("does not work any more"));
    let fields = [("name", "Ada"), ("email", EMAIL)];
    let sent = again.press(&spent, "Send a new link", &fields).await;
    assert!(text_of(&sent).contains("Check your inbox"));
    let path = link(&app, EMAIL, "You already have an account").await;
    assert_eq!(path, "/desk/sign-in");
    let fields = [("name", "Bob"), ("email", "bob@example.com")];
    again.press(&spent, "Send a new link", &fields).await;
    let path = link(&app, "bob@example.com", "Confirm your e-mail address").await;
    let (mut bob, page) = opens(&app, &path).await;
    bob.press(&page, "Confirm and sign in", &[("password", PASSWORD)]).await;
    bob.get("/desk/account", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_reset() {
    let (app, clock) = App::unlimited_with_clock().await;
    let mut owner = Visitor::admin(&app).await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get("/desk/sign-in", 200).await;
    assert!(page.body.contains("/desk/forgot-password"));
    let page = visitor.get("/desk/forgot-password", 200).await;
    let wrong = visitor.press(&page, "Send me a link", &[("email", "not an address")]).await;
    assert_eq!(wrong.status, 422);
    let nobody = visitor.press(&page, "Send me a link", &[("email", "nobody@example.com")]).await;
    assert!(nobody.body.contains("href=\"/_local/mail\""), "{}", nobody.body);
    let sent = visitor.press(&page, "Send me a link", &[("email", "admin@example.com")]).await;
    assert_eq!(text_of(&nobody), text_of(&sent), "nobody learns who has an account");
    let path = link(&app, "admin@example.com", "Choose a new password").await;
    assert!(path.starts_with("/desk/reset-password?token="), "{path}");
    let (mut visitor, page) = opens(&app, &path).await;
    app.anonymous().post("/v1/auth/login", login("admin@example.com", PASSWORD), 200).await;
    let button = "Set the new password";
    let done = visitor.press(&page, button, &[("new_password", OTHER)]).await;
    assert!(text_of(&done).contains("Your new password is set"), "{}", done.body);
    owner.get("/desk/account", 303).await;
    visitor.get("/desk/account", 303).await;
    app.anonymous().post("/v1/auth/login", login("admin@example.com", PASSWORD), 401).await;
    let fields = [("email", "admin@example.com"), ("password", OTHER)];
    visitor.press(&done, "Sign in", &fields).await;
    visitor.get("/desk/account", 200).await;
    // Once more: the link is used up, and leads to another.
    let spent = visitor.press(&page, button, &[("new_password", PASSWORD)]).await;
    assert_eq!(spent.status, 422);
    let sent = visitor.press(&spent, "Send me a link", &[("email", "admin@example.com")]).await;
    assert!(text_of(&sent).contains("Check your inbox"));
    let path = next_link(&app, "admin@example.com", "Choose a new password", &path).await;
    clock.advance(31 * 60);
    let (_, expired) = opens(&app, &path).await;
    assert!(text_of(&expired).contains("has expired"));
    assert!(find(&expired, button).is_none() && find(&expired, "Send me a link").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailed_link_signs_in() {
    let (app, clock) = App::unlimited_with_clock().await;
    let ask = json!({ "email": "admin@example.com" });
    app.anonymous().post("/v1/auth/sign-in-link", ask.clone(), 202).await;
    let path = link(&app, "admin@example.com", "Sign in to").await;
    let (mut visitor, page) = opens(&app, &path).await;
    visitor.get("/desk/account", 303).await;
    let forged =
        visitor.submit_with(&form(&page, "Sign in"), &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(forged.status, 403, "another site signs nobody in to its own account");
    visitor.press(&page, "Sign in", &[]).await;
    visitor.get("/desk/account", 200).await;
    let (_, spent) = opens(&app, &path).await;
    assert!(text_of(&spent).contains("The link has expired, has already been used"));
    assert!(find(&spent, "Send me a code by e-mail instead").is_some(), "{}", spent.body);
    // With one-time codes, the link stays valid until there is one.
    let admin = app.admin().await;
    let uri = admin.post("/v1/auth/totp", json!({}), 200).await.text("/otpauth_uri");
    let now = json!({ "code": code(&uri, clock.now()) });
    admin.post("/v1/auth/totp/confirm", now, 200).await;
    clock.advance(60);
    app.anonymous().post("/v1/auth/sign-in-link", ask, 202).await;
    let path = next_link(&app, "admin@example.com", "Sign in to", &path).await;
    let (mut visitor, page) = opens(&app, &path).await;
    let without = visitor.press(&page, "Sign in", &[]).await;
    assert!(text_of(&without).contains("The link still works"), "{}", without.body);
    visitor.press(&without, "Sign in", &[("code", &code(&uri, clock.now()))]).await;
    visitor.get("/desk/account", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_addresses_confirm_a_change() {
    let app = App::unlimited().await;
    app.sign_up(EMAIL, "Ada").await;
    let ada = app.sign_in(EMAIL).await;
    let ask = json!({ "email": "new@example.com" });
    ada.patch("/v1/users/me", ask, 200).await;
    let subject = "Confirm the new e-mail address";
    let (old, new) =
        (link(&app, EMAIL, subject).await, link(&app, "new@example.com", subject).await);
    let button = "Confirm the change";
    let (mut visitor, page) = opens(&app, &old).await;
    assert!(text_of(&page).contains("to new@example.com"), "{}", page.body);
    let password = "name=\"password\"";
    assert!(!page.body.contains(password), "only the new address has to prove whose account it is");
    let first = visitor.press(&page, button, &[]).await;
    assert!(text_of(&first).contains("This address is confirmed"), "{}", first.body);
    let (_, spent) = opens(&app, &old).await;
    assert!(text_of(&spent).contains("does not work any more"));
    assert_eq!(ada.get("/v1/users/me", 200).await.text("/email"), EMAIL);
    let (mut visitor, page) = opens(&app, &new).await;
    assert!(page.body.contains(password) && !page.body.contains(EMAIL), "{}", page.body);
    let without = visitor.press(&page, button, &[]).await;
    assert_eq!(without.status, 422);
    let wrong = visitor.press(&without, button, &[("password", OTHER)]).await;
    assert!(text_of(&wrong).contains("not the password"), "{}", wrong.body);
    let done = visitor.press(&wrong, button, &[("password", PASSWORD)]).await;
    assert!(text_of(&done).contains("Your e-mail address was changed"), "{}", done.body);
    app.anonymous().post("/v1/auth/login", login("new@example.com", PASSWORD), 200).await;
    let spent = visitor.press(&page, button, &[("password", PASSWORD)]).await;
    assert!(text_of(&spent).contains("does not work any more"));
    // The old address is told, and led to the people who run the site.
    app.byline.mailbox.mail_about(EMAIL, "A change to your account").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_did_not_ask_takes_the_account_back() {
    let app = App::unlimited().await;
    app.sign_up(EMAIL, "Ada").await;
    let thief = app.sign_in(EMAIL).await;
    thief.patch("/v1/users/me", json!({ "email": "thief@example.com" }), 200).await;
    let mail = app.byline.mailbox.mail_about(EMAIL, "Confirm the new e-mail address").await;
    let path = own_path(&app, mail.links.last().unwrap());
    let (mut ada, page) = opens(&app, &path).await;
    assert!(text_of(&page).contains("Take your account back"));
    ada.press(&page, "Send me a link", &[("email", EMAIL)]).await;
    let path = link(&app, EMAIL, "Choose a new password").await;
    let (mut ada, page) = opens(&app, &path).await;
    ada.press(&page, "Set the new password", &[("new_password", OTHER)]).await;
    thief.get("/v1/users/me", 401).await;
    let path = link(&app, "thief@example.com", "Confirm the new e-mail address").await;
    let (_, cancelled) = opens(&app, &path).await;
    assert!(text_of(&cancelled).contains("does not work any more"));
    // The notice of the reset leads to the same page.
    let path = link(&app, EMAIL, "A change to your account").await;
    assert_eq!(path, "/desk/forgot-password?not-me=1");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_work_on_their_own_page_alone() {
    let app = App::unlimited().await;
    app.sign_up(EMAIL, "Ada").await;
    let ask = json!({ "email": EMAIL });
    app.anonymous().post("/v1/auth/sign-in-link", ask, 202).await;
    let path = link(&app, EMAIL, "Sign in to").await;
    let token = path.split_once("token=").unwrap().1;
    for (page, button, fields) in [
        ("/desk/confirm", "Confirm and sign in", vec![("password", OTHER)]),
        ("/desk/reset-password", "Set the new password", vec![("new_password", OTHER)]),
        ("/desk/change-address", "Confirm the change", vec![("password", PASSWORD)]),
    ] {
        let mut visitor = Visitor::stranger(&app);
        let shown = visitor.get(&format!("{page}?token={token}"), 200).await;
        assert!(text_of(&shown).contains("does not work any more"), "{page}");
        assert!(find(&shown, button).is_none(), "{page}");
        // Nor does a form with it, however it was made.
        let html =
            scraper::Html::parse_document(&visitor.get("/desk/forgot-password", 200).await.body);
        let field = scraper::Selector::parse("input[name=form_token]").unwrap();
        let form_token = html.select(&field).next().unwrap().attr("value").unwrap();
        let mut sent = Form { action: page.to_owned(), fields: Vec::new() };
        sent.set("form_token", form_token);
        sent.set("token", token);
        fields.iter().for_each(|(name, value)| sent.set(name, value));
        let answer = visitor.submit(&sent).await;
        assert_eq!(answer.status, 422, "{page}: {}", answer.body);
        assert!(text_of(&answer).contains("does not work any more"), "{page}");
        visitor.get("/desk/account", 303).await;
    }
    app.anonymous().post("/v1/auth/login", login(EMAIL, PASSWORD), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frontend_can_have_the_pages() {
    let app = App::start_with(|options| {
        options.variable = Arc::new(|name: &str| {
            (name == "BYLINE_ACCOUNT_PAGES_URL").then(|| "https://blog.example/me".to_owned())
        });
    })
    .await;
    let body = json!({ "email": EMAIL, "name": "Ada" });
    app.anonymous().post("/v1/auth/register", body, 202).await;
    let mail = app.byline.mailbox.mail_about(EMAIL, "Confirm your e-mail address").await;
    assert!(mail.links[0].starts_with("https://blog.example/me/verify-email?token="));
    let ask = json!({ "email": "admin@example.com" });
    app.anonymous().post("/v1/auth/password/forgot", ask.clone(), 202).await;
    let mail = app.byline.mailbox.mail_about("admin@example.com", "Choose a new password").await;
    assert!(mail.links[0].starts_with("https://blog.example/me/reset-password?token="));
    app.anonymous().post("/v1/auth/sign-in-link", ask, 202).await;
    let mail = app.byline.mailbox.mail_about("admin@example.com", "Sign in to").await;
    assert!(mail.links[0].starts_with("https://blog.example/me/sign-in?token="));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_says_whose_it_is_to_somebody_else() {
    let app = App::unlimited().await;
    app.sign_up(EMAIL, "Ada").await;
    app.anonymous().post("/v1/auth/password/forgot", json!({ "email": EMAIL }), 202).await;
    let path = link(&app, EMAIL, "Choose a new password").await;
    let note = format!("This link is for {EMAIL}");
    let mut admin = Visitor::admin(&app).await;
    let page = admin.get(&path, 200).await;
    let words = text_of(&page);
    assert!(words.contains("You are signed in here as Admin (admin@example.com)."), "{words}");
    assert!(words.contains(&note), "{words}");
    let mut ada = Visitor::of(&app, EMAIL).await;
    assert!(!text_of(&ada.get(&path, 200).await).contains(&note));
    assert!(!text_of(&Visitor::stranger(&app).get(&path, 200).await).contains(&note));
    // A link that does not work any more leads on who is signed in.
    let spent = admin.get("/desk/reset-password?token=none", 200).await;
    assert!(
        text_of(&spent).contains("You are signed in as Admin. Go to the Desk"),
        "{}",
        spent.body
    );
    // An invitation that somebody accepts in a browser of another ends the session there.
    let invited = json!({ "email": "lin@example.com", "role": "author", "name": "Lin" });
    app.admin().await.post("/v1/users/invitations", invited, 201).await;
    let path = own_path(&app, &app.invitation_link("lin@example.com").await);
    let mut before = admin.clone();
    let page = admin.get(&path, 200).await;
    assert!(text_of(&page).contains("This link is for lin@example.com"), "{}", page.body);
    let home = admin.press(&page, "Accept and sign in", &[("password", PASSWORD)]).await;
    assert!(text_of(&home).contains("Your account: Lin"), "{}", home.body);
    before.get("/desk/account", 303).await;
}
