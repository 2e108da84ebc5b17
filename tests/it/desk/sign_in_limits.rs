//! What somebody at the Desk's page to sign in reads who has tried too often.

use scraper::{Html, Selector};
use serde_json::json;

use super::sign_in::filled;
use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{Answer, App, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn too_many_wrong_passwords_leave_the_way_by_mail() {
    let app = App::start().await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get("/desk/sign-in", 200).await;
    for _ in 0..5 {
        let answer = visitor.submit(&filled(&page, "admin@example.com", "wrong")).await;
        assert_eq!(answer.status, 403);
    }
    let refused = visitor.submit(&filled(&page, "admin@example.com", PASSWORD)).await;
    assert_eq!(refused.status, 429, "{}", refused.body);
    refused.header("retry-after");
    assert!(find(&refused, "Send me a code by e-mail instead").is_some());
}

/// How many fields the page marks as wrong.
fn marked(page: &Answer) -> usize {
    let marked = Selector::parse("[aria-invalid=true]").unwrap();
    Html::parse_document(&page.body).select(&marked).count()
}

/// Holds a page to saying that it was too often, and to asking for no correction.
fn is_said(page: &Answer) {
    assert_eq!(page.status, 429, "{}", page.body);
    assert!(text_of(page).contains("Too many attempts. Try again in"), "{}", page.body);
    assert_eq!(marked(page), 0, "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_tried_too_often_is_said_and_marks_no_field() {
    // Its clock stands still, so that no attempt comes back meanwhile.
    let (app, _clock) = App::with_clock().await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get("/desk/sign-in", 200).await;
    let wrong = filled(&page, "admin@example.com", "wrong");
    for _ in 0..5 {
        let answer = visitor.submit(&wrong).await;
        assert_eq!((answer.status, marked(&answer)), (403, 2), "{}", answer.body);
    }
    is_said(&visitor.submit(&wrong).await);
    let mut ask = form(&page, "Send me a code by e-mail instead");
    ask.set("email", "admin@example.com");
    for _ in 0..5 {
        assert_eq!(visitor.submit(&ask).await.status, 303);
    }
    let refused = visitor.submit(&ask).await;
    is_said(&refused);
    let mut guess = form(&refused, "Sign in");
    guess.set("mail-code", "abcdefg-hjkmnpq");
    for _ in 0..30 {
        let answer = visitor.submit(&guess).await;
        assert_eq!((answer.status, marked(&answer)), (422, 1), "{}", answer.body);
    }
    is_said(&visitor.submit(&guess).await);
    // Links that do not exist are counted with codes that do not.
    guess.set("step", "link");
    guess.set("token", "unknown");
    is_said(&visitor.submit(&guess).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_tell_nobody_which_codes_exist() {
    let (app, _clock) = App::with_clock().await;
    let mut visitor = Visitor::stranger(&app);
    let page = visitor.get("/desk/sign-in", 200).await;
    let mut ask = form(&page, "Send me a code by e-mail instead");
    ask.set("email", "admin@example.com");
    assert_eq!(visitor.submit(&ask).await.status, 303);
    let mail = app.byline.mailbox.mail_about("admin@example.com", "Your code to sign in").await;
    let code = mail.text.lines().find(|line| line.len() == 15 && line.contains('-')).unwrap();
    let ask = json!({ "email": "admin@example.com" });
    app.anonymous().post("/v1/auth/sign-in-link", ask, 202).await;
    let mail = app.byline.mailbox.mail_about("admin@example.com", "Sign in to").await;
    let link = mail.links[0].split_once("/desk/").unwrap().1.to_owned();
    let link = format!("/desk/{link}");

    let guessed = async |visitor: &mut Visitor, token: &str| {
        let page = visitor.get(&format!("/desk/sign-in?token={token}"), 200).await;
        assert!(text_of(&page).contains("The link has expired"), "{token}: {}", page.body);
    };
    guessed(&mut visitor, &code.replace('-', "")).await;
    guessed(&mut visitor, code).await;
    // Links that exist are not counted, and those that do not are, whatever page they are tried at.
    for _ in 0..28 {
        visitor.get(&link, 200).await;
        visitor.get("/desk/reset-password?token=unknown", 200).await;
    }
    for page in ["sign-in", "confirm", "reset-password", "accept-invitation", "change-address"] {
        let refused = visitor.get(&format!("/desk/{page}?token=unknown"), 429).await;
        refused.header("retry-after");
        assert!(text_of(&refused).contains("Too many attempts"), "{page}: {}", refused.body);
    }
    let page = visitor.get(&link, 200).await;
    assert_eq!(visitor.press(&page, "Sign in", &[]).await.status, 200);
    visitor.get("/desk/account", 200).await;
}
