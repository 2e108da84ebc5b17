//! Who sees which uploads, what is said about them, and how they go away.

use std::sync::Arc;

use byline_shared::clock::{Clock, ManualClock, SystemClock};
use byline_shared::model::Role;
use byline_shared::permission::Objects;
use http::Method;
use serde_json::json;

use super::{GIF, Upload, complete, fetch, gif, is_there, path, published};
use crate::harness::{Answer, App, Client, draft};

async fn ids(client: &Client, query: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("/v1/manage/media?limit=2{query}{cursor}"), 200).await;
        for item in page.json["items"].as_array().unwrap() {
            ids.push(item["id"].as_str().unwrap().to_owned());
        }
        match page.json["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return ids,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn authors_see_and_change_their_own_and_editors_all() {
    let app = App::start().await;
    let (author, other) = (app.user(Role::Author).await, app.user(Role::Author).await);
    let editor = app.user(Role::Editor).await;
    let announced = author.post("/v1/manage/media", gif(), 201).await;
    assert_eq!(Upload::of(&announced).send(GIF).await, 200);
    let path = path(&announced);
    other.get(&path, 404).await.is_problem("not_found");
    other.patch(&path, json!({ "alt": "Mine" }), 404).await.is_problem("not_found");
    other.post(&complete(&announced), json!({}), 404).await.is_problem("not_found");
    other.delete(&path, 404).await.is_problem("not_found");
    other.delete(&format!("{path}?force=true"), 404).await.is_problem("not_found");
    assert!(ids(&other, "").await.is_empty());
    let id = announced.text("/media/id");
    for client in [&author, &editor] {
        assert_eq!(ids(client, "").await, [id.as_str()]);
    }
    editor.post(&complete(&announced), json!({}), 200).await;
    editor.patch(&path, json!({ "alt": "A dot" }), 200).await;
    assert_eq!(author.get(&path, 200).await.json["alt"], "A dot");
    editor.delete(&path, 204).await;
    author.get(&path, 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_come_in_pages_newest_first_and_by_kind() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let mut all = Vec::new();
    for number in 0..5 {
        let content_type = if number % 2 == 0 { "image/png" } else { "application/pdf" };
        let body = json!({ "filename": "x", "content_type": content_type, "size": 9 });
        let announced = author.post("/v1/manage/media", body, 201).await;
        all.insert(0, announced.text("/media/id"));
    }
    // Ids of one millisecond are in no order.
    all.sort();
    all.reverse();
    assert_eq!(ids(&author, "").await, all);
    assert_eq!(ids(&app.admin().await, "").await, all);
    let images = ids(&author, "&kind=image").await;
    let documents = ids(&author, "&kind=document").await;
    assert_eq!((images.len(), documents.len()), (3, 2));
    let mut both = [images, documents].concat();
    both.sort();
    both.reverse();
    assert_eq!(both, all);
    assert!(ids(&author, "&kind=video").await.is_empty());
    let page = author.get("/v1/manage/media?limit=2", 200).await.text("/next_cursor");
    let elsewhere = format!("/v1/manage/media?limit=2&kind=image&cursor={page}");
    let refused = author.get(&elsewhere, 422).await;
    assert_eq!(refused.faults(), [("/cursor".to_owned(), "invalid_cursor".to_owned())]);
    author.get("/v1/manage/media?kind=svg", 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_description_is_bounded_and_changes_nothing_else() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let ready = published(&author).await;
    let path = format!("/v1/manage/media/{}", ready.text("/id"));
    let said = author.patch(&path, json!({ "alt": "A dot", "caption": "One\nof many" }), 200).await;
    let mut expected = ready.json.clone();
    expected["alt"] = "A dot".into();
    expected["caption"] = "One\nof many".into();
    expected["updated_at"] = said.json["updated_at"].clone();
    expected["version"] = 1.into();
    assert_eq!(said.json, expected);
    let unsaid = author.patch(&path, json!({ "alt": "" }), 200).await;
    assert_eq!(
        (&unsaid.json["alt"], &unsaid.json["caption"]),
        (&json!(""), &json!("One\nof many"))
    );
    assert_eq!(author.patch(&path, json!({}), 200).await.json, unsaid.json);
    for (field, length) in [("alt", 1001), ("caption", 2001)] {
        let answer = author.patch(&path, json!({ field: "a".repeat(length) }), 422).await;
        assert_eq!(answer.faults(), [(format!("/{field}"), "too_long".to_owned())]);
    }
    author.patch(&path, json!({ "status": "ready" }), 422).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_gone_unless_posts_use_it() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let ready = published(&author).await;
    let (id, url) = (ready.text("/id"), ready.text("/url"));
    let path = format!("/v1/manage/media/{id}");
    let mut with_picture = draft("With a picture");
    with_picture["body"] = format!("![One pixel]({url})\n").into();
    let post = author.post("/v1/manage/posts", with_picture, 201).await.text("/id");
    let refused = author.delete(&path, 409).await;
    refused.is_problem("media_in_use");
    assert!(refused.text("/detail").contains(&post), "{}", refused.body);
    assert_eq!(fetch(&url, None).await.status(), 200);
    author.delete(&format!("{path}?force=true"), 204).await;
    author.get(&path, 404).await;
    author.delete(&path, 404).await;
    assert_eq!(fetch(&url, None).await.status(), 404);
    assert!(!is_there(&app, Objects::Media, &id).await);
    assert!(!is_there(&app, Objects::Pending, &id).await);

    // An unused one needs no force; a pending one can be deleted.
    let unused = published(&author).await.text("/id");
    author.delete(&format!("/v1/manage/media/{unused}"), 204).await;
    let waiting = author.post("/v1/manage/media", gif(), 201).await;
    assert_eq!(Upload::of(&waiting).send(GIF).await, 200);
    author.delete(&super::path(&waiting), 204).await;
    assert!(!is_there(&app, Objects::Pending, &waiting.text("/media/id")).await);
    assert_eq!(ids(&author, "").await, [] as [String; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_never_completed_goes_away_by_itself() {
    let day = 24 * 60 * 60;
    // The database sweeps by the machine's clock: what is announced a day ago is over now.
    let clock = Arc::new(ManualClock::at(SystemClock.now().plus_seconds(-day - 60)));
    let shown = Arc::clone(&clock);
    let app = App::start_with(move |options| options.clock = shown).await;
    let admin = app.admin().await;
    let announced = admin.post("/v1/manage/media", gif(), 201).await;
    let id = announced.text("/media/id");
    let cx = &app.byline.context;
    let url = announced.text("/upload/url");
    let key = url.split('?').next().unwrap().split_once("/local-bucket/").unwrap().1;
    // Its URL is over for the bucket, which keeps the machine's time, too.
    assert_eq!(Upload::of(&announced).send(GIF).await, 403);
    let put = aws_sdk_s3::Client::new(&cx.sdk).put_object().bucket(&cx.config.media_bucket);
    put.key(key).body(GIF.to_vec().into()).send().await.unwrap();
    assert!(is_there(&app, Objects::Pending, &id).await);
    clock.advance(day - 60);
    app.byline.sweep_expired().await;
    assert!(is_there(&app, Objects::Pending, &id).await, "its day is not over");
    clock.advance(120);
    app.byline.sweep_expired().await;
    assert!(!is_there(&app, Objects::Pending, &id).await);
    let admin = app.admin().await;
    admin.get(&path(&announced), 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_written_down() {
    let app = App::start().await;
    let author = app.user(Role::Author).await;
    let id = published(&author).await.text("/id");
    let path = format!("/v1/manage/media/{id}");
    author.patch(&path, json!({ "alt": "A dot" }), 200).await;
    author.delete(&path, 204).await;
    let body = json!({ "filename": "x", "content_type": "image/png", "size": GIF.len() });
    let lie = author.post("/v1/manage/media", body, 201).await;
    assert_eq!(Upload::of(&lie).send(GIF).await, 200);
    author.post(&complete(&lie), json!({}), 422).await;

    let log = app.admin().await.get("/v1/admin/audit?limit=100", 200).await;
    let entries = log.json["items"].as_array().unwrap();
    let of = |subject: &str| -> Vec<(String, String)> {
        let about = entries.iter().filter(|entry| entry["subject"] == subject);
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        about.map(|entry| (text(&entry["event"]), text(&entry["outcome"]))).collect()
    };
    let entry = |event: &str, outcome: &str| (event.to_owned(), outcome.to_owned());
    let mut seen = of(&id);
    seen.sort();
    assert_eq!(
        seen,
        [
            entry("media_completed", "success"),
            entry("media_created", "success"),
            entry("media_deleted", "success"),
            entry("media_updated", "success"),
        ]
    );
    assert!(of(&lie.text("/media/id")).contains(&entry("media_completed", "refused")));
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_of_the_listed_origins_may_fetch_media() {
    let app = App::start().await;
    let media = published(&app.user(Role::Author).await).await;
    let url = media.text("/url");
    let ours = fetch(&url, Some(("origin", "http://localhost:3000"))).await;
    assert_eq!(ours.status(), 200);
    assert_eq!(ours.headers()["access-control-allow-origin"], "http://localhost:3000");
    assert!(ours.headers()["vary"].to_str().unwrap().contains("origin"));
    let exposed = ours.headers()["access-control-expose-headers"].to_str().unwrap().to_owned();
    assert!(exposed.contains("content-range"), "{exposed}");
    for other in [Some(("origin", "https://evil.example")), None] {
        let read = fetch(&url, other).await;
        assert_eq!(read.status(), 200, "readers need no origin");
        assert!(!read.headers().contains_key("access-control-allow-origin"), "{other:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_author_deletes_what_a_draft_shows_and_nothing_that_readers_see_or_will_see() {
    let (app, _clock) = App::unlimited_with_clock().await;
    let (author, editor) = (app.user(Role::Author).await, app.user(Role::Editor).await);
    let at = app.byline.context.clock.now().plus_seconds(3600);
    for (when, picture_is_in, expected) in [
        ("schedule", "the draft", 204),
        ("publish", "the draft", 204),
        ("schedule", "the revision", 403),
        ("publish", "the revision", 403),
    ] {
        let ready = published(&author).await;
        let shown = format!("![One pixel]({})\n", ready.text("/url"));
        let (revision, later) = match picture_is_in {
            "the draft" => ("Without.", shown.as_str()),
            _ => (shown.as_str(), "Without."),
        };
        let new = json!({ "title": format!("{when} {picture_is_in}"), "body": revision });
        let post = author.post("/v1/manage/posts", new, 201).await;
        let path = format!("/v1/manage/posts/{}", post.text("/id"));
        let mut body = json!({ "revision_id": post.json["revision_id"] });
        if when == "schedule" {
            body["publish_at"] = json!(at);
        }
        let seen = editor.post(&format!("{path}/{when}"), body, 200).await;
        let (etag, body) = ([("if-match", seen.header("etag"))], Some(json!({ "body": later })));
        author.send(Method::PATCH, &path, &etag, body, 200).await;
        let file = format!("/v1/manage/media/{}?force=true", ready.text("/id"));
        author.delete(&file, expected).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_never_agents_delete_no_file_that_a_post_uses() {
    let app = App::start().await;
    let (admin, editor) = (app.admin().await, app.user(Role::Editor).await);
    let agent = app.agent(&editor).await;
    for (setting, in_use) in [("never", 403), ("approved", 204)] {
        admin.patch("/v1/admin/settings", json!({ "agent_publishing": setting }), 200).await;
        let (used, unused) = (published(&editor).await, published(&editor).await);
        let mut new = draft("Covered");
        new["cover"] = used.json["id"].clone();
        editor.post("/v1/manage/posts", new, 201).await;
        let file = |media: &Answer| format!("/v1/manage/media/{}?force=true", media.text("/id"));
        let answer = agent.delete(&file(&used), in_use).await;
        if in_use == 403 {
            answer.is_problem("approval_required");
            assert!(
                answer.text("/detail").contains("agent_publishing is never"),
                "{}",
                answer.body
            );
        }
        agent.delete(&file(&unused), 204).await;
    }
}
