//! The page to sign up, where everybody may, and what it says where people are invited.

use std::sync::Arc;

use byline_shared::model::Role;
use serde_json::json;

use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{App, PASSWORD, login};

const EMAIL: &str = "ada@example.com";
const PLACE: &str = "/desk/sign-up";

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_up_and_is_in() {
    let app = App::start().await;
    let mut ada = Visitor::stranger(&app);
    let page = ada.get("/desk/sign-in", 200).await;
    assert!(page.body.contains("href=\"/desk/sign-up\""), "{}", page.body);
    let page = ada.get(PLACE, 200).await;
    assert!(!page.body.contains("type=\"password\""), "the password is chosen with the link");
    let wrong = [("name", ""), ("email", "not an address")];
    let refused = ada.press(&page, "Sign up", &wrong).await;
    assert_eq!(refused.status, 422);
    for field in ["name", "email"] {
        assert!(refused.body.contains(&format!("href=\"#{field}\"")), "{field}: {}", refused.body);
    }
    assert_eq!(form(&refused, "Sign up").value("email"), "not an address");
    // A password in the form counts for nothing.
    let fields = [("name", "Ada"), ("email", EMAIL), ("password", "another kettle in 9 rivers")];
    let sent = ada.press(&refused, "Sign up", &fields).await;
    assert!(text_of(&sent).contains("Check your inbox"), "{}", sent.body);
    assert!(sent.body.contains("href=\"/_local/mail\""), "{}", sent.body);
    let token = app.mailed_token(EMAIL).await;
    let page = ada.get(&format!("/desk/confirm?token={token}"), 200).await;
    let home = ada.press(&page, "Confirm and sign in", &[("password", PASSWORD)]).await;
    assert!(text_of(&home).contains("Your address is confirmed"), "{}", home.body);
    ada.get("/desk/account", 200).await;
    let early = login(EMAIL, "another kettle in 9 rivers");
    app.anonymous().post("/v1/auth/login", early, 401).await;
    let me = app.sign_in(EMAIL).await.get("/v1/users/me", 200).await;
    assert_eq!((me.text("/role"), me.text("/name")), ("reader".into(), "Ada".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_who_has_an_account() {
    let app = App::unlimited().await;
    app.create_user("known@example.com", "Known", Role::Reader).await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get(PLACE, 200).await;
    let mut seen = Vec::new();
    for email in ["first@example.com", "known@example.com", "unknown@example.com"] {
        let mut sent = form(&page, "Sign up");
        sent.set("name", "N");
        sent.set("email", email);
        let before = app.byline.observer.calls("desk-sign-up");
        let answer = visitor.submit(&sent).await;
        let calls = app.byline.observer.calls("desk-sign-up") - before;
        let place = answer.header("location").to_owned();
        let shown = visitor.follow(answer).await;
        seen.push((place, text_of(&shown), calls));
    }
    assert_eq!(seen[1], seen[2]);
    assert_eq!(seen[0].1, seen[1].1);
    app.byline.mailbox.mail_about("known@example.com", "You already have an account").await;
    app.mailed_token("unknown@example.com").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_people_are_invited_the_page_says_so() {
    let app = App::by_invitation().await;
    let admin = app.admin().await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get("/desk/sign-in", 200).await;
    assert!(!page.body.contains("/desk/sign-up"), "{}", page.body);
    let page = visitor.get(PLACE, 200).await;
    assert!(text_of(&page).contains("You need an invitation"), "{}", page.body);
    assert!(find(&page, "Sign up").is_none(), "{}", page.body);
    // A form that was open when the sign-up was closed sends no mail.
    admin.patch("/v1/admin/settings", json!({ "registration": "open" }), 200).await;
    let open = visitor.get(PLACE, 200).await;
    admin.patch("/v1/admin/settings", json!({ "registration": "invited" }), 200).await;
    let fields = [("name", "Ada"), ("email", EMAIL)];
    let closed = visitor.press(&open, "Sign up", &fields).await;
    assert_eq!(closed.status, 403);
    let words = text_of(&closed);
    assert!(words.contains("You need an invitation"), "{words}");
    assert!(words.contains("Ask an admin to invite your address"), "{words}");
    assert!(app.byline.mailbox.mails().iter().all(|mail| mail.to != EMAIL));
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_are_limited_as_over_the_api() {
    let app = App::start().await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get(PLACE, 200).await;
    for _ in 0..5 {
        let sent = visitor.press(&page, "Sign up", &[("name", "Ada"), ("email", EMAIL)]).await;
        assert!(text_of(&sent).contains("Check your inbox"), "{}", sent.body);
    }
    let refused = visitor.press(&page, "Sign up", &[("name", "Ada"), ("email", EMAIL)]).await;
    assert_eq!(refused.status, 429, "{}", refused.body);
    assert_eq!(form(&refused, "Sign up").value("email"), EMAIL);
    // The API counts the same.
    let body = json!({ "email": EMAIL, "name": "Ada" });
    app.anonymous().post("/v1/auth/register", body, 429).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_a_frontend_leads_to_the_frontend() {
    let app = App::start_with(|options| {
        options.variable = Arc::new(|name: &str| {
            (name == "BYLINE_ACCOUNT_PAGES_URL").then(|| "https://front.example".to_owned())
        });
    })
    .await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get(PLACE, 200).await;
    visitor.press(&page, "Sign up", &[("name", "Ada"), ("email", EMAIL)]).await;
    let mail = app.byline.mailbox.mail_about(EMAIL, "Confirm your e-mail address").await;
    assert!(
        mail.links[0].starts_with("https://front.example/verify-email?token="),
        "{:?}",
        mail.links
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_may_be_named_like_what_programs_say() {
    let app = App::unlimited().await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get(PLACE, 200).await;
    let changes = json!({ "title": "JSON Weekly", "registration": "invited" });
    app.admin().await.patch("/v1/admin/settings", changes, 200).await;
    let refused = visitor.press(&page, "Sign up", &[("name", "Ada"), ("email", EMAIL)]).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    let words = text_of(&refused);
    assert!(words.contains("People get an account here by invitation. Ask an admin"), "{words}");
}
