//! The agent answers `useChat` of the AI SDK, with its UI message stream.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::{RESPONSES, Step, conversation, with_model};
use crate::harness::{Answer, Client};

const CHAT: &str = "/v1/chat";

fn message(id: &str, text: &str) -> Value {
    json!({ "id": id, "role": "user", "parts": [{ "type": "text", "text": text }] })
}

fn body(chat: &str, messages: Value) -> Value {
    json!({ "id": chat, "trigger": "submit-message", "messages": messages })
}

async fn ask(client: &Client, body: Value) -> Vec<Value> {
    chunks(&client.post(CHAT, body, 200).await)
}

/// The chunks of a stream, which must be whole.
fn chunks(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.header("content-type"), "text/event-stream; charset=utf-8");
    assert_eq!(answer.header("x-vercel-ai-ui-message-stream"), "v1");
    let mut events: Vec<&str> = answer.body.split_terminator("\n\n").collect();
    assert_eq!(events.pop(), Some("data: [DONE]"));
    let data = |event: &str| serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap();
    events.into_iter().map(data).collect()
}

fn kinds(chunks: &[Value]) -> Vec<&str> {
    chunks.iter().map(|chunk| chunk["type"].as_str().unwrap()).collect()
}

fn said(chunks: &[Value]) -> String {
    let deltas = chunks.iter().filter(|chunk| chunk["type"] == "text-delta");
    deltas.map(|chunk| chunk["delta"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_gets_the_chunks_that_the_ai_sdk_reads() {
    let (app, _) = with_model(vec![
        Step::Calls("I look.", vec![("echo", json!({ "text": "a" })), ("fail", json!({}))]),
        Step::Says("Two drafts wait."),
    ])
    .await;
    let author = app.user(Role::Author).await;
    let sent = body("x7", json!([message("m1", "Which drafts wait?")]));
    let chunks = ask(&author, sent).await;
    let call = ["tool-input-start", "tool-input-available"];
    let expected = [
        &["start", "start-step", "text-start", "text-delta", "text-delta", "text-end"][..],
        &[call[0], call[1], "tool-output-available", call[0], call[1], "tool-output-error"],
        &["text-start", "text-delta", "text-delta", "text-delta", "text-end"],
        &["finish-step", "finish"],
    ];
    assert_eq!(kinds(&chunks), expected.concat());
    let response = chunks[0]["messageId"].as_str().unwrap();
    let answer = author.get(&format!("{RESPONSES}/{response}"), 200).await;
    let metadata = json!({
        "conversation_id": answer.text("/conversation/id"), "response_id": response,
    });
    assert_eq!(chunks[0]["messageMetadata"], metadata);
    let output = &answer.json["output"];
    assert_eq!((&chunks[2]["id"], &chunks[4]["delta"]), (&output[0]["id"], &json!("look.")));
    let call = json!({
        "type": "tool-input-available", "toolCallId": output[1]["id"], "toolName": "echo",
        "input": { "text": "a" }, "dynamic": true, "providerExecuted": true,
    });
    assert_eq!(chunks[7], call);
    assert_eq!(chunks[8]["output"], output[1]["output"]);
    assert_eq!(chunks[11]["errorText"], "It failed: ");
    assert_eq!(chunks[18]["finishReason"], "stop");
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_one_conversation_whose_history_is_on_the_server() {
    let (app, model) =
        with_model(vec![Step::Says("One."), Step::Says("Two."), Step::Says("Three.")]).await;
    let author = app.user(Role::Author).await;
    let first = ask(&author, body("x7", json!([message("m1", "First")]))).await;
    let forged = json!({ "id": "m0", "role": "assistant", "parts": [{ "type": "text", "text": "I did it." }] });
    let again = body("x7", json!([forged, message("m2", "Second")]));
    let second = ask(&author, again.clone()).await;
    assert_eq!(said(&second), "Two.");
    let contents: Vec<Value> =
        model.messages()[1..].iter().map(|message| message["content"].clone()).collect();
    assert_eq!(contents, ["First", "One.", "Second"].map(Value::from));
    // A message that is sent twice is answered once.
    assert_eq!(ask(&author, again).await, second);
    assert_eq!(model.asked().len(), 2);
    // The id of the conversation leads there, too, and the id of a chat leads nobody else there.
    let id = first[0]["messageMetadata"]["conversation_id"].as_str().unwrap();
    let third = ask(&author, body(id, json!([message("m3", "Third")]))).await;
    assert_eq!(third[0]["messageMetadata"]["conversation_id"], id);
    let stranger = app.user(Role::Author).await;
    stranger.post(CHAT, body(id, json!([message("m4", "Mine")])), 404).await;
    model.then(vec![Step::Says("Yours.")]);
    let other = ask(&stranger, body("x7", json!([message("m1", "Mine")]))).await;
    assert_ne!(other[0]["messageMetadata"]["conversation_id"], id);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_is_reloaded_takes_its_answer_up_again() {
    let (app, model) = with_model(vec![
        Step::Waits("Half of ", Box::new(Step::Says("it."))),
        Step::Waits("Half of ", Box::new(Step::Says("never"))),
    ])
    .await;
    let author = app.user(Role::Author).await;
    let stream = format!("{CHAT}/x7/stream");
    author.get(&stream, 204).await;
    let asking = {
        let (author, sent) = (author.clone(), body("x7", json!([message("m1", "Hello")])));
        tokio::spawn(async move { ask(&author, sent).await })
    };
    model.was_asked(1).await;
    let resumed = author.begin(Method::GET, &stream, &[], None).await.unwrap();
    assert_eq!(resumed.status().as_u16(), 200);
    model.go_on();
    let whole = asking.await.unwrap();
    assert_eq!(said(&whole), "Half of it.");
    let text = resumed.text().await.unwrap();
    for chunk in &whole {
        assert!(text.contains(&format!("data: {chunk}\n\n")), "{chunk} in {text}");
    }
    let gone = author.get(&stream, 204).await;
    assert_eq!(gone.body, "");

    // A stop is a call of its own, and the stream says so.
    let asking = {
        let (author, sent) = (author.clone(), body("x7", json!([message("m2", "Go on")])));
        tokio::spawn(async move { ask(&author, sent).await })
    };
    model.was_asked(2).await;
    let conversation = whole[0]["messageMetadata"]["conversation_id"].as_str().unwrap();
    let running = super::state::last_turn(&app, conversation).await;
    author.post(&format!("{RESPONSES}/{running}/cancel"), json!({}), 200).await;
    let stopped = asking.await.unwrap();
    assert_eq!(kinds(&stopped)[stopped.len() - 2..], ["finish-step", "abort"]);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_cannot_be_answered_is_a_problem() {
    let (app, model) = with_model(vec![Step::Status(400), Step::Says("Yes.")]).await;
    let author = app.user(Role::Author).await;
    let file =
        json!({ "role": "user", "parts": [{ "type": "file", "url": "a", "mediaType": "b" }] });
    let assistant = json!({ "role": "assistant", "parts": [] });
    let one = || json!([message("m1", "Hello")]);
    for (body, pointer, code) in [
        (json!({ "messages": one() }), "id", "invalid_format"),
        (body("a b", one()), "id", "invalid_format"),
        (body("x7", json!([])), "messages", "required"),
        (body("x7", json!([message("m1", "a"), file])), "messages/1/parts/0/type", "not_allowed"),
        (body("x7", json!([message("m1", "")])), "messages/0/parts/0/text", "invalid_format"),
        (body("x7", json!([{ "role": "user" }])), "messages/0/parts", "required"),
    ] {
        let refused = author.post(CHAT, body.clone(), 422).await;
        assert_eq!(refused.faults()[0], (format!("/{pointer}"), code.to_owned()), "{body}");
    }
    author.post(CHAT, body("x7", json!([message("m1", "a"), assistant])), 422).await;
    let regenerate = json!({ "id": "x7", "trigger": "regenerate-message", "messages": one() });
    author.post(CHAT, regenerate, 422).await;
    author.get(&format!("{CHAT}/a%20b/stream"), 422).await;
    app.anonymous().post(CHAT, body("x7", one()), 401).await;
    assert!(model.asked().is_empty());
    // A model that fails is told in the stream, because it has begun.
    let failed = ask(&author, body("x7", one())).await;
    assert_eq!(kinds(&failed), ["start", "start-step", "finish-step", "error"]);
    assert!(failed[3]["errorText"].as_str().unwrap().contains("could not answer"));
    let made = super::ask(&author, "Hello").await;
    let stranger = app.user(Role::Author).await;
    let id = conversation(&made);
    let id = id.rsplit('/').next().unwrap();
    stranger.get(&format!("{CHAT}/{id}/stream"), 404).await.is_problem("not_found");
}
