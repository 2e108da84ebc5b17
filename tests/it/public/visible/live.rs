//! What goes live, changes and is taken away.

use serde_json::{Value, json};

use super::{DAY, EVERYWHERE, NOWHERE, Stage, all_but, path};
use crate::public::publish;

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_shown_nowhere_and_a_live_post_everywhere() {
    let stage = Stage::new().await;
    let post = stage.draft().await;
    assert_eq!(stage.zebra().await, NOWHERE);
    publish(&stage.editor, &post).await;
    assert_eq!(stage.zebra().await, EVERYWHERE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpublished_post_is_shown_nowhere() {
    let stage = Stage::new().await;
    let post = stage.live().await;
    stage.editor.post(&path(&post, "/unpublish"), json!({}), 200).await;
    assert_eq!(stage.zebra().await, NOWHERE);
    let reader = stage.app.anonymous();
    reader.get("/v1/tags/animals", 404).await;
    reader.get(&format!("/v1/authors/{}", stage.author), 404).await;
    // And comes back with the date that it had.
    stage.clock.advance(5);
    let again = publish(&stage.editor, &post).await;
    assert_eq!(stage.zebra().await, EVERYWHERE);
    assert_eq!(again.json["published_at"], post.json["published_at"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trashed_post_is_shown_nowhere_and_comes_back_as_a_draft() {
    let stage = Stage::new().await;
    let post = stage.live().await;
    stage.trash(&post).await;
    assert_eq!(stage.zebra().await, NOWHERE);
    let back = stage.editor.post(&path(&post, "/restore"), json!({}), 200).await;
    assert_eq!(
        (&back.json["status"], &back.json["live_revision_id"]),
        (&json!("draft"), &Value::Null)
    );
    assert_eq!(stage.zebra().await, NOWHERE);
    publish(&stage.editor, &back).await;
    assert_eq!(stage.zebra().await, EVERYWHERE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_post_is_shown_from_its_time_on() {
    let stage = Stage::new().await;
    let post = stage.draft().await;
    stage.schedule(&post).await;
    assert_eq!(stage.zebra().await, NOWHERE);
    stage.clock.advance(59);
    stage.app.byline.run_due_schedules().await;
    assert_eq!(stage.zebra().await, NOWHERE, "a second early");
    stage.clock.advance(1);
    stage.app.byline.run_due_schedules().await;
    assert_eq!(stage.zebra().await, EVERYWHERE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_that_was_cancelled_shows_nothing() {
    let stage = Stage::new().await;
    let post = stage.draft().await;
    for end in ["/unschedule", "/unpublish"] {
        stage.schedule(&post).await;
        stage.editor.post(&path(&post, end), json!({}), 200).await;
        stage.a_minute_later().await;
        assert_eq!(stage.zebra().await, NOWHERE, "{end}");
    }
    let scheduled = stage.schedule(&post).await;
    stage.trash(&scheduled).await;
    stage.editor.post(&path(&post, "/restore"), json!({}), 200).await;
    stage.a_minute_later().await;
    assert_eq!(stage.zebra().await, NOWHERE, "the trash");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_publishes_what_it_names_and_not_what_was_saved_since() {
    let stage = Stage::new().await;
    let post = stage.draft().await;
    let scheduled = stage.schedule(&post).await;
    stage.edit(&scheduled, json!({ "title": "Quagga" })).await;
    stage.a_minute_later().await;
    assert_eq!(stage.zebra().await, EVERYWHERE);
    assert_eq!(stage.shown("Quagga", "zebra").await, ["the sitemap"], "which has no titles");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_a_live_post_shows_once_it_is_published() {
    let stage = Stage::new().await;
    let post = stage.live().await;
    let change = json!({
        "title": "Quagga", "slug": "quagga", "body": "None.", "tags": ["Fossils"],
        "featured": false, "language": "de", "excerpt": "Gone.",
    });
    let edited = stage.edit(&post, change).await;
    assert_eq!(stage.zebra().await, EVERYWHERE);
    assert_eq!(stage.shown("Quagga", "quagga").await, NOWHERE);
    let read = stage.app.anonymous().get("/v1/posts/zebra", 200).await;
    assert_eq!(
        (&read.json["body"], &read.json["excerpt"]),
        (&json!("Stripes."), &json!("Stripes."))
    );
    stage.app.anonymous().get("/v1/tags/fossils", 404).await;

    publish(&stage.editor, &edited).await;
    assert_eq!(stage.zebra().await, NOWHERE);
    let shown = stage.shown("Quagga", "quagga").await;
    assert_eq!(shown, all_but(&["its tag", "featured", "its language"]));
    let reader = stage.app.anonymous();
    let moved = reader.get("/v1/posts/zebra", 301).await;
    assert_eq!(moved.header("location"), "/v1/posts/quagga");
    let read = reader.get("/v1/posts/quagga", 200).await;
    assert_eq!((&read.json["body"], &read.json["excerpt"]), (&json!("None."), &json!("Gone.")));
    reader.get("/v1/tags/animals", 404).await;
    reader.get("/v1/tags/fossils", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_takes_a_post_out_of_the_lists_that_it_left() {
    let stage = Stage::new().await;
    let mut post = stage.live().await;
    let mut gone = Vec::new();
    for (change, place) in [
        (json!({ "featured": false }), "featured"),
        (json!({ "language": "de" }), "its language"),
        (json!({ "tags": [] }), "its tag"),
    ] {
        let edited = stage.edit(&post, change).await;
        post = publish(&stage.editor, &edited).await;
        gone.push(place);
        assert_eq!(stage.zebra().await, all_but(&gone));
    }
    let back = json!({ "featured": true, "language": "en", "tags": ["Animals"] });
    let edited = stage.edit(&post, back).await;
    publish(&stage.editor, &edited).await;
    assert_eq!(stage.zebra().await, EVERYWHERE);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_removed_for_good_leaves_nothing_behind() {
    let stage = Stage::new().await;
    let post = stage.live().await;
    stage.trash(&post).await;
    stage.clock.advance(30 * DAY);
    let workers = byline_local::workers();
    let worker = workers.iter().find(|worker| worker.name == "worker-trash").unwrap();
    let byline_shared::worker::Trigger::Every { run, .. } = worker.trigger else { unreachable!() };
    run(&stage.app.byline.context).await.unwrap();
    let reader = stage.app.anonymous();
    for path in ["/v1/posts/zebra", "/posts/zebra.md", "/v1/tags/animals"] {
        reader.get(path, 404).await;
    }
    for path in ["/v1/posts", "/feed.json", "/feed.xml", "/llms.txt", "/sitemap.xml"] {
        assert!(!reader.get(path, 200).await.body.contains("ebra"), "{path}");
    }
}
