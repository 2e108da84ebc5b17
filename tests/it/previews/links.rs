//! Preview links over the API: what they show, to whom, and when they end.

use byline_shared::model::Role;
use byline_shared::publishing::{KEPT_IN_TRASH, empty_trash};
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, draft};

/// A day, in seconds.
const DAY: i64 = 24 * 3600;

fn links(post: &Answer) -> String {
    format!("/v1/manage/posts/{}/preview-links", post.text("/id"))
}

async fn edit(client: &Client, post: &Answer, body: Value) -> Answer {
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let seen = client.get(&path, 200).await.header("etag").to_owned();
    client.send(Method::PATCH, &path, &[("if-match", &seen)], Some(body), 200).await
}

async fn make(client: &Client, post: &Answer, body: Value) -> Answer {
    client.post(&links(post), body, 201).await
}

fn preview(link: &Answer) -> String {
    format!("/v1/previews/{}", link.text("/token"))
}

/// The ids of a list, in their order as texts.
fn ids(list: &Answer) -> Vec<String> {
    let items = list.json["items"].as_array().unwrap().iter();
    let mut ids: Vec<String> = items.map(|item| item["id"].as_str().unwrap().to_owned()).collect();
    ids.sort_unstable();
    ids
}

fn sorted(links: &[&Answer]) -> Vec<String> {
    let mut ids: Vec<String> = links.iter().map(|link| link.text("/id")).collect();
    ids.sort_unstable();
    ids
}

