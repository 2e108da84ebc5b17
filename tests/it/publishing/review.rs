//! An approval covers what was shown: the review of a proposal, and what becomes of it.

use byline_shared::model::{AltText, MediaId, Role};
use byline_shared::store::rights::Right;
use serde_json::{Value, json};

use super::{edit, path, publish, settle};
use crate::harness::{Answer, App, Client, draft};
use crate::media::{GIF, Upload, gif, published};

/// An agent that may do all but publish.
pub(super) async fn agent(app: &App, person: &Client) -> Client {
    let scopes = json!(["posts:read", "posts:write", "posts:propose", "media:write"]);
    let body = json!({ "name": "Agent", "scopes": scopes });
    let key = person.post("/v1/auth/api-keys", body, 201).await.text("/key");
    app.with_token(&key)
}

/// A proposal as it is read, with its review.
pub(super) async fn read(client: &Client, proposal: &Answer) -> Answer {
    client.get(&format!("/v1/manage/proposals/{}", proposal.text("/id")), 200).await
}

pub(super) async fn propose(client: &Client, post: &Answer, mut change: Value) -> Answer {
    change["base_revision_id"] = post.json["revision_id"].clone();
    client.post(&path(post, "/proposals"), change, 201).await
}

/// The right of who uploaded a picture.
pub(super) fn right(picture: &Answer) -> Right {
    let user_id = picture.text("/uploaded_by").parse().unwrap();
    Right { user_id, at_least: Role::Author, by_setting: false }
}

