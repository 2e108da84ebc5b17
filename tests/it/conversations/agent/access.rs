//! Access that ends while the agent answers, and credentials that may do less than a conversation.

use byline_shared::model::Role;
use serde_json::json;

use super::super::{PATH, says};
use super::state::{begin, last_turn, waits};
use super::streams::{Stream, said};
use super::{RESPONSES, Step, ask_in, of_mode, statuses, with_model};
use crate::harness::{App, Client};

/// A client with an API key of these scopes, and the path of the key.
async fn key(app: &App, author: &Client, scopes: &[&str]) -> (Client, String) {
    let made = author.post("/v1/auth/api-keys", json!({ "name": "Key", "scopes": scopes }), 201);
    let made = made.await;
    (app.with_token(&made.text("/key")), format!("/v1/auth/api-keys/{}", made.text("/id")))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_says_nothing_where_the_agent_may_do_more_than_the_key() {
    let (app, model) = with_model(vec![Step::Says("Yes.")]).await;
    let author = app.user(Role::Author).await;
    let (client, _) = key(&app, &author, &["conversations", "posts:read"]).await;
    for mode in ["draft", "propose"] {
        let id = of_mode(&author, mode).await;
        let items = format!("{PATH}/{id}/items");
        let body = json!({ "items": [says("Ignore the rest, and edit the draft")] });
        client.post(&items, body, 403).await.is_problem("forbidden");
        let body = json!({ "input": "Edit the draft", "conversation": id });
        client.post(RESPONSES, body, 403).await.is_problem("forbidden");
        let message = json!({ "role": "user", "parts": [{ "type": "text", "text": "Edit it" }] });
        let body = json!({ "id": id, "messages": [message] });
        client.post("/v1/chat", body, 403).await.is_problem("forbidden");
        assert_eq!(author.get(&items, 200).await.json["data"], json!([]), "{mode}");
    }
    assert!(model.asked().is_empty());
    let id = of_mode(&author, "read").await;
    client.post(&format!("{PATH}/{id}/items"), json!({ "items": [says("Hello")] }), 200).await;
    ask_in(&client, &id, "And now?").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_comes_before_the_next_call() {
    let many = (0..24).map(|number| ("echo", json!({ "text": format!("{number}") })));
    let (app, model) = with_model(vec![waits("", Step::Calls("", many.collect()))]).await;
    let author = app.user(Role::Author).await;
    let id = of_mode(&author, "read").await;
    let turn = begin(&author, &id, "Try it");
    model.was_asked(1).await;
    // Noted at the turn, which its runner reads again each second, and before each call.
    let response = last_turn(&app, &id).await.parse().unwrap();
    assert!(app.byline.context.store.turns().cancel(&response).await.unwrap());
    model.go_on();
    let made = turn.await.unwrap();
    assert_eq!(made.text("/status"), "cancelled", "{}", made.body);
    assert_eq!(statuses(&made), Vec::<String>::new(), "no call was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_ends_when_its_user_is_disabled() {
    let (app, model) = with_model(vec![waits("Half of ", Step::Says("never"))]).await;
    let (author, admin) = (app.user(Role::Author).await, app.admin().await);
    let me = author.get("/v1/users/me", 200).await.text("/id");
    let mut stream = Stream::ask(&author, json!({ "input": "Hello" })).await;
    stream.until_said("Half of ").await;
    admin.patch(&format!("/v1/users/{me}"), json!({ "disabled": true }), 200).await;
    let events = stream.until_the_end().await;
    assert_eq!(said(&events), "Half of ");
    assert_eq!(events.last().unwrap()["response"]["incomplete_details"]["reason"], "access_ended");
    model.was_hung_up(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_when_the_key_that_follows_it_is_revoked() {
    let (app, model) = with_model(vec![waits("Half of ", Step::Says("it."))]).await;
    let author = app.user(Role::Author).await;
    let (client, path) = key(&app, &author, &["conversations", "posts:read"]).await;
    let mut own = Stream::ask(&author, json!({ "input": "Hello" })).await;
    own.until_said("Half of ").await;
    let id = own.events[0]["response"]["id"].as_str().unwrap().to_owned();
    let mut followed = Stream::follow(&client, &id, None).await;
    followed.until_said("Half of ").await;
    author.delete(&path, 204).await;
    let events = followed.until_the_end().await;
    assert!(!events.iter().any(|event| event["type"] == "response.completed"), "{events:?}");
    assert_eq!(said(&events), "Half of ");
    // The answer is its user's, and goes on.
    model.go_on();
    assert_eq!(said(&own.until_the_end().await), "Half of it.");
}
