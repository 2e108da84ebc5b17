//! An answer is sent as it is made, to everybody who follows it.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::model::{delta, event};
use super::streams::{Stream, ended, id, kinds, look_and_tell, said, waits};
use super::{RESPONSES, Step, ask, noted, statuses, with_model};
use crate::harness::full_only;

#[tokio::test(flavor = "multi_thread")]
async fn events_have_the_order_and_the_members_that_clients_need() {
    let (app, _) = with_model(look_and_tell()).await;
    let author = app.user(Role::Author).await;
    let events = Stream::ask(&author, json!({ "input": "Which drafts wait?" })).await;
    let events = events.until_the_end().await;
    let message = |pieces: usize| {
        let begin = ["output_item.added", "content_part.added"];
        let end = ["output_text.done", "content_part.done", "output_item.done"];
        [&begin[..], &vec!["output_text.delta"; pieces], &end].concat()
    };
    let call = |end: &'static str| {
        let begin = ["output_item.added", "mcp_call.in_progress", "mcp_call_arguments.done"];
        [&begin[..], &[end, "output_item.done"]].concat()
    };
    let expected = [
        vec!["created"],
        message(2),
        call("mcp_call.completed"),
        call("mcp_call.failed"),
        message(3),
        vec!["completed"],
    ];
    assert_eq!(kinds(&events), expected.concat());
    for (number, event) in events.iter().enumerate() {
        assert_eq!(event["sequence_number"], number, "{event}");
    }

    let response = ended(&events, "completed");
    let path = format!("{RESPONSES}/{}", id(&events));
    assert_eq!(*response, author.get(&path, 200).await.json, "the same as the whole answer");
    let items = response["output"].as_array().unwrap();
    let created = &events[0]["response"];
    assert_eq!((&created["status"], &created["output"]), (&json!("in_progress"), &json!([])));
    assert!(created["usage"].is_null() && created["completed_at"].is_null());
    assert_eq!(created.as_object().unwrap().len(), response.as_object().unwrap().len());

    // Each item, at its place.
    for (index, item) in items.iter().enumerate() {
        let of = |event: &&Value| event["output_index"] == index;
        let of: Vec<&Value> = events.iter().filter(of).collect();
        for event in &of {
            let id = event.get("item_id").unwrap_or(&event["item"]["id"]);
            assert_eq!(*id, item["id"], "{event}");
        }
        assert_eq!(of[0]["item"]["type"], item["type"]);
        assert_eq!(of.last().unwrap()["item"], *item, "at its end it is whole");
    }
    assert_eq!(
        events[1]["item"],
        json!({
            "id": items[0]["id"], "type": "message", "status": "in_progress", "role": "assistant",
            "content": [],
        })
    );
    let part = |text: &str| json!({ "type": "output_text", "text": text, "annotations": [], "logprobs": [] });
    let of_part = |number: usize, kind: &str, name: &str, value: Value| {
        let mut members = json!({
            "type": format!("response.{kind}"), "sequence_number": number, "output_index": 0,
            "item_id": items[0]["id"], "content_index": 0,
        });
        members[name] = value;
        if kind.starts_with("output_text") {
            members["logprobs"] = json!([]);
        }
        members
    };
    for (number, kind, name, value) in [
        (2, "content_part.added", "part", part("")),
        (3, "output_text.delta", "delta", json!("I ")),
        (4, "output_text.delta", "delta", json!("look.")),
        (5, "output_text.done", "text", json!("I look.")),
        (6, "content_part.done", "part", part("I look.")),
    ] {
        assert_eq!(events[number], of_part(number, kind, name, value));
    }
    let added = &events[8]["item"];
    assert_eq!((&added["status"], &added["output"]), (&json!("calling"), &Value::Null));
    assert_eq!(events[10]["arguments"], "{\"text\":\"a\"}");
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn words_arrive_while_the_model_still_speaks_also_at_a_second_client() {
    let (app, model) = with_model(vec![waits("Half of ", Step::Says("it."))]).await;
    let author = app.user(Role::Author).await;
    let mut stream = Stream::ask(&author, json!({ "input": "Hello" })).await;
    stream.until_said("Half of ").await;
    // The model waits: the words were sent before the turn was over.
    let response = id(&stream.events);
    // Who reads it meanwhile finds them, too: they are noted each second.
    let read = noted(&app, &author, &response, "Half of ").await;
    assert_eq!(
        (read.text("/status"), statuses(&read)),
        ("in_progress".to_owned(), vec!["in_progress".to_owned()])
    );
    let mut second = Stream::follow(&author, &response, None).await;
    second.until_said("Half of ").await;
    model.go_on();
    let events = stream.until_the_end().await;
    assert_eq!(second.until_the_end().await, events);
    assert_eq!(said(&events), "Half of it.");
    let whole = author.get(&format!("{RESPONSES}/{response}"), 200).await;
    assert_eq!(whole.json["output"][0]["id"], read.json["output"][0]["id"]);
    assert_eq!(statuses(&whole), ["completed"]);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_goes_on_if_everybody_hangs_up() {
    let (app, model) = with_model(vec![waits("Half of ", Step::Says("it."))]).await;
    let author = app.user(Role::Author).await;
    let mut stream = Stream::ask(&author, json!({ "input": "Hello" })).await;
    stream.until_said("Half of ").await;
    let path = format!("{RESPONSES}/{}", id(&stream.events));
    drop(stream);
    model.go_on();
    app.eventually(|| async { author.get(&path, 200).await.text("/status") == "completed" }).await;
    let answer = author.get(&path, 200).await;
    assert_eq!(super::said(&answer), ["Half of it."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_the_call_of_the_model_and_every_stream() {
    let (app, model) = with_model(vec![
        Step::Calls("I look.", vec![("echo", json!({}))]),
        waits("Half of ", Step::Says("never")),
    ])
    .await;
    let author = app.user(Role::Author).await;
    let mut stream = Stream::ask(&author, json!({ "input": "Hello" })).await;
    stream.until_said("I look.Half of ").await;
    let response = id(&stream.events);
    let second = Stream::follow(&author, &response, None).await;
    let stopped = author.post(&format!("{RESPONSES}/{response}/cancel"), json!({}), 200).await;
    model.was_hung_up(1).await;
    let events = stream.until_the_end().await;
    // There is no event for it: clients know three ends.
    let end = ended(&events, "incomplete");
    assert_eq!((&end["status"], end), (&json!("cancelled"), &stopped.json));
    assert_eq!(statuses(&stopped), ["completed", "completed", "incomplete"]);
    assert_eq!(said(&events), "I look.Half of ");
    assert_eq!(second.until_the_end().await, events);
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_fails_midway_ends_the_stream_with_what_it_said() {
    let begun = vec![delta(json!({ "content": "Half of it" }), Value::Null)];
    let reported = event(&json!({ "error": { "code": "overloaded", "message": "canary" } }));
    let (app, _) = with_model(vec![
        Step::Breaks(begun.clone()),
        Step::Events([begun, vec![reported]].concat()),
        Step::Status(400),
    ])
    .await;
    let author = app.user(Role::Author).await;
    for (expected, code) in
        [("Half of it", "server_error"), ("Half of it", "server_error"), ("", "model_refused")]
    {
        let events = Stream::ask(&author, json!({ "input": "Hello" })).await.until_the_end().await;
        assert_eq!(said(&events), expected);
        let end = ended(&events, "failed");
        assert_eq!(end["error"]["code"], code);
        assert!(!end.to_string().contains("canary"));
        let output = end["output"].as_array().unwrap();
        assert_eq!(output.len(), usize::from(!expected.is_empty()));
        assert!(output.iter().all(|item| item["status"] == "incomplete"), "{end}");
        let again = Stream::follow(&author, &id(&events), None).await.until_the_end().await;
        assert_eq!(again, events);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_is_a_problem_and_no_stream() {
    let (app, model) = with_model(vec![Step::Says("Yes.")]).await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Hello").await;
    let stranger = app.user(Role::Author).await;
    let body =
        json!({ "input": "a", "stream": true, "conversation": made.text("/conversation/id") });
    stranger.post(RESPONSES, body, 404).await.is_problem("not_found");
    let path = format!("{RESPONSES}/{}?stream=true", made.text("/id"));
    stranger.get(&path, 404).await.is_problem("not_found");
    author.post(RESPONSES, json!({ "input": "", "stream": true }), 422).await;
    app.anonymous().post(RESPONSES, json!({ "input": "a", "stream": true }), 401).await;
    assert_eq!(model.asked().len(), 1);
    // Without a body there is nothing to stream.
    let head = author.send_raw(Method::HEAD, &path, &[], None, 200).await;
    assert_eq!(
        (head.header("content-type"), head.body.as_str()),
        ("text/event-stream; charset=utf-8", "")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nothing_happens_a_comment_keeps_the_connection() {
    if !full_only("while_nothing_happens_a_comment_keeps_the_connection") {
        return;
    }
    let (app, model) = with_model(vec![waits("Half of ", Step::Says("it."))]).await;
    let author = app.user(Role::Author).await;
    let body = json!({ "input": "Hello", "stream": true }).to_string().into_bytes();
    let headers = [("content-type", "application/json")];
    let mut response = author.begin(Method::POST, RESPONSES, &headers, Some(body)).await.unwrap();
    let mut text = String::new();
    while !text.ends_with("\n\n: keep-alive\n\n") {
        let chunk = response.chunk().await.unwrap().expect("it goes on");
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    model.go_on();
    while let Some(chunk) = response.chunk().await.unwrap() {
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(text.contains("event: response.completed\n"), "{text}");
}
