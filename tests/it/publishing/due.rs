//! What becomes of a schedule when something or somebody has changed before it is due.

use std::sync::Arc;

use byline_local::faults::Fault;
use byline_shared::clock::ManualClock;
use byline_shared::model::{AltText, Caption, MediaId, Role};
use http::Method;
use serde_json::{Value, json};

use super::review::right;
use super::{path, settle};
use crate::harness::{Answer, App, Client, draft};
use crate::media::published;

/// How often a write is tried that meets others.
const ATTEMPTS: u32 = 8;

struct Scene {
    app: App,
    clock: Arc<ManualClock>,
    editor: Client,
    picture: Answer,
    post: Answer,
}

/// A post with a cover and a tag that an editor has scheduled.
async fn scheduled() -> Scene {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let picture = published(&editor).await;
    let mut new = draft("Lake");
    new["cover"] = picture.json["id"].clone();
    let post = editor.post("/v1/manage/posts", new, 201).await;
    let at = app.byline.context.clock.now().plus_seconds(60);
    let body = json!({ "revision_id": post.text("/revision_id"), "publish_at": at });
    let post = editor.post(&path(&post, "/schedule"), body, 200).await;
    Scene { app, clock, editor, picture, post }
}

impl Scene {
    /// The post, a moment after its schedule was due.
    async fn after(&self) -> Answer {
        self.clock.advance(61);
        self.app.byline.run_due_schedules().await;
        let admin = self.app.admin().await;
        admin.get(&path(&self.post, ""), 200).await
    }

    /// Holds the post not to be live, and to say why.
    async fn is_cancelled(&self, why: &str) {
        let after = self.after().await;
        self.app.anonymous().get("/v1/posts/lake", 404).await;
        assert_eq!(after.json["schedule"], Value::Null);
        let failed = &after.json["schedule_failed"];
        assert_eq!(failed["revision_id"], self.post.json["revision_id"], "{}", after.body);
        assert_eq!(failed["publish_at"], self.post.json["schedule"]["publish_at"]);
        assert!(failed["reason"].as_str().unwrap().contains(why), "{failed}");
        let admin = self.app.admin().await;
        let listed = admin.get("/v1/manage/posts", 200).await;
        assert_eq!(listed.json["items"][0]["schedule_failed"], *failed);
        let log = admin.get("/v1/admin/audit", 200).await;
        let entries = log.json["items"].as_array().unwrap();
        let told = |entry: &&Value| {
            entry["event"] == "post_unscheduled"
                && entry["outcome"] == "refused"
                && entry["subject"] == self.post.json["id"]
        };
        assert_eq!(entries.iter().filter(told).count(), 1, "{}", log.body);
        // An agent learns it, too.
        let agent = self.app.agent(&admin).await;
        let call = json!({
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": { "name": "posts_list", "arguments": {} },
        });
        let shown = agent.post("/mcp", call, 200).await;
        let told = shown.text("/result/structuredContent/posts/0/schedule_failed");
        assert!(told.contains(why), "{told}");
        // Publishing clears the note.
        let body = json!({ "revision_id": self.post.json["revision_id"] });
        let review =
            path(&self.post, &format!("/review?revision_id={}", self.post.text("/revision_id")));
        let mut body = body;
        body["review"] = admin.get(&review, 200).await.header("etag").into();
        let live = admin.post(&path(&self.post, "/publish"), body, 200).await;
        assert_eq!(live.json["schedule_failed"], Value::Null);
    }

    async fn describe(&self, alt: &str, by_publisher: bool) {
        let cx = &self.app.byline.context;
        let id: MediaId = self.picture.text("/id").parse().unwrap();
        let alt = AltText::trusted(alt);
        let now = cx.clock.now();
        let media = cx.store.media();
        let (words, by) = ((Some(&alt), None), (&right(&self.picture), by_publisher));
        assert!(media.update(&id, words, by, None, now).await.unwrap());
    }

