//! Rules of authentication where a second one stands behind them: sessions that are over in two ways, and refusals
//! that two places could make.

use std::sync::Arc;

use byline_shared::clock::ManualClock;
use byline_shared::model::Role;
use serde_json::{Value, json};

use crate::harness::{App, Client, draft};
use crate::oauth::World;

/// How many entries of the security log are of this kind.
async fn entries(app: &App, event: &str) -> usize {
    let log = app.admin().await.get(&format!("/v1/admin/audit?event={event}"), 200).await;
    log.json["items"].as_array().unwrap().len()
}

async fn listed(client: &Client, path: &str) -> Vec<Value> {
    client.get(path, 200).await.json["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_apps_that_ended_with_all_others_are_not_listed() {
    let world = World::new().await;
    world.tokens(&world.asks()).await;
    assert_eq!(listed(&world.person, "/v1/auth/grants").await.len(), 1);
    assert!(listed(&world.person, "/v1/auth/sessions").await.len() > 1);
    // Their items stay until they expire.
    world.person.post("/v1/auth/logout-all", json!({}), 200).await;
    let again = world.app.sign_in(&world.email).await;
    assert_eq!(listed(&again, "/v1/auth/grants").await, [] as [Value; 0]);
    let sessions = listed(&again, "/v1/auth/sessions").await;
    assert_eq!((sessions.len(), &sessions[0]["current"]), (1, &json!(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_apps_that_are_over_are_not_listed() {
    let (app, clock): (App, Arc<ManualClock>) = App::unlimited_with_clock().await;
    let world = World::of(app).await;
    world.tokens(&world.asks()).await;
    clock.advance(14 * 24 * 3600);
    let again = world.app.sign_in(&world.email).await;
    assert_eq!(listed(&again, "/v1/auth/grants").await, [] as [Value; 0]);
    assert_eq!(listed(&again, "/v1/auth/sessions").await.len(), 1);
}

/// A token that was used twice is a theft only while its session could be stolen.
#[tokio::test(flavor = "multi_thread")]
async fn a_spent_token_of_a_session_that_is_over_is_no_theft() {
    let (app, clock) = App::unlimited_with_clock().await;
    let first =
        json!({ "refresh_token": app.tokens("admin@example.com").await.text("/refresh_token") });
    app.anonymous().post("/v1/auth/refresh", first.clone(), 200).await;
    clock.advance(14 * 24 * 3600);
    app.anonymous().post("/v1/auth/refresh", first.clone(), 401).await;
    assert_eq!(entries(&app, "refresh_reused").await, 0);
    // It is one while the session lives.
    let first =
        json!({ "refresh_token": app.tokens("admin@example.com").await.text("/refresh_token") });
    app.anonymous().post("/v1/auth/refresh", first.clone(), 200).await;
    clock.advance(11);
    app.anonymous().post("/v1/auth/refresh", first, 401).await;
    assert_eq!(entries(&app, "refresh_reused").await, 1);
}

/// A person may be let publish by a setting; a key may not, and that is refused before the operation begins.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_publish_is_refused_and_noted_once() {
    let app = App::unlimited().await;
    for (noted, is_key) in [(1, true), (2, false)] {
        let author = app.user(Role::Author).await;
        let post = author.post("/v1/manage/posts", draft("Tides"), 201).await;
        let client = if is_key { app.agent(&author).await } else { author };
        let path = format!("/v1/manage/posts/{}/publish", post.text("/id"));
        let revision = json!({ "revision_id": post.text("/revision_id") });
        let refused = client.post(&path, revision, 403).await;
        refused.is_problem("forbidden");
        let detail = refused.text("/detail");
        assert!(detail.contains("This needs the role editor"), "{detail}");
        assert_eq!(entries(&app, "access_denied").await, noted);
    }
}
