//! Everybody chooses their mails: at once, once a day, or none.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{address, mails_to, propose, reject, until_told};
use crate::desk::visitor::{Visitor, find, text_of};
use crate::harness::{Answer, App, Client};
use crate::publishing::story_trail::until_sent_at_once;
use crate::workers::run;

async fn choose(client: &Client, choice: Value) -> Answer {
    client.patch("/v1/users/me", json!({ "notifications": choice }), 200).await
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_chooses_their_mails() {
    let app = App::unlimited().await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let (to, own) = (address(&editor).await, address(&author).await);
    let before = editor.get("/v1/users/me", 200).await;
    let default = json!({ "waiting": "at_once", "decided": "at_once" });
    assert_eq!(before.json["notifications"], default);
    let chosen = choose(&editor, json!({ "waiting": "off" })).await;
    assert_eq!(chosen.json["notifications"], json!({ "waiting": "off", "decided": "at_once" }));
    choose(&author, json!({ "decided": "off" })).await;
    let kept = author.get("/v1/users/me", 200).await;
    assert_eq!(kept.json["notifications"], json!({ "waiting": "at_once", "decided": "off" }));

    let proposal = propose(&author, "Quiet").await;
    reject(&editor, &proposal, "No.").await;
    until_told(&app, 2).await;
    assert_eq!(mails_to(&app, &to), [], "off");
    assert_eq!(mails_to(&app, &own), [], "an author decides on nothing, and chose not to know");
    assert_eq!(mails_to(&app, "admin@example.com").len(), 1);

    for wrong in
        [json!({ "waiting": "weekly" }), json!({ "decided": "daily" }), json!({ "all": 1 })]
    {
        let body = json!({ "notifications": wrong });
        editor.patch("/v1/users/me", body, 422).await.is_problem("invalid_input");
    }
    // An agent changes no account.
    let agent = app.agent(&author).await;
    let body = json!({ "notifications": { "decided": "at_once" } });
    let refused = agent.send(Method::PATCH, "/v1/users/me", &[], Some(body), 403).await;
    refused.is_problem("forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_choice_is_made_at_the_desk() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (mut visitor, editor) = Visitor::with_role(&app, Role::Editor).await;
    let to = address(&editor).await;
    // It needs no recent sign-in: it opens nothing.
    clock.advance(3600);
    let page = visitor.get("/desk/account", 200).await;
    let fields = [("waiting", "daily"), ("decided", "off")];
    let done = visitor.press(&page, "Save the choice", &fields).await;
    assert!(text_of(&done).contains("It counts for all that happens from now on"));
    let chosen = app.sign_in(&to).await.get("/v1/users/me", 200).await;
    assert_eq!(chosen.json["notifications"], json!({ "waiting": "daily", "decided": "off" }));
    let wrong = visitor.press(&page, "Save the choice", &[("waiting", "weekly")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.body);

    let (mut author, _) = Visitor::with_role(&app, Role::Author).await;
    let page = author.get("/desk/account", 200).await;
    let form = find(&page, "Save the choice").unwrap();
    assert!(form.fields.iter().all(|(name, _)| name != "waiting"), "they decide on nothing");
    author.press(&page, "Save the choice", &[("decided", "off")]).await;
    let (mut reader, _) = Visitor::with_role(&app, Role::Reader).await;
    let page = reader.get("/desk/account", 200).await;
    assert!(find(&page, "Save the choice").is_none(), "nothing happens to them");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_daily_mail_lists_what_waits_and_is_not_sent_for_nothing() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let to = address(&editor).await;
    choose(&editor, json!({ "waiting": "daily" })).await;
    run(&app, "worker-digest").await;
    until_sent_at_once(&app).await;
    assert_eq!(mails_to(&app, &to), [], "nothing waits");

    for number in 1..=23 {
        propose(&author, &format!("Number {number}")).await;
        // Lists are ordered by time.
        clock.advance(1);
    }
    // Their own does not wait for them.
    let own = propose(&editor, "Their own").await;
    until_told(&app, 24).await;
    assert_eq!(mails_to(&app, &to), [], "they chose to be told once a day");
    run(&app, "worker-digest").await;
    until_sent_at_once(&app).await;
    assert_eq!(mails_to(&app, &to), [], "there was one for this day, even if nothing waited");
    clock.advance(24 * 3600);
    run(&app, "worker-digest").await;
    // A second run on the same day sends no second mail.
    run(&app, "worker-digest").await;
    until_sent_at_once(&app).await;
    let mails = mails_to(&app, &to);
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.subject, "23 proposals wait for review at Byline");
    let reviews = mail.links.iter().filter(|link| link.contains("/desk/proposals/")).count();
    assert_eq!(reviews, 20);
    assert!(mail.text.contains("- Number 23\n  A new post, proposed by "), "{}", mail.text);
    assert!(mail.text.contains("… and 3 more."), "{}", mail.text);
    assert!(!mail.text.contains(&own.text("/id")), "{}", mail.text);
    assert!(mail.html.contains("Number 23"), "{}", mail.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_editor_gets_no_daily_mail() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (editor, author) = (app.user(Role::Editor).await, app.user(Role::Author).await);
    let me = choose(&editor, json!({ "waiting": "daily" })).await;
    propose(&author, "Waits").await;
    let path = format!("/v1/users/{}", me.text("/id"));
    app.admin().await.patch(&path, json!({ "disabled": true }), 200).await;
    clock.advance(24 * 3600);
    run(&app, "worker-digest").await;
    until_told(&app, 1).await;
    assert_eq!(mails_to(&app, &me.text("/email")), []);
}