/// The one answer to every token that shows nothing.
async fn shows_nothing(app: &App, path: &str) -> String {
    let answer = app.anonymous().get(path, 404).await;
    answer.is_problem("not_found");
    assert_eq!(answer.header("x-robots-tag"), "noindex");
    let mut body = answer.json;
    body.as_object_mut().unwrap().retain(|name, _| name != "request_id");
    body.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_shows_a_revision_or_the_newest_draft() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let revision = post.text("/revision_id");
    let fixed = make(&author, &post, json!({ "revision_id": revision })).await;
    let newest = make(&author, &post, json!({})).await;
    assert_eq!(fixed.json["revision_id"], revision.as_str());
    assert_eq!(newest.json["revision_id"], Value::Null);
    edit(&author, &post, json!({ "body": "Later *words*.", "title": "Spring tides" })).await;

    let stranger = app.anonymous();
    let before = app.byline.renderings();
    let shown = stranger.get(&preview(&fixed), 200).await;
    assert_eq!(app.byline.renderings() - before, 1);
    assert_eq!(shown.text("/title"), "Tides");
    assert_eq!(shown.text("/body_html"), "<p>About <em>Tides</em>.</p>\n");
    assert_eq!(shown.text("/tags/0/name"), "Field notes");
    assert_eq!(shown.header("cache-control"), "private, no-store");
    assert_eq!(shown.header("x-robots-tag"), "noindex");
    assert_eq!(shown.header("referrer-policy"), "no-referrer");
    assert!(!shown.headers.contains_key("etag"));
    let later = stranger.get(&preview(&newest), 200).await;
    assert_eq!(later.text("/title"), "Spring tides");
    assert_eq!(later.text("/body_html"), "<p>Later <em>words</em>.</p>\n");
    // The forms of a published post.
    let text = stranger.get(&format!("{}?format=text", preview(&newest)), 200).await;
    assert_eq!(text.text("/body_text").trim(), "Later words.");
    assert!(text.json.get("body_html").is_none());
    let source = stranger.get(&format!("{}?format=markdown", preview(&newest)), 200).await;
    assert_eq!(source.text("/body"), "Later *words*.");
    stranger.get(&format!("{}?format=pdf", preview(&newest)), 422).await;
    // Nothing is public by that, and the token opens nothing else.
    stranger.get("/v1/posts/tides", 404).await;
    app.with_token(&newest.text("/token")).get("/v1/manage/posts", 401).await;

    // The answer has the members of the public one.
    let editor = app.user(Role::Editor).await;
    let publish = format!("/v1/manage/posts/{}/publish", post.text("/id"));
    editor.post(&publish, json!({ "revision_id": revision }), 200).await;
    let names =
        |answer: &Answer| answer.json.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let public = stranger.get("/v1/posts/tides", 200).await;
    assert_eq!(names(&stranger.get(&preview(&fixed), 200).await), names(&public));
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_edits_a_post_sees_and_revokes_its_links() {
    let app = App::unlimited().await;
    let (author, other) = (app.user(Role::Author).await, app.user(Role::Author).await);
    let (editor, reader) = (app.user(Role::Editor).await, app.user(Role::Reader).await);
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let first = make(&author, &post, json!({})).await;
    let second = make(&editor, &post, json!({ "expires_in_hours": 1 })).await;
    let list = author.get(&links(&post), 200).await;
    let items = list.json["items"].as_array().unwrap();
    assert_eq!(ids(&list), sorted(&[&first, &second]));
    let name = editor.get("/v1/users/me", 200).await.text("/name");
    let listed = items.iter().find(|item| item["id"] == second.json["id"]).unwrap();
    assert_eq!(listed["created_by"]["user_name"], name);
    assert_eq!(listed["expires_at"], second.json["expires_at"]);
    for link in [&first, &second] {
        assert!(link.text("/token").len() >= 86, "256 bits and two ids");
        assert!(link.text("/url").ends_with(&format!("/preview/{}", link.text("/token"))));
        assert!(!list.body.contains(&link.text("/token")), "{}", list.body);
    }
    // Others have no part in it.
    let one = format!("{}/{}", links(&post), first.text("/id"));
    for (client, status) in [(&other, 404), (&reader, 403), (&app.anonymous(), 401)] {
        client.get(&links(&post), status).await;
        client.post(&links(&post), json!({}), status).await;
        client.delete(&one, status).await;
    }
    editor.delete(&one, 204).await;
    editor.delete(&one, 404).await;
    let gone = shows_nothing(&app, &preview(&first)).await;
    app.anonymous().get(&preview(&second), 200).await;
    // Revoked, unknown and malformed ones look alike.
    let wrong = {
        let mut token = second.text("/token");
        let other = if &token[60..61] == "A" { "B" } else { "A" };
        token.replace_range(60..61, other);
        token
    };
    for token in [wrong.as_str(), "x", &"A".repeat(86), "%20"] {
        assert_eq!(shows_nothing(&app, &format!("/v1/previews/{token}")).await, gone, "{token}");
    }
    // Both are in the audit log, and no secret is.
    let log = app.admin().await.get("/v1/admin/audit?limit=100", 200).await;
    let entries = log.json["items"].as_array().unwrap();
    for (event, count) in [("preview_link_made", 2), ("preview_link_revoked", 1)] {
        let found: Vec<&Value> = entries.iter().filter(|entry| entry["event"] == event).collect();
        assert_eq!(found.len(), count, "{event}");
        assert!(found.iter().all(|entry| entry["subject"] == post.json["id"]), "{found:?}");
        assert!(found[0]["detail"].as_str().unwrap().contains("preview_"), "{found:?}");
    }
    assert!(!log.body.contains(&second.text("/token")));
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_when_it_expires() {
    let (app, clock) = App::unlimited_with_clock().await;
    let author = app.user(Role::Author).await;
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let now = app.byline.context.clock.now();
    let hours = |hours: i64| json!({ "expires_in_hours": hours });
    for wrong in [json!(0), json!(721), json!(-1), json!("x"), json!(1.5)] {
        let refused = author.post(&links(&post), json!({ "expires_in_hours": wrong }), 422).await;
        assert_eq!(refused.faults()[0].0, "/expires_in_hours");
    }
    let missing = json!({ "revision_id": "rev_01JD9ZZZZZZZZZZZZZZZZZZZZZ" });
    assert_eq!(author.post(&links(&post), missing, 422).await.faults()[0].0, "/revision_id");
    let week = make(&author, &post, json!({})).await;
    assert_eq!(week.text("/expires_at"), now.plus_seconds(7 * DAY).to_string());
    let month = make(&author, &post, hours(720)).await;
    assert_eq!(month.text("/expires_at"), now.plus_seconds(30 * DAY).to_string());
    let hour = make(&author, &post, hours(1)).await;
    clock.advance(3599);
    app.anonymous().get(&preview(&hour), 200).await;
    clock.advance(1);
    shows_nothing(&app, &preview(&hour)).await;
    app.anonymous().get(&preview(&week), 200).await;
    let author = app.sign_in(&author_email(&app, &post).await).await;
    let list = author.get(&links(&post), 200).await;
    assert_eq!(ids(&list), sorted(&[&week, &month]));
}

/// The address of a post's author, whose token is over.
async fn author_email(app: &App, post: &Answer) -> String {
    let id = post.text("/author/id").parse().unwrap();
    app.byline.context.store.users().get(&id).await.unwrap().unwrap().user.email.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_shows_nothing_of_the_trash_and_ends_with_its_post() {
    let (app, clock) = App::unlimited_with_clock().await;
    let author = app.user(Role::Author).await;
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let link = make(&author, &post, json!({ "expires_in_hours": 720 })).await;
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    author.send(Method::DELETE, &path, &[("if-match", post.header("etag"))], None, 204).await;
    let hidden = shows_nothing(&app, &preview(&link)).await;
    author.post(&links(&post), json!({}), 409).await.is_problem("post_trashed");
    author.post(&format!("{path}/restore"), json!({}), 200).await;
    app.anonymous().get(&preview(&link), 200).await;

    let seen = author.get(&path, 200).await.header("etag").to_owned();
    author.send(Method::DELETE, &path, &[("if-match", &seen)], None, 204).await;
    clock.advance(i64::try_from(KEPT_IN_TRASH.as_secs()).unwrap() + 1);
    let cx = &app.byline.context;
    empty_trash(cx).await.unwrap();
    assert_eq!(shows_nothing(&app, &preview(&link)).await, hidden);
    let (post, id) = (post.text("/id").parse().unwrap(), link.text("/id").parse().unwrap());
    let (head, item) = cx.store.preview_links().get_with_post(&post, &id).await.unwrap();
    assert!(head.is_none() && item.is_none(), "the item went with the post");
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_make_no_links() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let scopes = json!(["posts:read", "posts:write", "posts:propose"]);
    let body = json!({ "name": "Agent", "scopes": scopes });
    let key = author.post("/v1/auth/api-keys", body, 201).await.text("/key");
    let agent = app.with_token(&key);
    agent.post(&links(&post), json!({}), 403).await;
    // It sees and revokes those of its owner.
    let made = make(&author, &post, json!({})).await;
    assert_eq!(agent.get(&links(&post), 200).await.json["items"][0]["id"], made.json["id"]);
    agent.delete(&format!("{}/{}", links(&post), made.text("/id")), 204).await;
    app.anonymous().get(&preview(&made), 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_leaves_no_name_at_its_links() {
    let app = App::unlimited().await;
    let (author, editor) = (app.user(Role::Author).await, app.user(Role::Editor).await);
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    make(&editor, &post, json!({})).await;
    editor.delete("/v1/users/me", 204).await;
    let list = author.get(&links(&post), 200).await;
    assert_eq!(list.json["items"][0]["created_by"]["user_name"], Value::Null);
    assert!(list.text("/items/0/created_by/user_id").starts_with("user_"));
}

#[tokio::test(flavor = "multi_thread")]
async fn visits_from_one_network_are_limited() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
    let link = make(&author, &post, json!({})).await;
    let mut refused = None;
    for _ in 0..200 {
        let path = preview(&link);
        let answer = app.anonymous().try_send(Method::GET, &path, &[], None).await.unwrap();
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    refused.expect("somebody is stopped").header("retry-after");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_cannot_be_shown_is_told_so() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let body = format!("{}deep", "> ".repeat(200));
    let post = author.post("/v1/manage/posts", json!({ "title": "Deep", "body": body }), 201).await;
    let link = make(&author, &post, json!({})).await;
    let refused = app.anonymous().get(&preview(&link), 422).await;
    assert_eq!(refused.faults(), [("/token".to_owned(), "too_complex".to_owned())]);
}
