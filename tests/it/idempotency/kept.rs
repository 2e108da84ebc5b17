//! What is kept of a request with a key, and what is made anew.

use byline_local::faults::Fault;
use byline_shared::model::Role;
use byline_shared::permission::Table;
use http::Method;
use serde_json::{Value, json};

use super::{KEY, LEASE, POSTS, is_replay, keyed, repeats, requests, titles};
use crate::harness::{App, draft};

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_not_kept_is_made_anew_from_what_is_there() {
    let (app, clock) = App::unlimited_with_clock().await;
    let admin = app.admin().await;
    for (_, path, body) in requests(&admin, 0).await {
        keyed(&admin, &path, "warm", &body, 201).await;
    }
    let (probes, lost) = (requests(&admin, 1).await, requests(&admin, 2).await);
    for ((name, path, body), (_, probe_path, probe)) in lost.into_iter().zip(probes) {
        let before = app.byline.observer.calls(name);
        keyed(&admin, &probe_path, "probe", &probe, 201).await;
        // All but the last call, which keeps the answer.
        let spared = u32::try_from(app.byline.observer.calls(name) - before).unwrap() - 1;
        app.byline.observer.plan(name, spared, u32::MAX, Fault::Throttled);
        let first = keyed(&admin, &path, "lost", &body, 201).await;
        assert!(!app.byline.observer.end_plan(), "{name}: every call was made");
        keyed(&admin, &path, "lost", &body, 409).await.is_problem("idempotency_key_in_use");
        clock.advance(LEASE);
        let again = keyed(&admin, &path, "lost", &body, 201).await;
        assert!(!is_replay(&again), "{name}");
        assert_eq!(again.body, first.body, "{name}");
        assert_eq!(again.headers.get("location"), first.headers.get("location"), "{name}");
        repeats(&keyed(&admin, &path, "lost", &body, 201).await, &again);
        assert_eq!(app.byline.observer.violations(), Vec::<String>::new(), "{name}");
    }
}

/// The items of requests with a key.
async fn kept(app: &App) -> Vec<Value> {
    let cx = &app.byline.context;
    let client = aws_sdk_dynamodb::Client::new(&cx.sdk);
    let scan = client.scan().table_name(cx.store.table(Table::Identity));
    let items = scan.send().await.unwrap().items.unwrap_or_default();
    let items = items
        .into_iter()
        .filter(|item| item["pk"].as_s().is_ok_and(|pk| pk.starts_with("IDEMPOTENCY#")));
    let read = |item| serde_dynamo::aws_sdk_dynamodb_1::from_item(item).unwrap();
    items.map(read).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_too_long_to_keep_is_read_again() {
    let app = App::start().await;
    let editor = app.user(Role::Editor).await;
    // Each of these takes two bytes in JSON.
    let body = json!({ "title": "Long", "body": "\\\n".repeat(100_000) });
    let first = keyed(&editor, POSTS, KEY, &body, 201).await;
    assert!(first.body.len() > 300 * 1024);
    let again = keyed(&editor, POSTS, KEY, &body, 201).await;
    assert_eq!((&again.body, again.header("location")), (&first.body, first.header("location")));
    assert!(!is_replay(&again));
    assert_eq!(titles(&editor).await, ["Long"]);
    assert_eq!(kept(&app).await[0]["answer"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_read_again_is_for_those_who_may_read_it() {
    let app = App::unlimited().await;
    let (ada, bob) = (app.user(Role::Author).await, app.user(Role::Author).await);
    let (editor, bob_id) =
        (app.user(Role::Editor).await, bob.get("/v1/users/me", 200).await.text("/id"));
    let long = "\\\n".repeat(100_000);
    let new = json!({ "title": "Long", "body": long });
    let made = keyed(&ada, POSTS, KEY, &new, 201).await;
    let place = format!("{POSTS}/{}", made.text("/id"));
    let proposals = format!("{place}/proposals");
    let base = made.text("/revision_id");
    let change = json!({ "base_revision_id": base, "body": format!("{long}more") });
    keyed(&ada, &proposals, KEY, &change, 201).await;
    let seen = editor.get(&place, 200).await;
    let to_bob = Some(json!({ "author_id": bob_id }));
    let seen = [("if-match", seen.header("etag"))];
    editor.send(Method::PATCH, &format!("{place}/date-and-author"), &seen, to_bob, 200).await;
    let seen = bob.get(&place, 200).await;
    let secret = Some(json!({ "body": "Of nobody's business." }));
    bob.send(Method::PATCH, &place, &[("if-match", seen.header("etag"))], secret, 200).await;
    keyed(&ada, &proposals, KEY, &change, 404).await.is_problem("not_found");
    keyed(&ada, POSTS, KEY, &new, 404).await.is_problem("not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_itself_is_not_stored_and_goes_with_the_account() {
    let app = App::start().await;
    app.create_user("leaver@example.com", "Leaver", Role::Editor).await;
    let leaver = app.sign_in("leaver@example.com").await;
    keyed(&leaver, POSTS, "planted-in-a-key", &draft("Mine"), 201).await;
    let stored = kept(&app).await;
    assert_eq!(stored.len(), 1);
    assert!(!stored[0].to_string().contains("planted"));
    assert!(stored[0]["answer"]["body"].as_str().unwrap().contains("Mine"));
    leaver.delete("/v1/users/me", 204).await;
    app.eventually(|| async { kept(&app).await.is_empty() }).await;
}
