//! Files that a script of a page sends to the bucket: announced, sent and completed with the page's own forms.

use std::sync::Arc;

use byline_shared::clock::{Clock, ManualClock, SystemClock};
use byline_shared::model::Role;
use serde_json::{Value, json};

use super::visitor::{Form, Visitor, form};
use crate::harness::{Answer, App, Client};
use crate::media::{GIF, Upload};

const SCRIPT: [(&str, &str); 2] =
    [("sec-fetch-site", "same-origin"), ("accept", "application/json")];

/// A picture of 6 MiB: more than a function takes.
fn large() -> Vec<u8> {
    let mut bytes = GIF.to_vec();
    bytes.resize(6 * 1024 * 1024, 0);
    bytes
}

/// The form of the page with these fields in place of its own.
async fn ask(visitor: &mut Visitor, page: &Form, fields: &[(&str, &str)]) -> Answer {
    let mut sent = page.clone();
    sent.fields.retain(|(name, _)| name == "form_token");
    for (name, value) in fields {
        sent.set(name, value);
    }
    visitor.submit_with(&sent, &SCRIPT).await
}

pub(crate) async fn announce(
    visitor: &mut Visitor,
    page: &Form,
    (name, kind, size): (&str, &str, usize),
) -> Answer {
    let size = size.to_string();
    let fields =
        [("action", "announce"), ("filename", name), ("content_type", kind), ("size", &size)];
    ask(visitor, page, &fields).await
}

pub(crate) async fn end(
    visitor: &mut Visitor,
    page: &Form,
    action: &str,
    announced: &Answer,
) -> Answer {
    let id = announced.text("/media_id");
    ask(visitor, page, &[("action", action), ("media_id", &id)]).await
}

