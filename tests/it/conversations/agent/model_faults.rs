//! Whatever a model does, a turn ends, and the conversation goes on.

use byline_shared::model::Role;
use serde_json::{Value, json};

use super::model::{delta, event};
use super::wire::Wire;
use super::{RESPONSES, Step, ask, ask_in, calls, said, statuses, with_model, with_model_and};

fn text(content: &str) -> String {
    delta(json!({ "content": content }), Value::Null)
}

fn end(reason: &str) -> String {
    delta(json!({}), json!(reason))
}

fn call(name: &str, arguments: &str) -> String {
    let function = json!({ "name": name, "arguments": arguments });
    delta(json!({ "tool_calls": [{ "index": 0, "id": "a", "function": function }] }), Value::Null)
}

#[tokio::test(flavor = "multi_thread")]
pub(super) async fn every_fault_ends_the_turn_and_the_next_one_works() {
    let (app, model, _) =
        with_model_and(Vec::new(), &[("BYLINE_AGENT_SILENCE_SECONDS", "1")]).await;
    let author = app.user(Role::Author).await;
    let id = author.post(super::super::PATH, json!({}), 200).await.text("/id");
    let failed = ("failed", Value::Null);
    let incomplete = |reason: &str| ("incomplete", json!({ "reason": reason }));
    let error = event(&json!({ "error": { "code": "overloaded", "message": "a canary" } }));
    for (what, step, (status, details), expected) in [
        ("refused", Step::Status(400), failed.clone(), vec![]),
        ("no such model", Step::Status(404), failed.clone(), vec![]),
        ("redirected", Step::Status(307), failed.clone(), vec![]),
        ("a page", Step::Document("text/html", "<p>Hello"), failed.clone(), vec![]),
        ("no stream", Step::Document("application/json", "{}"), failed.clone(), vec![]),
        ("nothing", Step::Events(vec![]), failed.clone(), vec![]),
        ("no choice", Step::Events(vec![event(&json!({ "choices": [] }))]), failed.clone(), vec![]),
        ("an empty answer", Step::Events(vec![end("stop")]), failed.clone(), vec![]),
        (
            "nothing to see",
            Step::Events(vec![text("\u{200b}\u{200b}\u{200b}"), end("stop")]),
            failed.clone(),
            vec![],
        ),
        (
            "two blanks of no width",
            Step::Events(vec![text(" \u{200b}\u{ad}\n"), end("stop")]),
            failed.clone(),
            vec![],
        ),
        (
            "nothing to see, cut",
            Step::Events(vec![text("\u{2060}"), end("length")]),
            incomplete("max_output_tokens"),
            vec![],
        ),
        ("not JSON", Step::Events(vec!["data: {\n\n".to_owned()]), failed.clone(), vec![]),
        ("no field", Step::Events(vec!["Hello\n\n".to_owned()]), failed.clone(), vec![]),
        ("an error", Step::Events(vec![text("Hal"), error]), failed.clone(), vec!["Hal"]),
        ("no end", Step::Events(vec![text("Hal")]), failed.clone(), vec!["Hal"]),
        ("cut in a text", Step::Breaks(vec![text("Hal")]), failed.clone(), vec!["Hal"]),
        ("cut in a call", Step::Breaks(vec![call("echo", "{\"te")]), failed.clone(), vec![]),
        ("silent", Step::Stalls(vec![]), failed.clone(), vec![]),
        ("silent in a text", Step::Stalls(vec![text("Hal")]), failed.clone(), vec!["Hal"]),
        (
            "too long",
            Step::Events(vec![text("Hal"), end("length")]),
            incomplete("max_output_tokens"),
            vec!["Hal"],
        ),
        (
            "too long in a call",
            Step::Events(vec![call("echo", "{\"text\":\"a\"}"), end("length")]),
            incomplete("max_output_tokens"),
            vec![],
        ),
        (
            "filtered",
            Step::Events(vec![text("Hal"), end("content_filter")]),
            incomplete("content_filter"),
            vec!["Hal"],
        ),
    ] {
        model.then(vec![step]);
        let made = ask_in(&author, &id, what).await;
        assert_eq!(made.text("/status"), status, "{what}: {}", made.body);
        assert_eq!(made.json["incomplete_details"], details, "{what}");
        // Bedrock has no other kind of answer than a stream.
        let is_other =
            ["a page", "no stream"].contains(&what) && !matches!(Wire::of_test(), Wire::Converse);
        let is_refusal = ["refused", "no such model", "redirected"].contains(&what) || is_other;
        let fault = if is_refusal { "model_refused" } else { "server_error" };
        let code = made.json["error"]["code"].as_str();
        assert_eq!(code, (status == "failed").then_some(fault), "{what}");
        assert_eq!(said(&made), expected, "{what}");
        assert!(calls(&made).is_empty(), "{what}: a broken call is never made");
        assert!(statuses(&made).iter().all(|status| status == "incomplete"), "{what}");
        assert!(!made.body.contains("canary"), "{what}: {}", made.body);
        assert_eq!(
            author.get(&format!("{RESPONSES}/{}", made.text("/id")), 200).await.json,
            made.json
        );

        model.then(vec![Step::Says("Here again.")]);
        let next = ask_in(&author, &id, "And now?").await;
        assert_eq!(said(&next), ["Here again."], "{what}");
    }
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
pub(super) async fn a_busy_server_is_asked_three_times_before_it_has_said_anything() {
    let (app, model) =
        with_model(vec![Step::Status(429), Step::Status(500), Step::Says("Yes.")]).await;
    let author = app.user(Role::Author).await;
    assert_eq!(said(&ask(&author, "Hello").await), ["Yes."]);
    let asked = model.asked();
    assert!(asked.len() == 3 && asked.iter().all(|one| one.body == asked[0].body));
    for (status, code) in [(429, "rate_limit_exceeded"), (503, "server_error")] {
        model.then(vec![Step::Status(status), Step::Status(status), Step::Status(status)]);
        let made = ask(&author, "Hello").await;
        assert_eq!(
            (made.text("/status"), made.text("/error/code")),
            ("failed".into(), code.into())
        );
        assert!(!made.text("/error/message").is_empty());
        assert_eq!(made.json["usage"]["total_tokens"], 0);
    }
    assert_eq!(model.asked().len(), 9);
}

#[tokio::test(flavor = "multi_thread")]
pub(super) async fn calls_that_cannot_run_get_an_output_that_says_why() {
    let long = json!({ "text": "a".repeat(33 * 1024) });
    let (app, model) = with_model(vec![
        Step::Calls(
            "",
            vec![
                ("echo", json!("{\"text\":")),
                ("echo", json!("[]")),
                ("echo", long),
                ("echo", json!("")),
                ("panic", json!({})),
                ("long", json!({})),
            ],
        ),
        Step::Says("I see."),
    ])
    .await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Try it").await;
    let expected =
        ["failed", "failed", "failed", "completed", "incomplete", "completed", "completed"];
    assert_eq!(statuses(&made), expected);
    let told = |place: usize| -> String {
        calls(&made)[place]["error"]["content"][0]["text"].as_str().unwrap_or_default().to_owned()
    };
    assert!(told(0).contains("not a JSON object") && told(1).contains("not a JSON object"));
    assert!(told(2).contains("too long"), "{}", told(2));
    assert!(told(4).contains("outcome is not known"), "{}", told(4));
    let output = calls(&made)[5]["output"].as_str().unwrap().to_owned();
    assert!(output.len() < 30_000 && output.ends_with("60000 characters in total]"));
    // What goes to the model is valid all the same.
    for sent in model.messages()[2]["tool_calls"].as_array().unwrap() {
        let arguments = sent["function"]["arguments"].as_str().unwrap();
        assert!(serde_json::from_str::<Value>(arguments).unwrap().is_object(), "{arguments}");
    }
}
