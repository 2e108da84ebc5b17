//! A conversation has one turn at a time; a turn can be stopped; and one whose process is gone ends.

use byline_shared::model::Role;
use serde_json::json;

use super::super::{PATH, of, says, stored};
use super::{
    RESPONSES, Step, ask, ask_in, calls, noted, said, statuses, with_model, with_model_and,
};
use crate::harness::{Answer, Client};

pub(super) fn waits(text: &'static str, then: Step) -> Step {
    Step::Waits(text, Box::new(then))
}

/// Starts a turn in a conversation, beside the test.
pub(super) fn begin(
    client: &Client,
    id: &str,
    input: &'static str,
) -> tokio::task::JoinHandle<Answer> {
    let (client, id) = (client.clone(), id.to_owned());
    tokio::spawn(async move { ask_in(&client, &id, input).await })
}

/// The response that runs in a conversation, or ran last.
pub(super) async fn last_turn(app: &crate::harness::App, id: &str) -> String {
    let head = app.byline.context.store.conversations().get(&id.parse().unwrap()).await.unwrap();
    let head = head.unwrap();
    head.turn.or(head.last_response).unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread")]
pub(super) async fn while_the_agent_answers_nothing_else_is_said() {
    let (app, model) = with_model(vec![waits("Hal", Step::Says("lo.")), Step::Says("Yes.")]).await;
    let author = app.user(Role::Author).await;
    let made = author.post(PATH, json!({ "items": [says("before")] }), 200).await;
    let path = format!("{PATH}/{}", made.text("/id"));
    let before = author.get(&format!("{path}/items"), 200).await.text("/first_id");
    let turn = begin(&author, &made.text("/id"), "Hello");
    model.was_asked(1).await;
    let again = json!({ "input": "Me too", "conversation": made.text("/id") });
    let running = author.get(&path, 200).await.text("/running_response_id");
    assert_eq!(running, last_turn(&app, &made.text("/id")).await);
    for refused in [
        author.post(RESPONSES, again.clone(), 409).await,
        author.post(&format!("{path}/items"), json!({ "items": [says("late")] }), 409).await,
        author.delete(&format!("{path}/items/{before}"), 409).await,
    ] {
        refused.is_problem("conversation_busy");
        assert_eq!(refused.text("/error/code"), "conversation_busy");
        assert!(refused.text("/detail").contains(&running), "it can be stopped: {}", refused.body);
    }
    assert_eq!(author.post(RESPONSES, again.clone(), 409).await.header("retry-after"), "2");
    // Renaming is not saying.
    author.post(&path, json!({ "metadata": { "title": "Renamed" } }), 200).await;
    let read = author.get(&format!("{RESPONSES}/{running}"), 200).await;
    assert_eq!(read.text("/status"), "in_progress");
    assert!(read.json["usage"].is_null() && read.json["completed_at"].is_null());
    model.go_on();
    let answer = turn.await.unwrap();
    assert_eq!(said(&answer), ["Hallo."]);
    assert_eq!(answer.text("/id"), running);
    let head = author.get(&path, 200).await;
    assert_eq!(head.text("/metadata/title"), "Renamed");
    assert!(head.json["running_response_id"].is_null(), "{}", head.body);
    author.post(RESPONSES, again, 200).await;
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_ask_at_once_one_is_answered_and_no_message_is_lost() {
    let (app, model) = with_model(vec![Step::Always(Box::new(Step::Says("Yes.")))]).await;
    let author = app.user(Role::Author).await;
    let id = author.post(PATH, json!({}), 200).await.text("/id");
    let mut answered = 0;
    for round in 0..crate::harness::tier().pick(5, 50) {
        let asks = (0..2).map(|tab| {
            let (author, id) = (author.clone(), id.clone());
            let body = json!({ "input": format!("{round} {tab}"), "conversation": id });
            tokio::spawn(async move { author.try_post(RESPONSES, body).await })
        });
        let mut of_round = 0;
        for ask in asks.collect::<Vec<_>>() {
            let answer = ask.await.unwrap();
            match answer.status {
                200 => of_round += 1,
                _ => assert_eq!(answer.status, 409, "{}", answer.body),
            }
        }
        assert!(of_round >= 1, "nobody was answered");
        answered += of_round;
    }
    assert_eq!(model.asked().len(), answered, "who is refused asks no model");
    let items = author.get(&format!("{PATH}/{id}/items?limit=100&order=asc"), 200).await;
    let roles = items.json["data"].as_array().unwrap().iter().map(|item| item["role"].clone());
    let roles: Vec<_> = roles.collect();
    assert!(roles.chunks(2).all(|pair| pair == ["user", "assistant"]), "{roles:?}");
    assert_eq!(roles.len(), (2 * answered).min(100));
}

#[tokio::test(flavor = "multi_thread")]
pub(super) async fn a_turn_can_be_stopped_and_the_model_is_hung_up_on() {
    let (app, model) = with_model(vec![
        Step::Calls("I look.", vec![("echo", json!({}))]),
        waits("Half of", Step::Says("never")),
        Step::Says("Yes."),
    ])
    .await;
    let author = app.user(Role::Author).await;
    let id = author.post(PATH, json!({}), 200).await.text("/id");
    let turn = begin(&author, &id, "Hello");
    model.was_asked(2).await;
    let response = last_turn(&app, &id).await;
    let stopped = author.post(&format!("{RESPONSES}/{response}/cancel"), json!({}), 200).await;
    assert_eq!(stopped.text("/status"), "cancelled", "{}", stopped.body);
    model.was_hung_up(1).await;
    let answer = turn.await.unwrap();
    assert_eq!(answer.json, stopped.json, "who asked gets the same");
    assert_eq!(said(&answer)[0], "I look.");
    assert!(answer.json["incomplete_details"].is_null() && answer.json["error"].is_null());
    assert!(answer.json["usage"]["total_tokens"].as_u64().unwrap() > 110, "the half was paid, too");
    assert_eq!(said(&ask_in(&author, &id, "Again").await), ["Yes."]);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_goes_on_if_its_client_hangs_up() {
    let (app, model) = with_model(vec![waits("Hal", Step::Says("lo."))]).await;
    let author = app.user(Role::Author).await;
    let id = author.post(PATH, json!({}), 200).await.text("/id");
    let turn = begin(&author, &id, "Hello");
    model.was_asked(1).await;
    let response = last_turn(&app, &id).await;
    turn.abort();
    assert!(turn.await.unwrap_err().is_cancelled());
    model.go_on();
    let path = format!("{RESPONSES}/{response}");
    app.eventually(|| async { author.get(&path, 200).await.text("/status") == "completed" }).await;
    assert_eq!(said(&author.get(&path, 200).await), ["Hallo."]);
}

#[tokio::test(flavor = "multi_thread")]
pub(super) async fn a_turn_whose_process_is_gone_reads_as_interrupted_and_the_next_one_starts() {
    let (app, model, clock) = with_model_and(
        vec![
            Step::Calls("", vec![("echo", json!({ "text": "a" }))]),
            waits("Half", Step::Calls("", vec![("echo", json!({ "text": "b" }))])),
            Step::Says("Yes."),
        ],
        &[],
    )
    .await;
    let author = app.user(Role::Author).await;
    let id = author.post(PATH, json!({}), 200).await.text("/id");
    let turn = begin(&author, &id, "Hello");
    model.was_asked(2).await;
    let response = last_turn(&app, &id).await;
    noted(&app, &author, &response, "Half").await;
    let response = format!("{RESPONSES}/{response}");
    // As if its process had been frozen for longer than the lease: it is its runner's no more.
    clock.advance(60);
    let read = author.get(&response, 200).await;
    assert_eq!(read.text("/status"), "incomplete");
    assert_eq!(read.text("/incomplete_details/reason"), "interrupted");
    assert_eq!(
        (statuses(&read), said(&read)),
        (vec!["completed".to_owned(), "incomplete".to_owned()], vec!["Half".to_owned()])
    );
    assert!(read.json["usage"].is_null(), "what it took is not known: {}", read.body);
    // It wakes up, and writes nothing any more.
    model.go_on();
    let late = turn.await.unwrap();
    assert_eq!(late.text("/status"), "incomplete");
    assert_eq!(calls(&late).len(), 1, "{}", late.body);
    assert_eq!(late.json["output"], read.json["output"]);
    let next = ask_in(&author, &id, "Again").await;
    assert_eq!(said(&next), ["Yes."]);
    assert_eq!(next.json["previous_response_id"], read.json["id"]);
    let asked = model.messages();
    assert!(
        asked.iter().any(|message| message["content"] == "Half"),
        "the model knows it: {asked:?}"
    );
    let output = read.json["output"].clone();
    let read = author.get(&response, 200).await;
    assert_eq!(read.json["output"], output);
    assert_eq!(read.text("/incomplete_details/reason"), "interrupted");
    assert!(read.json["usage"].is_null(), "{}", read.body);
    let items = author.get(&format!("{PATH}/{id}/items?order=asc"), 200).await;
    assert_eq!(items.json["data"].as_array().unwrap().len(), 5, "{}", items.body);
    assert_eq!(items.json["data"][2], output[1]);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_is_deleted_in_a_turn_is_gone_with_it() {
    let (app, model) =
        with_model(vec![waits("Hal", Step::Calls("", vec![("echo", json!({ "text": "a" }))]))])
            .await;
    let author = app.user(Role::Author).await;
    let id = author.post(PATH, json!({}), 200).await.text("/id");
    let turn = {
        let (author, body) = (author.clone(), json!({ "input": "Hello", "conversation": id }));
        tokio::spawn(async move { author.try_post(RESPONSES, body).await })
    };
    model.was_asked(1).await;
    let path = format!("{PATH}/{id}");
    author.delete(&path, 200).await;
    model.go_on();
    assert_eq!(turn.await.unwrap().status, 404);
    assert_eq!(of(&app, &path).await, Vec::<String>::new());
    let left = stored(&app).await;
    let known = |key: &String| key.starts_with("CONVERSATIONS#") || key.starts_with("USAGE#");
    assert!(left.iter().all(known), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_account_leaves_no_turn_and_no_usage_of_its_own() {
    let (app, _) =
        with_model(vec![Step::Calls("", vec![("echo", json!({}))]), Step::Says("Yes.")]).await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let ada = app.sign_in("ada@example.com").await;
    ask(&ada, "Hello").await;
    let left = stored(&app).await;
    assert_eq!(left.len(), 9, "head, three items, turn, count, list and two of usage: {left:?}");
    ada.delete("/v1/users/me", 204).await;
    app.eventually(|| async {
        let left = stored(&app).await;
        left.len() == 1 && left[0].starts_with("USAGE#SITE ")
    })
    .await;
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}
