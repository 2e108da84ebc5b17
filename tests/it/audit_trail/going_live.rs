//! Every way to go live, and what happens by itself.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::{approve, path, revision};
use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_go_live_is_in_the_audit_log() {
    let (app, clock) = App::unlimited_with_clock().await;
    let editor = app.user(Role::Editor).await;
    let me = editor.get("/v1/users/me", 200).await.text("/id");
    let mut live = Vec::new();

    let post = editor.post("/v1/manage/posts", draft("By hand"), 201).await;
    editor.post(&path(&post, "/publish"), revision(&post), 200).await;
    live.push((post.text("/id"), post.text("/revision_id"), ""));

    let made = editor.post("/v1/manage/proposals", draft("By approval"), 201).await;
    let body = json!({ "publish": true });
    let post = approve(&editor, &made.text("/id"), body).await;
    live.push((post.text("/id"), post.text("/live_revision_id"), ""));

    let post = editor.post("/v1/manage/posts", draft("By the clock"), 201).await;
    let mut later = revision(&post);
    later["publish_at"] = json!(app.byline.context.clock.now().plus_seconds(60));
    editor.post(&path(&post, "/schedule"), later, 200).await;
    clock.advance(61);
    app.byline.run_due_schedules().await;
    live.push((post.text("/id"), post.text("/revision_id"), ", as scheduled"));

    let log = app.admin().await.get("/v1/admin/audit?limit=100", 200).await;
    let entries = log.json["items"].as_array().unwrap();
    for (post, revision, how) in &live {
        let published: Vec<&Value> = entries
            .iter()
            .filter(|entry| entry["event"] == "post_published" && entry["subject"] == post.as_str())
            .collect();
        assert_eq!(published.len(), 1, "{post}: {}", log.body);
        assert_eq!(published[0]["detail"], format!("{revision}{how}"));
        assert_eq!(published[0]["actor"], me.as_str());
    }
    let count = entries.iter().filter(|entry| entry["event"] == "post_published").count();
    assert_eq!(count, live.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_that_cannot_be_carried_out_is_in_the_audit_log() {
    let (app, clock) = App::unlimited_with_clock().await;
    let admin = app.admin().await;
    admin.patch("/v1/admin/settings", json!({ "agent_publishing": "allowed" }), 200).await;
    let agent = app.agent(&admin).await;
    let post = agent.post("/v1/manage/posts", draft("Not any more"), 201).await;
    let mut later = revision(&post);
    later["publish_at"] = json!(app.byline.context.clock.now().plus_seconds(60));
    agent.post(&path(&post, "/schedule"), later, 200).await;
    admin.patch("/v1/admin/settings", json!({ "agent_publishing": "never" }), 200).await;
    clock.advance(61);
    app.byline.run_due_schedules().await;
    app.anonymous().get("/v1/posts/not-any-more", 404).await;
    let log = admin.get("/v1/admin/audit?limit=5", 200).await;
    let newest = &log.json["items"][0];
    assert_eq!(
        (&newest["event"], &newest["outcome"]),
        (&json!("post_unscheduled"), &json!("refused"))
    );
    assert_eq!(newest["subject"], post.json["id"]);
    assert!(newest["detail"].as_str().unwrap().contains("approval_required"), "{newest}");
}
