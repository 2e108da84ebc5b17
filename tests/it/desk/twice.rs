//! Forms that are sent twice: the second answer is that of the first, and what they make is made once.

use std::sync::Arc;

use byline_shared::clock::{Clock, ManualClock, SystemClock};
use byline_shared::model::{Role, Time};
use scraper::{Html, Selector};

use super::visitor::{Form, Visitor, form, text_of};
use crate::harness::{Answer, App, code, draft};
use crate::media::GIF;

/// The words of the elements that a selector finds.
fn found(page: &Answer, selector: &str) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    html.select(&Selector::parse(selector).unwrap()).map(|it| it.text().collect()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_kept_once() {
    let app = App::start().await;
    let (mut author, client) = Visitor::with_role(&app, Role::Author).await;
    let page = author.get("/desk/media", 200).await;
    let sent = form(&page, "Upload");
    let files: [(&str, &[u8]); 2] = [("a.gif", GIF), ("b.gif", GIF)];
    let count = async || {
        let media = client.get("/v1/manage/media", 200).await;
        media.json["items"].as_array().unwrap().len()
    };
    for _ in 0..2 {
        let answer = author.submit_files(&sent, &files, &[]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    assert_eq!(count().await, 2, "two names are two pictures");
    // The editor sends pictures one by one, with the one id of its form.
    let id = client.post("/v1/manage/posts", draft("Rope"), 201).await.text("/id");
    let mut one = form(&author.get(&format!("/desk/posts/{id}"), 200).await, "Save");
    one.fields.retain(|(name, _)| ["form_token", "once"].contains(&name.as_str()));
    one.action = "/desk/media".to_owned();
    let json = [("accept", "application/json")];
    let first = author.submit_files(&one, &[("c.gif", GIF)], &json).await;
    let second = author.submit_files(&one, &[("c.gif", GIF)], &json).await;
    assert_eq!(first.text("/markdown"), second.text("/markdown"), "{}", second.body);
    author.submit_files(&one, &[("d.gif", GIF)], &json).await;
    assert_eq!(count().await, 4);
    // Another form of the same page is another upload.
    let page = author.get("/desk/media", 200).await;
    author.submit_files(&form(&page, "Upload"), &[("a.gif", GIF)], &[]).await;
    assert_eq!(count().await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn recovery_codes_are_shown_on_both_answers() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let page = visitor.get("/desk/account/one-time-codes", 200).await;
    let enrol = form(&page, "Set up one-time codes");
    let (first, made) = (visitor.submit(&enrol).await, visitor.submit(&enrol).await);
    assert_eq!(
        found(&first, "#secret"),
        found(&made, "#secret"),
        "both show the secret that counts"
    );
    let html = Html::parse_document(&made.body);
    let link = html.select(&Selector::parse("a[href^='otpauth:']").unwrap()).next().unwrap();
    let uri = link.attr("href").unwrap().to_owned();
    let mut confirm = form(&made, "Turn one-time codes on");
    confirm.set("code", &code(&uri, clock.now()));
    let (first, second) = (visitor.submit(&confirm).await, visitor.submit(&confirm).await);
    let codes = found(&first, "ol.recovery code");
    assert_eq!(codes.len(), 10, "{}", first.body);
    assert_eq!(codes, found(&second, "ol.recovery code"), "{}", second.body);
    // Another code, or the same minutes later, gets nothing.
    let mut other = confirm.clone();
    other.set("code", "000000");
    let other = visitor.submit(&other).await;
    assert!(found(&other, "ol.recovery code").is_empty(), "{}", other.body);
    clock.advance(6 * 60);
    let late = visitor.submit(&confirm).await;
    assert!(found(&late, "ol.recovery code").is_empty(), "{}", late.body);

    // Turned off, the forms that turned them on bring none of their secrets back.
    client.delete("/v1/auth/totp", 204).await;
    for form in [&enrol, &confirm] {
        let refused = visitor.submit(form).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert!(text_of(&refused).contains("open for too long"), "{}", refused.body);
        assert!(found(&refused, "#secret").is_empty());
    }
    let page = visitor.get("/desk/account/one-time-codes", 200).await;
    clock.advance(1);
    let page = visitor.submit(&form(&page, "Set up one-time codes")).await;
    assert_ne!(found(&page, "#secret"), found(&made, "#secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_is_shown_on_both_answers() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let page = visitor.get("/desk/account/keys", 200).await;
    let mut sent = form(&page, "Create the key");
    sent.set("name", "Build server");
    let (first, second) = (visitor.submit(&sent).await, visitor.submit(&sent).await);
    let key = found(&first, "#key");
    assert_eq!(key.len(), 1, "{}", first.body);
    assert_eq!(key, found(&second, "#key"), "{}", second.body);
    app.with_token(&key[0]).get("/v1/users/me", 200).await;
    let list = client.get("/v1/auth/api-keys", 200).await;
    assert_eq!(list.json["items"].as_array().unwrap().len(), 1);
    // What was asked for is another key.
    let mut other = sent.clone();
    other.set("name", "Another server");
    let refused = visitor.submit(&other).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    clock.advance(6 * 60);
    let late = visitor.submit(&sent).await;
    assert_eq!(late.status, 409, "{}", late.body);
    assert!(text_of(&late).contains("created already"), "{}", late.body);
    assert!(found(&late, "#key").is_empty());
    // Revoked, and once more.
    let id = list.text("/items/0/id");
    let question = visitor.get(&format!("/desk/account/keys?revoke={id}"), 200).await;
    let revoke = form(&question, "Revoke the key");
    for _ in 0..2 {
        let answer = visitor.submit(&revoke).await;
        let page = visitor.follow(answer).await;
        assert!(text_of(&page).contains("The API key was revoked"), "{}", page.body);
    }
    // Its form does not bring it back, whatever it asks for.
    for form in [&sent, &other] {
        let refused = visitor.submit(form).await;
        assert_eq!(refused.status, 409, "{}", refused.body);
        app.with_token(&key[0]).get("/v1/users/me", 401).await;
    }
    client.delete(&format!("/v1/auth/api-keys/{id}"), 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_link_that_was_revoked_or_has_expired_comes_back_by_no_form() {
    // The database sweeps by the machine's clock, so the test is three days behind it.
    let now = SystemClock.now().as_seconds() - 3 * 24 * 3600;
    let clock = Arc::new(ManualClock::at(Time::from_millis(now * 1000)));
    let shown = Arc::clone(&clock);
    let off = |name: &str| (name == "BYLINE_RATE_LIMITS").then(|| "off".to_owned());
    let app = App::start_with(move |options| {
        options.clock = shown;
        options.variable = Arc::new(off);
    })
    .await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let id = client.post("/v1/manage/posts", draft("Tides"), 201).await.text("/id");
    let share = format!("/desk/posts/{id}/share");
    let make = async |visitor: &mut Visitor, hours: &str| {
        let page = visitor.get(&share, 200).await;
        let sent = with(&page, "Make a link", &[("hours", hours)]);
        let made = visitor.submit(&sent).await;
        let link = found(&made, "#link").remove(0);
        (sent, link[link.find("/preview/").unwrap()..].to_owned())
    };
    let (sent, revoked) = make(&mut visitor, "24").await;
    let stranger = app.anonymous();
    stranger.get(&revoked, 200).await;
    let page = visitor.get(&share, 200).await;
    visitor.press(&page, "Revoke", &[]).await;
    for _ in 0..2 {
        stranger.get(&revoked, 404).await;
        let refused = visitor.submit(&sent).await;
        assert_eq!(refused.status, 409, "{}", refused.body);
        assert!(found(&refused, "#link").is_empty());
    }
    stranger.get(&revoked, 404).await;
    let list = client.get(&format!("/v1/manage/posts/{id}/preview-links"), 200).await;
    assert_eq!(list.json["items"], serde_json::json!([]));

    // What ends by itself ends as well, and for good.
    let (sent, expired) = make(&mut visitor, "24").await;
    // The session of a visitor who comes back within twelve hours goes on.
    for _ in 0..3 {
        clock.advance(10 * 3600);
        visitor.get(&share, 200).await;
    }
    app.byline.sweep_expired().await;
    let again = visitor.submit(&sent).await;
    assert_eq!(again.status, 409, "{}", again.body);
    stranger.get(&expired, 404).await;
}

/// Sends a form twice, and follows the second answer.
async fn twice(visitor: &mut Visitor, form: &Form, words: &str) -> Answer {
    let (first, second) = (visitor.submit(form).await, visitor.submit(form).await);
    assert_eq!((first.status, second.status), (303, 303), "{}", second.body);
    assert_eq!(first.header("location"), second.header("location"));
    let page = visitor.follow(second).await;
    assert!(text_of(&page).contains(words), "{words}: {}", page.body);
    page
}

/// The form that a button sends, with fields changed.
fn with(page: &Answer, button: &str, changed: &[(&str, &str)]) -> Form {
    let mut form = form(page, button);
    changed.iter().for_each(|(name, value)| form.set(name, value));
    form
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_is_made_changed_merged_and_deleted_once() {
    let app = App::unlimited().await;
    let (mut editor, client) = Visitor::with_role(&app, Role::Editor).await;
    let names = async || {
        let tags = client.get("/v1/manage/tags", 200).await;
        let items = tags.json["items"].as_array().unwrap().clone();
        items.iter().map(|tag| tag["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let page = editor.get("/desk/tags", 200).await;
    let sea = [("name", "Sea"), ("description", "Salt water.")];
    let made = twice(&mut editor, &with(&page, "Create tag", &sea), "The tag is there.").await;
    assert_eq!(names().await, ["Sea"]);
    // The same form with another name is another tag.
    let lake = with(&page, "Create tag", &[("name", "Lake")]);
    twice(&mut editor, &lake, "The tag is there.").await;
    assert_eq!(names().await, ["Lake", "Sea"]);

    let moved = with(&made, "Save", &[("name", "Seas"), ("slug", "seas")]);
    let moved = twice(&mut editor, &moved, "Every post with this tag follows").await;
    let described = with(&moved, "Save", &[("description", "More salt water.")]);
    let page = twice(&mut editor, &described, "Every post with this tag follows").await;
    let merge = with(&page, "Merge", &[("into", "lake"), ("merge", "yes")]);
    let page = twice(&mut editor, &merge, "Merged.").await;
    assert_eq!(names().await, ["Lake"]);
    let delete = with(&page, "Delete tag", &[("delete", "yes")]);
    twice(&mut editor, &delete, "There are no tags yet").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_saved_is_no_conflict_with_itself() {
    let app = App::unlimited().await;
    let mut admin = Visitor::admin(&app).await;
    let page = admin.get("/desk/settings", 200).await;
    let settings = with(&page, "Save settings", &[("title", "Field Notes")]);
    twice(&mut admin, &settings, "Saved.").await;

    let page = admin.get("/desk/media", 200).await;
    let sent = admin.submit_files(&form(&page, "Upload"), &[("Rope.gif", GIF)], &[]).await;
    let item = admin.follow(sent).await;
    let described = with(&item, "Save", &[("alt", "A blue rope")]);
    let page = twice(&mut admin, &described, "Saved.").await;
    let delete = with(&page, "Delete file", &[("delete", "yes")]);
    twice(&mut admin, &delete, "Nothing here yet").await;

    let client = app.admin().await;
    let post = client.post("/v1/manage/posts", draft("Tides"), 201).await;
    let place =
        format!("/desk/posts/{}/go-live?revision={}", post.text("/id"), post.text("/revision_id"));
    let page = admin.get(&place, 200).await;
    let at = app.byline.context.clock.now().plus_seconds(7200).to_string();
    let schedule = with(&page, "Schedule", &[("publish_at", &at[..16])]);
    twice(&mut admin, &schedule, "Scheduled. It goes live").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_is_ended_once() {
    let app = App::unlimited().await;
    let (mut visitor, client) = Visitor::with_role(&app, Role::Author).await;
    let sessions = client.get("/v1/auth/sessions", 200).await;
    let api = sessions.json["items"].as_array().unwrap();
    let api = api.iter().find(|session| session["current"] == true).unwrap()["id"].clone();
    let ask = format!("/desk/account/sessions?end={}", api.as_str().unwrap());
    let question = visitor.get(&ask, 200).await;
    twice(&mut visitor, &form(&question, "End the session"), "The session was ended").await;
    client.get("/v1/users/me", 401).await;
}