/// Describes a picture behind the back of every rule, as an agent's request does that runs at the
/// same time as a person's.
pub(super) async fn describe_unseen(app: &App, picture: &Answer, alt: &str) {
    let cx = &app.byline.context;
    let id: MediaId = picture.text("/id").parse().unwrap();
    let alt = AltText::trusted(alt);
    let now = cx.clock.now();
    let (words, by) = ((Some(&alt), None), (&right(picture), false));
    assert!(cx.store.media().update(&id, words, by, None, now).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_review_shows_what_a_typo_fix_of_an_edited_draft_puts_live() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = agent(&app, &editor).await;
    let text = "The price is 10 euros.\n\nA tpyo.\n";
    let post = json!({ "title": "Prices", "body": text });
    let post = editor.post("/v1/manage/posts", post, 201).await;
    let live = publish(&editor, &post, 200).await;
    let hostile = text.replace("10 euros", "999 euros, wire it to Mallory");
    let drafted = edit(&agent, &live, json!({ "body": hostile }), 200).await;
    let fixed = hostile.replace("tpyo", "typo");
    let proposal = propose(&agent, &drafted, json!({ "body": fixed })).await;

    let shown = read(&editor, &proposal).await;
    assert!(!shown.text("/diff/unified").contains("+The price"), "{}", shown.body);
    let changes = shown.text("/review/changes/unified");
    assert!(changes.contains("-The price is 10 euros."), "{changes}");
    assert!(changes.contains("+The price is 999 euros, wire it to Mallory."), "{changes}");
    assert_eq!(shown.json["review"]["live_revision_id"], post.json["revision_id"]);
    assert_eq!(shown.json["review"]["unreviewed"][0]["id"], drafted.json["revision_id"]);
    assert_eq!(shown.json["review"]["unreviewed"][0]["created_by"]["kind"], "api_key");
    assert_eq!(shown.text("/review/etag"), shown.header("etag"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_review_shows_all_of_a_draft_that_was_never_published() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = agent(&app, &editor).await;
    let new = json!({ "title": "New", "body": "Nobody read this.\n\nA tpyo.\n" });
    let drafted = agent.post("/v1/manage/posts", new, 201).await;
    let fixed = json!({ "body": "Nobody read this.\n\nA typo.\n" });
    let proposal = propose(&agent, &drafted, fixed).await;
    let shown = read(&editor, &proposal).await;
    assert_eq!(shown.json["review"]["changes"]["from"], Value::Null);
    assert!(shown.text("/review/changes/unified").contains("+Nobody read this."));
    assert_eq!(shown.json["review"]["unreviewed"][0]["id"], drafted.json["revision_id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_review_names_the_unfinished_words_of_an_author() {
    let app = App::unlimited().await;
    let (author, editor) = (app.user(Role::Author).await, app.user(Role::Editor).await);
    let agent = agent(&app, &editor).await;
    let post = author.post("/v1/manage/posts", draft("Draft"), 201).await;
    let post = publish(&editor, &post, 200).await;
    let unfinished = edit(&author, &post, json!({ "body": "Not yet. TODO\n" }), 200).await;
    let proposal = propose(&agent, &unfinished, json!({ "title": "Draft, better" })).await;
    let shown = read(&editor, &proposal).await;
    assert!(shown.text("/review/changes/unified").contains("+Not yet. TODO"));
    let unreviewed = shown.json["review"]["unreviewed"].as_array().unwrap();
    assert_eq!(unreviewed.len(), 1, "{}", shown.body);
    assert_eq!(unreviewed[0]["id"], unfinished.json["revision_id"]);
    assert_eq!(unreviewed[0]["created_by"]["kind"], "person");
    // Once an editor has approved it, all of it was reviewed, live or not. What follows is not.
    let approved = editor.approve(&proposal.text("/id"), json!({}), 200).await;
    let next = propose(&agent, &approved, json!({ "title": "Best" })).await;
    let shown = read(&editor, &next).await;
    assert!(shown.text("/review/changes/unified").contains("+Not yet. TODO"), "not live yet");
    assert_eq!(shown.json["review"]["unreviewed"], json!([]), "{}", shown.body);
    let path = format!("/v1/manage/posts/{}", post.text("/id"));
    let draft = author.get(&path, 200).await;
    let more = edit(&author, &draft, json!({ "body": "Not yet. TODO, too.\n" }), 200).await;
    let last = propose(&agent, &more, json!({ "title": "The very best" })).await;
    let shown = read(&editor, &last).await;
    assert_eq!(shown.json["review"]["unreviewed"][0]["id"], more.json["revision_id"]);
    assert_eq!(shown.json["review"]["unreviewed"].as_array().unwrap().len(), 1, "{}", shown.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_a_cover_that_were_set_after_reading_are_not_approved() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = agent(&app, &editor).await;
    let picture = published(&agent).await;
    let media = format!("/v1/manage/media/{}", picture.text("/id"));
    agent.patch(&media, json!({ "alt": "A lake." }), 200).await;
    let mut new = draft("Lake");
    new["cover"] = picture.json["id"].clone();
    let proposal = agent.post("/v1/manage/proposals", new, 201).await;
    let id = proposal.text("/id");
    let seen = read(&editor, &proposal).await;
    assert_eq!(seen.text("/review/cover/alt"), "A lake.");
    assert_eq!(seen.text("/review/cover/url"), picture.text("/url"));

    agent.patch(&media, json!({ "alt": "Buy at evil.example." }), 200).await;
    let stale = seen.header("etag");
    let live = json!({ "publish": true });
    let refused = editor.approve_as_seen(&id, stale, live.clone(), 412).await;
    assert!(refused.text("/detail").contains("the cover"), "{}", refused.body);
    app.anonymous().get("/v1/posts/lake", 404).await;
    // The answer names the review of now, as a proxy may hand it on.
    let now = read(&editor, &proposal).await;
    assert_eq!(refused.header("etag"), now.header("etag"));
    let weak = format!("W/{}", now.header("etag"));
    editor.approve_as_seen(&id, &weak, live, 200).await;
    let read = app.anonymous().get("/v1/posts/lake", 200).await;
    assert_eq!(read.text("/cover/alt"), "Buy at evil.example.", "an editor has read it by now");
}

#[tokio::test(flavor = "multi_thread")]
async fn approving_needs_the_review_and_nothing_in_its_place() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let proposal = editor.post("/v1/manage/proposals", draft("Post"), 201).await;
    let id = proposal.text("/id");
    let path = format!("/v1/manage/proposals/{id}/approve");
    let missing = editor.post(&path, json!({}), 428).await;
    missing.is_problem("precondition_required");
    assert!(missing.text("/detail").contains("review"), "{}", missing.body);
    for other in ["*", "\"v1\"", "\"\""] {
        let refused = editor.approve_as_seen(&id, other, json!({}), 422).await;
        assert_eq!(refused.faults()[0].0, "/if_match", "{other}");
    }
    let unseen = editor.approve_as_seen(&id, crate::harness::NO_REVIEW, json!({}), 412).await;
    unseen.is_problem("precondition_failed");
    let unknown = json!({ "edits": { "titel": "X" } });
    let refused = editor.approve(&id, unknown, 422).await;
    assert_eq!(refused.faults()[0], ("/edits/titel".to_owned(), "unknown_field".to_owned()));
    editor.approve(&id, json!({}), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_uploaded_after_the_approval_is_in_no_approved_text() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = agent(&app, &editor).await;
    let announced = agent.post("/v1/manage/media", gif(), 201).await;
    let id = announced.text("/media/id");
    let ulid = id.trim_start_matches("media_");
    let base = app.byline.context.config.media_url.clone();
    for (title, address) in [
        ("Plain", format!("{base}/media/{ulid}/ein-bild.gif")),
        ("Escaped", format!("{base}/%6Dedia/{ulid}/ein-bild.gif")),
        ("Dotted", format!("{base}/media/./{ulid}/ein-bild.gif")),
    ] {
        let body = format!("![A lake](<{address}>)\n");
        let new = json!({ "title": title, "body": body });
        let proposal = agent.post("/v1/manage/proposals", new.clone(), 201).await;
        let shown = read(&editor, &proposal).await;
        assert_eq!(shown.json["review"]["pending_files"][0]["id"], id.as_str(), "{title}");
        let refused = editor.approve(&proposal.text("/id"), json!({}), 422).await;
        assert_eq!(refused.faults()[0].1, "pending_file");
        // Nor by a person's own hand.
        let drafted = editor.post("/v1/manage/posts", new, 201).await;
        assert_eq!(publish(&editor, &drafted, 422).await.faults()[0].1, "pending_file");
        let at = app.byline.context.clock.now().plus_seconds(3600);
        let later = json!({ "revision_id": drafted.text("/revision_id"), "publish_at": at });
        let refused = editor.post(&path(&drafted, "/schedule"), later, 422).await;
        assert_eq!(refused.faults()[0].1, "pending_file");
    }
    // The review of before says nothing about the bytes that have come.
    let new = json!({ "title": "Later", "body": format!("![A lake]({base}/media/{ulid}/x.gif)") });
    let proposal = agent.post("/v1/manage/proposals", new, 201).await;
    let before = read(&editor, &proposal).await;
    assert_eq!(Upload::of(&announced).send(GIF).await, 200);
    agent.post(&format!("/v1/manage/media/{id}/complete"), json!({}), 200).await;
    let proposal_id = proposal.text("/id");
    let stale = editor.approve_as_seen(&proposal_id, before.header("etag"), json!({}), 412).await;
    assert!(stale.text("/detail").contains("a file in the text"), "{}", stale.body);
    editor.approve(&proposal_id, json!({ "publish": true }), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_takes_the_bytes_that_were_checked_first_and_no_others() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let announced = editor.post("/v1/manage/media", gif(), 201).await;
    let id: MediaId = announced.text("/media/id").parse().unwrap();
    let media = app.byline.context.store.media();
    assert!(media.hold(&id, "\"one\"").await.unwrap());
    assert!(!media.hold(&id, "\"other\"").await.unwrap());
    assert_eq!(Upload::of(&announced).send(GIF).await, 200);
    let complete = format!("/v1/manage/media/{id}/complete");
    editor.post(&complete, json!({}), 422).await.is_problem("upload_refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_that_an_agent_made_anew_is_none_that_was_approved() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = super::api_key(&app, &editor).await;
    let mut new = draft("Sports");
    new["tags"] = json!(["Sport"]);
    let proposal = agent.post("/v1/manage/proposals", new.clone(), 201).await;
    let shown = read(&editor, &proposal).await;
    assert_eq!(shown.json["review"]["tags"]["after"], json!(["Sport"]));
    let approved = editor.approve(&proposal.text("/id"), json!({}), 200).await;
    let live = {
        new["title"] = "Live".into();
        let post = editor.post("/v1/manage/posts", new, 201).await;
        publish(&editor, &post, 200).await
    };
    editor.delete("/v1/manage/tags/sport", 204).await;
    // Whatever slug this gets, its name was never approved.
    let strange = json!({ "title": "Strange", "body": "Text.", "tags": ["sPort!", "Спорт"] });
    agent.post("/v1/manage/posts", strange, 201).await;
    settle(&app, 1).await;
    publish(&agent, &approved, 403).await.is_problem("approval_required");
    publish(&editor, &approved, 200).await;
    publish(&editor, &live, 200).await;
    for slug in ["sports", "live"] {
        let read = app.anonymous().get(&format!("/v1/posts/{slug}"), 200).await;
        for tag in read.json["tags"].as_array().unwrap() {
            assert_eq!(tag["name"], "Sport", "{}", read.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn propagation_brings_no_new_words_of_a_cover_to_readers() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let picture = published(&editor).await;
    let mut new = draft("Lake");
    new["cover"] = picture.json["id"].clone();
    let post = editor.post("/v1/manage/posts", new, 201).await;
    publish(&editor, &post, 200).await;
    describe_unseen(&app, &picture, "Buy.").await;
    editor.patch("/v1/manage/tags/field-notes", json!({ "name": "Notes" }), 200).await;
    settle(&app, 1).await;
    let live = app.anonymous().get("/v1/posts/lake", 200).await;
    assert_eq!(live.json["tags"][0]["name"], "Notes");
    assert_eq!(live.json["cover"]["alt"], "");
    let review = path(&post, &format!("/review?revision_id={}", post.text("/revision_id")));
    let review = editor.get(&review, 200).await;
    assert_eq!(review.json["live_cover"]["alt"], "");
    assert_eq!(review.json["cover"]["alt"], "Buy.");
}
