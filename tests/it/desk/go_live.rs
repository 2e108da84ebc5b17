//! The decision that a text goes live, the history of what was, and what these pages cost.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::visitor::{Visitor, find, form, text_of};
use crate::harness::{App, Client, draft};
use crate::media;

/// A post, and somebody at the Desk who may publish it.
async fn scene(app: &App, title: &str) -> (Visitor, Client, String) {
    let (editor, client) = Visitor::with_role(app, Role::Editor).await;
    let id = client.post("/v1/manage/posts", draft(title), 201).await.text("/id");
    (editor, client, id)
}

async fn post(client: &Client, id: &str) -> Value {
    client.get(&format!("/v1/manage/posts/{id}"), 200).await.json
}

/// Publishes the latest revision, and names it.
async fn publish(client: &Client, id: &str) -> String {
    let latest = post(client, id).await["revision_id"].as_str().unwrap().to_owned();
    let path = format!("/v1/manage/posts/{id}/publish");
    client.post(&path, json!({ "revision_id": latest }), 200).await;
    latest
}

async fn change(client: &Client, id: &str, change: Value) {
    let seen = format!("\"v{}\"", post(client, id).await["version"]);
    let path = format!("/v1/manage/posts/{id}");
    client.send(Method::PATCH, &path, &[("if-match", &seen)], Some(change), 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exactly_what_was_shown_goes_live() {
    let app = App::unlimited().await;
    let (mut editor, client, id) = scene(&app, "Tides").await;
    let page = editor.get(&format!("/desk/posts/{id}/go-live"), 303).await;
    let page = editor.follow(page).await;
    let text = text_of(&page);
    assert!(text.contains("Readers see nothing of this post now"), "{text}");
    assert!(text.contains("About *Tides*."), "{text}");
    assert!(find(&page, "Take down").is_none(), "nothing is live");
    let latest = post(&client, &id).await["revision_id"].as_str().unwrap().to_owned();
    let result =
        editor.get(&format!("/desk/posts/{id}/go-live?revision={latest}&view=result"), 200).await;
    assert!(result.body.contains("About <em>Tides</em>."), "{}", result.body);
    assert!(find(&result, "Publish").is_some());

    // A second tab saves; the first one publishes what it shows, and no later word.
    change(&client, &id, json!({ "body": "Later words." })).await;
    let sent = form(&page, "Publish");
    let (first, second) = (editor.submit(&sent).await, editor.submit(&sent).await);
    assert_eq!((first.status, second.status), (303, 303), "{}", second.body);
    let done = editor.follow(second).await;
    assert!(text_of(&done).contains("Published. Readers see it now."), "{}", done.body);
    let live = app.anonymous().get("/v1/posts/tides", 200).await;
    assert_eq!(live.text("/body"), "About *Tides*.\n");

    // The next text, with something that an eye would miss.
    change(
        &client,
        &id,
        json!({ "body": "New words.\n\n<!-- a secret -->\n", "title": "Spring tides" }),
    )
    .await;
    let page = editor.get(&format!("/desk/posts/{id}/go-live"), 303).await;
    let page = editor.follow(page).await;
    let text = text_of(&page);
    for words in
        ["This is what changes for readers", "what an eye could miss", "a secret", "Spring tides"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    // What it shows is no longer what would go live.
    let tags = json!({ "name": "Notes from the field" });
    client.send(Method::PATCH, "/v1/manage/tags/field-notes", &[], Some(tags), 200).await;
    // When the live text has followed, nothing changes any more.
    let reader = app.anonymous();
    app.eventually(|| async {
        reader.get("/v1/posts/tides", 200).await.body.contains("Notes from the field")
    })
    .await;
    let refused = editor.press(&page, "Publish", &[]).await;
    assert_eq!(refused.status, 412);
    assert!(text_of(&refused).contains("Nothing was done"), "{}", refused.body);
    assert!(text_of(&refused).contains("Notes from the field"), "{}", refused.body);
    assert_eq!(app.anonymous().get("/v1/posts/tides", 200).await.text("/body"), "About *Tides*.\n");
    editor.press(&refused, "Publish", &[]).await;
    assert!(app.anonymous().get("/v1/posts/tides", 200).await.text("/body").contains("New words."));

    // Taken down, and once more.
    let page = editor.get(&format!("/desk/posts/{id}/go-live"), 303).await;
    let page = editor.follow(page).await;
    assert!(text_of(&page).contains("Readers see exactly this text"), "{}", page.body);
    assert!(find(&page, "Publish").is_none());
    let sent = form(&page, "Take down");
    let (first, second) = (editor.submit(&sent).await, editor.submit(&sent).await);
    assert_eq!((first.status, second.status), (303, 303), "{}", second.body);
    app.anonymous().get("/v1/posts/tides", 404).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_scheduled_and_goes_live_when_it_is_due() {
    let (app, clock) = App::unlimited_with_clock().await;
    let (mut editor, client, id) = scene(&app, "Tides").await;
    let place = format!(
        "/desk/posts/{id}/go-live?revision={}",
        post(&client, &id).await["revision_id"].as_str().unwrap()
    );
    let page = editor.get(&place, 200).await;
    for wrong in ["", "tomorrow", "2020-01-01T09:00", "2026-13-01T09:00"] {
        let refused = editor.press(&page, "Schedule", &[("publish_at", wrong)]).await;
        assert_eq!(refused.status, 422, "{wrong}");
        assert!(refused.body.contains("href=\"#publish_at\""), "{}", refused.body);
        assert_eq!(form(&refused, "Schedule").value("publish_at"), wrong);
    }
    let at = app.byline.context.clock.now().plus_seconds(7200).to_string();
    let local = &at[..16];
    let done = editor.press(&page, "Schedule", &[("publish_at", local)]).await;
    assert!(text_of(&done).contains("Scheduled. It goes live"), "{}", done.body);
    assert_eq!(post(&client, &id).await["schedule"]["publish_at"], format!("{local}:00.000Z"));

    // Cancelled, and scheduled again.
    let page = editor.get(&place, 200).await;
    let done = editor.press(&page, "Cancel the schedule", &[]).await;
    assert!(text_of(&done).contains("The schedule is cancelled"), "{}", done.body);
    assert_eq!(post(&client, &id).await["schedule"], Value::Null);
    let page = editor.get(&place, 200).await;
    editor.press(&page, "Schedule", &[("publish_at", local)]).await;
    clock.advance(7201);
    app.byline.run_due_schedules().await;
    app.anonymous().get("/v1/posts/tides", 200).await;
    let list = editor.get("/desk/posts?status=published", 200).await;
    assert!(text_of(&list).contains("Tides"), "{}", list.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_compares_and_restores() {
    let app = App::unlimited().await;
    let (mut editor, client, id) = scene(&app, "Tides").await;
    let first = publish(&client, &id).await;
    change(&client, &id, json!({ "body": "Second.", "tags": ["Other"] })).await;
    change(&client, &id, json!({ "body": "Third.", "slug": "new-tides" })).await;
    let place = format!("/desk/posts/{id}/history");
    let page = editor.get(&place, 200).await;
    let text = text_of(&page);
    for words in ["latest", "live", "Went live", "the first revision", "What changed"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    // The order in which two are named does not matter.
    let newest = post(&client, &id).await["revision_id"].as_str().unwrap().to_owned();
    for (from, to) in [(&first, &newest), (&newest, &first)] {
        let compared = editor.get(&format!("{place}?from={from}&to={to}"), 200).await;
        let text = text_of(&compared);
        assert!(text.contains("removed: About *Tides*."), "{text}");
        assert!(text.contains("added: Third.") && text.contains("added: Other"), "{text}");
    }
    editor.get(&format!("{place}?from={first}&to=rev_01JD9ZZZZZZZZZZZZZZZZZZZZZ"), 404).await;

    // The first text again, twice by mistake; its address stays.
    let page = editor.get(&place, 200).await;
    let mut sent = form(&page, "Restore this text");
    sent.set("revision_id", &first);
    let (one, two) = (editor.submit(&sent).await, editor.submit(&sent).await);
    assert_eq!((one.status, two.status), (303, 303), "{}", two.body);
    let restored = post(&client, &id).await;
    assert_eq!(
        (&restored["body"], &restored["slug"]),
        (&json!("About *Tides*.\n"), &json!("new-tides"))
    );
    let revisions = client.get(&format!("/v1/manage/posts/{id}/revisions"), 200).await;
    assert_eq!(revisions.json["items"].as_array().unwrap().len(), 4);
    // A page from before restores nothing that somebody else would lose unseen.
    change(&client, &id, json!({ "body": "Fifth." })).await;
    let stale = editor.submit(&sent).await;
    assert_eq!(stale.status, 412);
    assert!(text_of(&stale).contains("Nothing was restored"), "{}", stale.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_of_a_post_costs_seven_calls_at_most() {
    let app = App::unlimited().await;
    let (mut editor, client, id) = scene(&app, "Tides").await;
    let first = publish(&client, &id).await;
    // A cover beyond the newest pictures, tags, and a text that nobody has approved.
    let cover = media::published(&client).await.text("/id");
    for _ in 0..12 {
        media::published(&client).await;
    }
    change(&client, &id, json!({ "cover": cover, "tags": ["One", "Two"] })).await;
    let agent = app.agent(&client).await;
    change(&agent, &id, json!({ "body": "By an agent." })).await;
    let newest = post(&client, &id).await["revision_id"].as_str().unwrap().to_owned();
    let pages = [
        ("desk-posts", "/desk/posts?q=tides".to_owned()),
        ("desk-post", format!("/desk/posts/{id}?view=preview")),
        ("desk-post-history", format!("/desk/posts/{id}/history?from={first}&to={newest}")),
        ("desk-post-go-live", format!("/desk/posts/{id}/go-live?revision={newest}")),
    ];
    for (operation, path) in pages {
        // Once to read the secrets, and once to count.
        editor.get(&path, 200).await;
        let before: u64 = app.byline.observer.actions(operation).values().sum();
        editor.get(&path, 200).await;
        let calls = app.byline.observer.actions(operation).values().sum::<u64>() - before;
        assert!((1..=7).contains(&calls), "{path}: {calls} calls");
    }
}