    /// Gives the cover a caption, as an agent does.
    async fn caption(&self, caption: &str) {
        let cx = &self.app.byline.context;
        let id: MediaId = self.picture.text("/id").parse().unwrap();
        let caption = Caption::trusted(caption);
        let (media, now) = (cx.store.media(), cx.clock.now());
        let (words, by) = ((None, Some(&caption)), (&right(&self.picture), false));
        assert!(media.update(&id, words, by, None, now).await.unwrap());
    }

    async fn editors_account(&self) -> String {
        format!("/v1/users/{}", self.editor.get("/v1/users/me", 200).await.text("/id"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_an_agent_set_meanwhile_stop_the_schedule_of_a_person() {
    let scene = scheduled().await;
    scene.describe("Buy.", false).await;
    scene.is_cancelled("the cover").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caption_that_an_agent_sets_meanwhile_stops_nothing_and_reaches_no_reader() {
    let scene = scheduled().await;
    let media = format!("/v1/manage/media/{}", scene.picture.text("/id"));
    scene.editor.patch(&media, json!({ "alt": "A lake." }), 200).await;
    scene.caption("Buy.").await;
    let after = scene.after().await;
    assert_eq!(after.json["schedule_failed"], Value::Null);
    let reader = scene.app.anonymous();
    let live = reader.get("/v1/posts/lake", 200).await;
    let cover = live.json["cover"].as_object().unwrap();
    let names: Vec<&str> = cover.keys().map(String::as_str).collect();
    assert_eq!(names, ["url", "width", "height", "alt"]);
    for path in ["/v1/posts/lake", "/v1/posts", "/feed.xml", "/feed.json", "/posts/lake.md"] {
        let read = reader.get(path, 200).await;
        assert!(!read.body.contains("Buy."), "{path}: {}", read.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_that_meets_other_writes_at_every_attempt_goes_live_afterwards() {
    let scene = scheduled().await;
    let observer = &scene.app.byline.observer;
    observer.plan("worker-publish", 0, ATTEMPTS, Fault::Outrun);
    scene.clock.advance(61);
    scene.app.byline.run_due_schedules().await;
    let made = observer.actions("worker-publish")["TransactWriteItems"];
    assert!(made >= u64::from(ATTEMPTS), "it was tried {made} times");
    scene.app.byline.run_due_schedules().await;
    let live = scene.app.anonymous().get("/v1/posts/lake", 200).await;
    assert_eq!(live.json["published_at"], scene.post.json["schedule"]["publish_at"]);
    let after = scene.app.admin().await.get(&path(&scene.post, ""), 200).await;
    assert_eq!(
        (&after.json["schedule"], &after.json["schedule_failed"]),
        (&Value::Null, &Value::Null)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_with_the_right_change_meanwhile_stops_no_schedule_of_a_person() {
    let scene = scheduled().await;
    let media = format!("/v1/manage/media/{}", scene.picture.text("/id"));
    scene.editor.patch(&media, json!({ "alt": "A lake." }), 200).await;
    let tag = "/v1/manage/tags/field-notes";
    scene.editor.patch(tag, json!({ "name": "Notes", "slug": "notes" }), 200).await;
    settle(&scene.app, 1).await;
    scene.after().await;
    let live = scene.app.anonymous().get("/v1/posts/lake", 200).await;
    assert_eq!(live.text("/cover/alt"), "A lake.");
    assert_eq!(live.json["tags"], json!([{ "slug": "notes", "name": "Notes" }]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schedule_of_a_disabled_editor_waits_for_another() {
    let scene = scheduled().await;
    let account = scene.editors_account().await;
    scene.app.admin().await.patch(&account, json!({ "disabled": true }), 200).await;
    scene.is_cancelled("disabled or deleted").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schedule_of_an_editor_who_may_no_longer_publish_waits_for_another() {
    let scene = scheduled().await;
    let account = scene.editors_account().await;
    scene.app.admin().await.patch(&account, json!({ "role": "author" }), 200).await;
    scene.is_cancelled("may no longer publish").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schedule_of_a_deleted_editor_waits_for_another() {
    let scene = scheduled().await;
    scene.editor.send(Method::DELETE, "/v1/users/me", &[], None, 204).await;
    scene.is_cancelled("disabled or deleted").await;
}
