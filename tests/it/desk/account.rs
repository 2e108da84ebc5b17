//! The pages of a person's own account.

use byline_shared::clock::Clock;
use byline_shared::model::Role;
use serde_json::json;

use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{App, PASSWORD, code, login};
use crate::oauth::World;

const OTHER: &str = "blue kettle over 9 quiet rivers";

const PAGES: [(&str, &str); 9] = [
    ("/desk/account", "desk-account"),
    ("/desk/account/profile", "desk-account-profile"),
    ("/desk/account/delete", "desk-account-delete"),
    ("/desk/account/password", "desk-account-password"),
    ("/desk/account/one-time-codes", "desk-account-totp"),
    ("/desk/account/passkeys", "desk-account-passkeys"),
    ("/desk/account/sessions", "desk-account-sessions"),
    ("/desk/account/keys", "desk-account-keys"),
    ("/desk/account/apps", "desk-account-apps"),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_name_is_changed_and_the_address_asks_both() {
    let app = App::unlimited().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let page = visitor.get("/desk/account", 200).await;
    let done = visitor.press(&page, "Change the name", &[("name", " Grace Hopper ")]).await;
    assert!(text_of(&done).contains("Your name was changed"), "{}", done.body);
    assert_eq!(client.get("/v1/users/me", 200).await.text("/name"), "Grace Hopper");
    let wrong = visitor.press(&page, "Change the name", &[("name", " ")]).await;
    assert_eq!(wrong.status, 422);
    let own = client.get("/v1/users/me", 200).await.text("/email");
    let same = visitor.press(&page, "Send the mails", &[("email", &own)]).await;
    assert!(text_of(&same).contains("your address already"));
    let sent = visitor.press(&page, "Send the mails", &[("email", "new@example.com")]).await;
    assert!(text_of(&sent).contains("Both addresses have a mail"), "{}", sent.body);
    assert!(text_of(&sent).contains("A change to new@example.com waits"), "{}", sent.body);
    for address in [own.as_str(), "new@example.com"] {
        app.byline.mailbox.mail_about(address, "Confirm the new e-mail address").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_that_protect_the_account_need_a_recent_sign_in_and_are_kept() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let account = visitor.get("/desk/account", 200).await;
    let keys = visitor.get("/desk/account/keys", 200).await;
    let codes = visitor.get("/desk/account/one-time-codes", 200).await;
    let email = client.get("/v1/users/me", 200).await.text("/email");
    clock.advance(15 * 60 + 1);
    let mut kept = Vec::new();
    for (page, button, path, fields) in [
        (&account, "Change the name", "/desk/account", &[("name", "Grace Hopper")][..]),
        (&account, "Send the mails", "/desk/account", &[("email", "new@example.com")]),
        (
            &keys,
            "Create the key",
            "/desk/account/keys",
            &[("name", "Build server"), ("days", "30")],
        ),
        (&codes, "Set up one-time codes", "/desk/account/one-time-codes", &[]),
    ] {
        let mut sent = form(page, button);
        fields.iter().for_each(|(name, value)| sent.set(name, value));
        let answer = visitor.submit(&sent).await;
        assert_eq!(answer.status, 403, "{button}");
        let words = text_of(&answer);
        assert!(words.contains("sign-in of the last 15 minutes"), "{button}: {words}");
        assert!(words.contains("Nothing was changed"), "{button}: {words}");
        assert!(answer.body.contains("again=1") && answer.body.contains("target=\"_blank\""));
        let waiting = form(&answer, "Continue");
        assert_eq!(waiting.action, path);
        assert!(waiting.fields.iter().all(|(name, _)| name != "form_token"), "{button}");
        kept.push((waiting, button, path, fields));
        let shown = visitor.get(path, 200).await;
        assert!(find(&shown, button).is_none(), "{path}");
        assert!(text_of(&shown).contains("needs a sign-in of the last 15 minutes"), "{path}");
    }
    // Sent again too early, it is still kept.
    let early = visitor.submit(&kept[2].0).await;
    assert_eq!(form(&early, "Continue").value("name"), "Build server");
    // They sign in in another tab, come back, look at it, and send it.
    let page = visitor.get("/desk/sign-in?again=1&next=%2Fdesk%2Faccount%2Fkeys", 200).await;
    let fields = [("email", email.as_str()), ("password", PASSWORD)];
    let back = visitor.press(&page, "Sign in", &fields).await;
    assert!(find(&back, "Create the key").is_some(), "{}", back.body);
    for (waiting, button, _, fields) in &kept {
        let shown = visitor.submit(waiting).await;
        let entered = form(&shown, button);
        for (name, value) in *fields {
            assert_eq!(entered.value(name), *value, "{button}");
        }
    }
    let me = visitor.get("/desk/account", 200).await;
    assert!(!me.body.contains("Grace Hopper"), "nothing is done before it is sent once more");
    let shown = visitor.submit(&kept[0].0).await;
    let done = visitor.press(&shown, "Change the name", &[]).await;
    assert!(text_of(&done).contains("Your name was changed"), "{}", done.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_came_too_late_is_entered_for_the_same_secret() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let email = client.get("/v1/users/me", 200).await.text("/email");
    let page = visitor.get("/desk/account/one-time-codes", 200).await;
    let made = visitor.press(&page, "Set up one-time codes", &[]).await;
    let html = scraper::Html::parse_document(&made.body);
    let link = scraper::Selector::parse("a[href^='otpauth:']").unwrap();
    let uri = html.select(&link).next().unwrap().attr("href").unwrap().to_owned();
    clock.advance(15 * 60 + 1);
    let button = "Turn one-time codes on";
    let mut sent = form(&made, button);
    sent.set("code", &code(&uri, clock.now()));
    let kept = visitor.submit(&sent).await;
    assert_eq!(kept.status, 403, "{}", kept.body);
    assert!(text_of(&kept).contains("enter them again"), "{}", kept.body);
    let waiting = form(&kept, "Continue");
    assert!(waiting.fields.iter().all(|(name, _)| name != "code"), "a code is not kept");
    let page = visitor.get("/desk/sign-in?again=1", 200).await;
    let fields = [("email", email.as_str()), ("password", PASSWORD)];
    visitor.press(&page, "Sign in", &fields).await;
    let again = visitor.submit(&waiting).await;
    let on = visitor.press(&again, button, &[("code", &code(&uri, clock.now()))]).await;
    assert!(text_of(&on).contains("Keep these recovery codes"), "{}", on.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sessions() {
    let app = App::unlimited().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let email = client.get("/v1/users/me", 200).await.text("/email");
    let mut elsewhere = Visitor::of(&app, &email).await;
    let page = visitor.get("/desk/account/password", 200).await;
    let button = "Change the password";
    let wrong = [("current_password", "not it"), ("new_password", OTHER)];
    let wrong = visitor.press(&page, button, &wrong).await;
    assert_eq!(wrong.status, 422);
    assert!(text_of(&wrong).contains("The current password is wrong"));
    assert!(!wrong.body.contains(OTHER), "no password is sent back");
    let weak = [("current_password", PASSWORD), ("new_password", "aaaaaaaaaaaaaaaa")];
    assert!(text_of(&visitor.press(&page, button, &weak).await).contains("easily guessed"));
    let right = [("current_password", PASSWORD), ("new_password", OTHER)];
    let done = visitor.press(&page, button, &right).await;
    assert!(text_of(&done).contains("Your password was changed"), "{}", done.body);
    visitor.get("/desk/account", 200).await;
    elsewhere.get("/desk/account", 303).await;
    client.get("/v1/users/me", 401).await;
    app.anonymous().post("/v1/auth/login", login(&email, OTHER), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_time_codes_are_turned_on_and_off() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let email = client.get("/v1/users/me", 200).await.text("/email");
    let page = visitor.get("/desk/account/one-time-codes", 200).await;
    let made = visitor.press(&page, "Set up one-time codes", &[]).await;
    assert!(made.body.contains("<svg") && !made.body.contains("<?xml"));
    let html = scraper::Html::parse_document(&made.body);
    let app_link = scraper::Selector::parse("a[href^='otpauth:']").unwrap();
    let uri = html.select(&app_link).next().unwrap().attr("href").unwrap().to_owned();
    let button = "Turn one-time codes on";
    let wrong = visitor.press(&made, button, &[("code", "000000")]).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(client.get("/v1/users/me", 200).await.json["two_factor"], false);
    let on = visitor.press(&wrong, button, &[("code", &code(&uri, clock.now()))]).await;
    assert!(text_of(&on).contains("Keep these recovery codes"), "{}", on.body);
    assert_eq!(on.body.matches("<li><code>").count(), 10);
    assert_eq!(client.get("/v1/users/me", 200).await.json["two_factor"], true);
    app.anonymous().post("/v1/auth/login", login(&email, PASSWORD), 401).await;
    // The form of another window.
    let late = visitor.press(&page, "Set up one-time codes", &[]).await;
    assert!(text_of(&late).contains("another window"), "{}", late.body);
    let asked = visitor.get("/desk/account/one-time-codes?off=1", 200).await;
    assert_eq!(
        client.get("/v1/users/me", 200).await.json["two_factor"],
        true,
        "GET changes nothing"
    );
    let off = visitor.press(&asked, "Turn one-time codes off", &[]).await;
    assert!(text_of(&off).contains("One-time codes are off"));
    app.anonymous().post("/v1/auth/login", login(&email, PASSWORD), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_from_elsewhere_change_nothing() {
    let app = App::unlimited().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let page = visitor.get("/desk/account", 200).await;
    let mut form = form(&page, "Change the name");
    form.set("name", "Somebody else");
    let foreign: [&[(&str, &str)]; 5] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[],
    ];
    for headers in foreign {
        assert_eq!(visitor.submit_with(&form, headers).await.status, 403, "{headers:?}");
    }
    // The form of another session comes back filled.
    let email = client.get("/v1/users/me", 200).await.text("/email");
    let mut other = Visitor::of(&app, &email).await;
    let shown = other.submit(&form).await;
    assert_eq!(shown.status, 409);
    assert!(shown.body.contains("value=\"Somebody else\""), "{}", shown.body);
    let me = client.get("/v1/users/me", 200).await;
    assert_ne!(me.text("/name"), "Somebody else");
    // After signing out, it is kept on a page, without what is secret.
    let mut signed_out = Visitor::stranger(&app);
    let kept = signed_out.submit(&form).await;
    assert_eq!(kept.status, 403);
    assert!(kept.body.contains("value=\"Somebody else\""));
    let page = visitor.get("/desk/account/password", 200).await;
    let mut secret = super::visitor::form(&page, "Change the password");
    secret.set("current_password", PASSWORD);
    secret.set("new_password", OTHER);
    let kept = signed_out.submit(&secret).await;
    assert!(!kept.body.contains(PASSWORD) && !kept.body.contains(OTHER));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_costs_few_calls() {
    let world = World::new().await;
    for name in ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"] {
        let body = json!({ "name": name, "scopes": ["profile"] });
        world.person.post("/v1/auth/api-keys", body, 201).await;
    }
    world.tokens(&world.asks()).await;
    let mut visitor = Visitor::of(&world.app, &world.email).await;
    for (path, operation) in PAGES {
        let before = world.app.byline.observer.calls(operation);
        visitor.get(path, 200).await;
        let calls = world.app.byline.observer.calls(operation) - before;
        assert!((1..=7).contains(&calls), "{path} made {calls} calls");
    }
}
