//! Files that a text names and that are not there: nothing can take their place after the text was read.

use aws_lc_rs::digest::{SHA256, digest};
use byline_shared::auth::sessions;
use byline_shared::crypto::digest::sha256;
use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{edit, path, publish};
use crate::desk::visitor::{Form, Visitor, form, text_of};
use crate::harness::{Answer, App, Client};
use crate::media::{GIF, published};
use crate::transfer::bring;

/// A ULID as text: Crockford's base32.
fn ulid(number: u128) -> String {
    let digits = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let digit = |at: u32| char::from(digits[usize::try_from(number >> (5 * at) & 31).unwrap()]);
    (0..26).rev().map(digit).collect()
}

/// What somebody could compute who knows their session and the form: the id of its file by a digest without a
/// key.
fn computed(session: &str, once: &str, name: &str) -> String {
    let what = format!("file 0 {name} {} ", sha256(GIF));
    let digest = digest(&SHA256, format!("{what}\n{session}\n{once}").as_bytes());
    let random = u128::from_be_bytes(*digest.as_ref().first_chunk::<16>().unwrap());
    // The first ten digits are the time.
    format!("{}{}", &once[..10], &ulid(random)[10..])
}

/// The form to upload with, and the session that it is for.
async fn upload_form(app: &App, author: &Client) -> (Visitor, Form, String) {
    let cx = &app.byline.context;
    let me = author.get("/v1/users/me", 200).await;
    let account = cx.store.users().get(&me.text("/id").parse().unwrap()).await.unwrap().unwrap();
    let session = sessions::create_for_browser(cx, &account).await.unwrap().unwrap();
    let mut visitor = Visitor::with_session(app, &session).await;
    let upload = form(&visitor.get("/desk/media", 200).await, "Upload");
    (visitor, upload, session.id.to_string())
}

fn picture(address: &str) -> String {
    format!("A calm text.\n\n![A lake]({address})\n")
}

/// Holds a text to be refused for a file that it names, and gives back what is said.
fn lacks_a_file(refused: &Answer, pointer: &str) -> String {
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert_eq!(refused.faults(), [(pointer.to_owned(), "missing_file".to_owned())]);
    refused.text("/errors/0/message")
}

/// The finding of a review about files that are not there.
fn finding(review: &Value) -> Option<String> {
    let findings = review["findings"].as_array().unwrap();
    let found = findings.iter().find(|finding| finding["code"] == "missing_file")?;
    Some(found["message"].as_str().unwrap().to_owned())
}