async fn library(client: &Client) -> Vec<Value> {
    client.get("/v1/manage/media", 200).await.json["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_too_large_for_a_form_goes_to_the_bucket() {
    let app = App::start().await;
    let (mut author, client) = Visitor::with_role(&app, Role::Author).await;
    let page = author.get("/desk/media", 200).await;
    let policy = page.header("content-security-policy").to_owned();
    let page = form(&page, "Upload");
    let bytes = large();
    let file = ("Rope at low tide.gif", "image/gif", bytes.len());
    let announced = announce(&mut author, &page, file).await;
    assert_eq!(announced.status, 200, "{}", announced.body);
    let upload = announced.text("/upload/url");
    let origin = upload.split('/').take(3).collect::<Vec<_>>().join("/");
    assert!(policy.contains(&format!("connect-src 'self' {origin};")), "{policy}: {upload}");
    let early = end(&mut author, &page, "complete", &announced).await;
    assert_eq!(early.status, 409);
    assert!(early.text("/detail").contains("did not arrive"), "{}", early.body);

    assert_eq!(Upload::of(&announced).send(&bytes).await, 200);
    let done = end(&mut author, &page, "complete", &announced).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let items = library(&client).await;
    assert_eq!((&items[0]["status"], &items[0]["size"]), (&json!("ready"), &json!(bytes.len())));
    let url = items[0]["url"].as_str().unwrap();
    assert_eq!(done.text("/markdown"), format!("![]({url})"));
    assert_eq!(reqwest::get(url).await.unwrap().bytes().await.unwrap().len(), bytes.len());
    author.get(&done.text("/href"), 200).await;
    // An answer that was lost is asked for again; to cancel it then is too late.
    let again = end(&mut author, &page, "complete", &announced).await;
    assert_eq!((again.status, again.json), (200, done.json));
    assert_eq!(end(&mut author, &page, "cancel", &announced).await.status, 200);
    assert_eq!(library(&client).await.len(), 1);
    assert!(app.byline.observer.violations().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_said_in_words_and_leaves_nothing() {
    let app = App::unlimited().await;
    let (mut author, client) = Visitor::with_role(&app, Role::Author).await;
    let page = form(&author.get("/desk/media", 200).await, "Upload");
    const MIB: usize = 1024 * 1024;
    for (file, words) in [
        (("a.svg", "image/svg+xml", 6 * MIB), "Files of this kind cannot be uploaded"),
        (("a.heic", "image/heic", 6 * MIB), "JPEG, PNG, GIF"),
        (("a", "", 6 * MIB), "Files of this kind cannot be uploaded"),
        (("a.png", "image/png", 0), "The file is empty"),
        (("a.png", "image/png", 26 * MIB), "25 MiB"),
        (("", "image/png", 6 * MIB), ""),
    ] {
        let refused = announce(&mut author, &page, file).await;
        assert_eq!(refused.status, 422, "{file:?}: {}", refused.body);
        let detail = refused.text("/detail");
        assert!(!detail.is_empty() && detail.contains(words), "{file:?}: {detail}");
    }
    assert!(library(&client).await.is_empty());

    // A text with the name of a picture: found out when it is there, and gone at once.
    let text = "no picture ".repeat(500_000).into_bytes();
    let file = ("kelp.png", "image/png", text.len());
    let announced = announce(&mut author, &page, file).await;
    assert_eq!(Upload::of(&announced).send(&text).await, 200);
    let refused = end(&mut author, &page, "complete", &announced).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let detail = refused.text("/detail");
    assert!(detail.contains("not of the kind that its name says"), "{detail}");
    assert!(library(&client).await.is_empty());

    // What is cancelled is not waited for; done twice it does no harm.
    let announced = announce(&mut author, &page, ("a.png", "image/png", 6 * MIB)).await;
    assert_eq!(library(&client).await.len(), 1);
    for _ in 0..2 {
        assert_eq!(end(&mut author, &page, "cancel", &announced).await.status, 200);
        assert!(library(&client).await.is_empty());
    }
    let late = end(&mut author, &page, "complete", &announced).await;
    assert_eq!(late.status, 404, "{}", late.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_announced_a_file_completes_it_and_only_from_the_page() {
    let app = App::unlimited().await;
    let (mut author, client) = Visitor::with_role(&app, Role::Author).await;
    let (mut other, _) = Visitor::with_role(&app, Role::Author).await;
    let page = form(&author.get("/desk/media", 200).await, "Upload");
    let of_other = form(&other.get("/desk/media", 200).await, "Upload");
    let announced = announce(&mut author, &page, ("a.gif", "image/gif", GIF.len())).await;
    assert_eq!(Upload::of(&announced).send(GIF).await, 200);
    for (action, status) in [("complete", 404), ("cancel", 200)] {
        let answer = end(&mut other, &of_other, action, &announced).await;
        assert_eq!(answer.status, status, "{action}: {}", answer.body);
    }
    // The token of another session, no session, and another site.
    let stale = end(&mut author, &of_other, "cancel", &announced).await;
    assert_eq!(stale.status, 409, "{}", stale.body);
    assert!(stale.text("/detail").contains("signed in again"), "{}", stale.body);
    let gone = end(&mut Visitor::stranger(&app), &page, "cancel", &announced).await;
    assert_eq!(gone.status, 403, "{}", gone.body);
    assert!(gone.text("/detail").contains("You are signed out"), "{}", gone.body);
    let mut cancel = page.clone();
    cancel.set("action", "cancel");
    cancel.set("media_id", &announced.text("/media_id"));
    let foreign = [("sec-fetch-site", "cross-site"), ("accept", "application/json")];
    assert_eq!(author.submit_with(&cancel, &foreign).await.status, 403);
    assert_eq!(library(&client).await.len(), 1, "nothing was cancelled");
    assert_eq!(end(&mut author, &page, "complete", &announced).await.status, 200);
    // A cookie opens no operation of the API.
    let answer = author.send(http::Method::POST, "/v1/manage/media", &SCRIPT, None).await;
    assert_eq!(answer.status, 401, "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_to_send_runs_out_and_a_new_one_is_asked_for() {
    let clock = Arc::new(ManualClock::at(SystemClock.now().plus_seconds(-16 * 60)));
    let shown = Arc::clone(&clock);
    let app = App::start_with(move |options| options.clock = shown).await;
    let (mut author, _) = Visitor::with_role(&app, Role::Author).await;
    let page = form(&author.get("/desk/media", 200).await, "Upload");
    let file = ("a.gif", "image/gif", GIF.len());
    let announced = announce(&mut author, &page, file).await;
    assert_eq!(Upload::of(&announced).send(GIF).await, 403);
    assert_eq!(end(&mut author, &page, "cancel", &announced).await.status, 200);
    clock.advance(16 * 60);
    let announced = announce(&mut author, &page, file).await;
    assert_eq!(Upload::of(&announced).send(GIF).await, 200);
    let done = end(&mut author, &page, "complete", &announced).await;
    assert_eq!(done.status, 200, "{}", done.body);
    author.get(&done.text("/href"), 200).await;
}
