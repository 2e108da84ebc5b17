//! Signing in at `/oauth/authorize` with a code by e-mail.

use super::World;
use super::browser::{Browser, form};
use super::pages::texts;
use crate::harness::{App, Client, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_for_a_code_without_an_address_marks_the_address_alone() {
    let world = World::of(App::start().await).await;
    let mut browser = world.browser();
    let page = browser.authorize(&world.asks()).await;
    let ask = form(&page, "sign_in").with("email", "").with("by", "mail");
    let refused = browser.post(&ask).await;
    assert_eq!(refused.status, 403);
    assert_eq!(texts(&refused.body, "#fault-title"), ["No code was sent"]);
    assert_eq!(texts(&refused.body, "#email[aria-invalid=true]").len(), 1);
    assert_eq!(texts(&refused.body, "#password[aria-invalid=true]").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailed_code_signs_in_when_strangers_have_used_up_the_password() {
    let world = World::of(App::start().await).await;
    let mut stranger = world.browser();
    let page = stranger.authorize(&world.asks()).await;
    for _ in 0..6 {
        stranger.sign_in(&page, &world.email, "wrong").await;
    }
    let mut browser = world.browser();
    let page = browser.authorize(&world.asks()).await;
    assert_eq!(browser.sign_in(&page, &world.email, PASSWORD).await.status, 429);
    let ask = |email: &str| form(&page, "sign_in").with("email", email).with("by", "mail");
    let nobody = browser.post(&ask("nobody@example.com")).await;
    let sent = browser.post(&ask(&world.email)).await;
    assert_eq!((nobody.status, sent.status), (200, 200));
    assert_eq!(nobody.body, sent.body, "nobody learns who has an account");
    assert_eq!(texts(&sent.body, "label").len(), 2);
    let mail = world.app.byline.mailbox.mail_about(&world.email, "Your code to sign in").await;
    let code = mail.text.lines().find(|line| line.len() == 15 && line.contains('-')).unwrap();
    let enter = |code: &str| form(&sent, "mail_code").with("mail_code", code);
    let wrong = browser.post(&enter("abcdefg-hjkmnpq")).await;
    assert_eq!(wrong.status, 403);
    assert_eq!(texts(&wrong.body, "[role=alert]").len(), 1);
    let signed_in = browser.post(&enter(&code.to_uppercase())).await;
    assert_eq!(signed_in.status, 303, "{}", signed_in.body);
    assert!(browser.authorize(&world.asks()).await.body.contains("Authorize Test agent?"));
    // It works once; and the browser is a known device from now on.
    let mut other = world.browser();
    let page = other.authorize(&world.asks()).await;
    let again = form(&page, "sign_in").with("email", &world.email).with("by", "mail");
    let again = other.post(&again).await;
    let spent = other.post(&form(&again, "mail_code").with("mail_code", code)).await;
    assert_eq!(spent.status, 403);
    browser.cookies.0.remove("byline-session");
    let page = browser.authorize(&world.asks()).await;
    assert_eq!(browser.sign_in(&page, &world.email, PASSWORD).await.status, 303);
}

/// Somebody in a network of their own.
fn stranger(app: &App) -> Client {
    let local = std::net::IpAddr::from([127, 0, 1, 1]);
    let http = reqwest::Client::builder().local_address(local);
    let http = http.redirect(reqwest::redirect::Policy::none()).build().unwrap();
    Client::new(http, format!("http://{}", app.byline.address), None)
}

/// The newest code that was mailed to the editor.
async fn code(world: &World) -> String {
    let mail = world.app.byline.mailbox.mail_about(&world.email, "Your code to sign in").await;
    mail.text.lines().find(|line| line.len() == 15 && line.contains('-')).unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_strangers_ask_for_leave_the_owner_a_code() {
    let world = World::of(App::start().await).await;
    let (stranger, path) = (stranger(&world.app), "/v1/auth/sign-in-link");
    let ask = serde_json::json!({ "email": world.email });
    for _ in 0..5 {
        stranger.post(path, ask.clone(), 202).await;
    }
    let refused = world.app.anonymous().post(path, ask, 429).await;
    assert!(refused.body.contains("use the newest one"), "{}", refused.body);
    let mut browser = world.browser();
    let page = browser.authorize(&world.asks()).await;
    let ask = form(&page, "sign_in").with("email", &world.email).with("by", "mail");
    let sent = browser.post(&ask).await;
    assert_eq!(sent.status, 200, "{}", sent.body);
    let enter = form(&sent, "mail_code").with("mail_code", &code(&world).await);
    assert_eq!(browser.post(&enter).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_a_stranger_asked_for_can_be_entered() {
    let world = World::of(App::start().await).await;
    let mut stranger = Browser::new(stranger(&world.app));
    let page = stranger.authorize(&world.asks()).await;
    let ask = form(&page, "sign_in").with("email", &world.email).with("by", "mail");
    for _ in 0..5 {
        assert_eq!(stranger.post(&ask).await.status, 200);
    }
    let mut browser = world.browser();
    let page = browser.authorize(&world.asks()).await;
    let ask = form(&page, "sign_in").with("email", &world.email).with("by", "mail");
    let refused = browser.post(&ask).await;
    assert_eq!(refused.status, 429);
    assert!(refused.body.contains("use the newest one"), "{}", refused.body);
    assert!(!refused.body.contains("on its way"), "no further one was sent");
    let enter = form(&refused, "mail_code").with("mail_code", &code(&world).await);
    assert_eq!(browser.post(&enter).await.status, 303);
}