async fn status(address: &str) -> u16 {
    reqwest::get(address).await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_comes_after_the_review_is_in_no_text_that_it_showed() {
    let app = App::unlimited().await;
    let (author, editor) = (app.user(Role::Author).await, app.user(Role::Editor).await);
    let (mut visitor, upload, session) = upload_form(&app, &author).await;
    let id = computed(&session, upload.value("once"), "evil.gif");
    let address = format!("{}/media/{id}/evil.gif", app.byline.context.config.media_url);
    let new = json!({ "title": "Calm", "body": picture(&address) });
    let proposal = author.post("/v1/manage/proposals", new, 201).await;
    let approval = editor.approve(&proposal.text("/id"), json!({ "publish": true }), 422).await;
    lacks_a_file(&approval, "/proposal_id");
    let sent = visitor.submit_files(&upload, &[("evil.gif", GIF)], &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert_eq!(status(&address).await, 404, "nobody knows an address before there is a file");
    app.anonymous().get("/v1/posts/calm", 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_with_a_file_that_is_not_there_goes_live_by_no_door() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let agent = app.agent(&editor).await;
    let base = app.byline.context.config.media_url.clone();
    let gone = published(&editor).await;
    let (id, url) = (gone.text("/id"), gone.text("/url"));
    let live = json!({ "title": "Live", "body": picture(&url) });
    let live = editor.post("/v1/manage/posts", live, 201).await;
    publish(&editor, &live, 200).await;
    editor.delete(&format!("/v1/manage/media/{id}?force=true"), 204).await;
    let ulid = id.trim_start_matches("media_");
    let metadata = json!({ "hero": format!("{base}/media/{ulid}/ein-bild.gif") });
    for new in [
        json!({ "title": "Plain", "body": picture(&url) }),
        json!({ "title": "Escaped", "body": picture(&format!("{base}/%6Dedia/{ulid}/x.gif")) }),
        json!({ "title": "Relative", "body": picture(&format!("/local-bucket/media/{ulid}/x.gif")) }),
        json!({ "title": "Code", "body": format!("`{url}`") }),
        json!({ "title": "Custom data", "body": "Words.", "metadata": metadata }),
    ] {
        let title = new["title"].as_str().unwrap().to_owned();
        let drafted = editor.post("/v1/manage/posts", new.clone(), 201).await;
        let review =
            path(&drafted, &format!("/review?revision_id={}", drafted.text("/revision_id")));
        let review = editor.get(&review, 200).await;
        let said = finding(&review.json).unwrap_or_else(|| panic!("{title}: {}", review.body));
        assert!(said.contains(&id), "{title}: {said}");
        let said = lacks_a_file(&publish(&editor, &drafted, 422).await, "/revision_id");
        assert!(said.contains(&id), "{title}: {said}");
        let at = app.byline.context.clock.now().plus_seconds(3600);
        let later = json!({ "revision_id": drafted.text("/revision_id"), "publish_at": at });
        lacks_a_file(&editor.post(&path(&drafted, "/schedule"), later, 422).await, "/revision_id");
        let proposal = agent.post("/v1/manage/proposals", new, 201).await.text("/id");
        let read = editor.get(&format!("/v1/manage/proposals/{proposal}"), 200).await;
        assert!(finding(&read.json["review"]).is_some(), "{title}: {}", read.body);
        lacks_a_file(&editor.approve(&proposal, json!({}), 422).await, "/proposal_id");
        // It can be written on, and without the file it goes live.
        let more = json!({ "body": format!("{}\nMore.", drafted.text("/body")) });
        let edited = edit(&editor, &drafted, more, 200).await;
        let without = json!({ "body": "More.", "metadata": {} });
        publish(&editor, &edit(&editor, &edited, without, 200).await, 200).await;
    }
    // The person at the Desk is told, too.
    let (mut visitor, _) = Visitor::with_role(&app, Role::Editor).await;
    let new = json!({ "title": "Seen at the Desk", "body": picture(&url) });
    let proposal = agent.post("/v1/manage/proposals", new, 201).await.text("/id");
    let page = visitor.get(&format!("/desk/proposals/{proposal}"), 200).await;
    assert!(text_of(&page).contains("It cannot go live before"), "{}", text_of(&page));
    assert!(crate::desk::visitor::find(&page, "Approve").is_none());
    // What is live stays so.
    app.anonymous().get("/v1/posts/live", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_of_ours_keeps_no_text_from_readers() {
    let app = App::unlimited().await;
    let editor = app.user(Role::Editor).await;
    let ulid = "01JD9ZP7V8Q2M4T6W8X0Y2Z4J2";
    for (number, body) in [
        format!("![A](https://other.example/media/{ulid}/a.png)"),
        format!("[A](https://other.example/runs/{ulid})"),
        format!("An id such as `media_{ulid}` names a file."),
        format!("[A](/posts/{ulid})"),
    ]
    .into_iter()
    .enumerate()
    {
        let new = json!({ "title": format!("Foreign {number}"), "body": body });
        let post = editor.post("/v1/manage/posts", new, 201).await;
        publish(&editor, &post, 200).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_deleted_does_not_come_back_by_its_form() {
    let app = App::unlimited().await;
    let author = app.user(Role::Author).await;
    let (mut visitor, upload, _) = upload_form(&app, &author).await;
    let send = async |visitor: &mut Visitor| {
        visitor.submit_files(&upload, &[("rope.gif", GIF)], &[]).await
    };
    assert_eq!(send(&mut visitor).await.status, 303);
    let listed = author.get("/v1/manage/media", 200).await;
    let (id, url) = (listed.text("/items/0/id"), listed.text("/items/0/url"));
    let editor = app.user(Role::Editor).await;
    let post = json!({ "title": "Live", "body": picture(&url) });
    publish(&editor, &editor.post("/v1/manage/posts", post, 201).await, 200).await;
    app.admin().await.delete(&format!("/v1/manage/media/{id}?force=true"), 204).await;
    for _ in 0..2 {
        let refused = send(&mut visitor).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert!(text_of(&refused).contains("was deleted since"), "{}", refused.body);
        assert_eq!(status(&url).await, 404, "it is not in the live page again");
    }
    // Nothing of it is left to see, to describe or to delete.
    for client in [&author, &editor] {
        let list = client.get("/v1/manage/media", 200).await;
        assert_eq!(list.json["items"], json!([]));
        let path = format!("/v1/manage/media/{id}");
        client.get(&path, 404).await;
        client.patch(&path, json!({ "alt": "A rope" }), 404).await;
        client.delete(&path, 404).await;
        client.post(&format!("{path}/complete"), json!({}), 404).await;
    }
    // Another form makes another file.
    let (mut visitor, upload, _) = upload_form(&app, &author).await;
    assert_eq!(visitor.submit_files(&upload, &[("rope.gif", GIF)], &[]).await.status, 303);
    assert_ne!(author.get("/v1/manage/media", 200).await.text("/items/0/id"), id);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_deleted_after_the_decision_leaves_a_gap_and_no_more() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let gone = published(&editor).await;
    let new = json!({ "title": "Scheduled", "body": picture(&gone.text("/url")) });
    let post = editor.post("/v1/manage/posts", new, 201).await;
    let at = app.byline.context.clock.now().plus_seconds(60);
    let later = json!({ "revision_id": post.text("/revision_id"), "publish_at": at });
    editor.post(&path(&post, "/schedule"), later, 200).await;
    editor.delete(&format!("/v1/manage/media/{}?force=true", gone.text("/id")), 204).await;
    clock.advance(61);
    app.byline.run_due_schedules().await;
    app.anonymous().get("/v1/posts/scheduled", 200).await;
    assert_eq!(status(&gone.text("/url")).await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_brings_old_posts_with_the_gaps_that_they_have() {
    let app = App::unlimited().await;
    let ulid = "01JD9ZP7V8Q2M4T6W8X0Y2Z4J2";
    let metadata = format!("{}/media/{ulid}/a.png", app.byline.context.config.media_url);
    let folder = tempfile::tempdir().unwrap();
    let text = format!("---\ntitle: Old\ndate: 2020-01-01\nhero: {metadata}\n---\n\nWords.\n");
    std::fs::write(folder.path().join("old.md"), text).unwrap();
    bring(&app, folder.path()).await;
    let editor = app.user(Role::Editor).await;
    let live = app.anonymous().get("/v1/posts/old", 200).await;
    assert_eq!(live.text("/metadata/hero"), metadata);
    let list = editor.get("/v1/manage/posts", 200).await;
    let post = editor.get(&format!("/v1/manage/posts/{}", list.text("/items/0/id")), 200).await;
    edit(&editor, &post, json!({ "body": "Other words." }), 200).await;
}
