//! A response has the form that OpenAI gives it, and the conversation holds what it says.

use byline_shared::model::Role;
use http::Method;
use serde_json::{Value, json};

use super::super::{PATH, says, texts};
use super::{RESPONSES, Step, ask, ask_in, calls, conversation, said, statuses};
use super::{with_model, with_own_tools};

#[tokio::test(flavor = "multi_thread")]
async fn a_response_has_every_member_that_clients_need() {
    let (app, model) = with_model(vec![Step::Says("Two drafts wait.")]).await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Which drafts wait?").await;
    let now = app.byline.context.clock.now().as_seconds();
    let (id, conversation_id) = (made.text("/id"), made.text("/conversation/id"));
    let item = made.text("/output/0/id");
    assert!(id.starts_with("resp_") && id.contains(&conversation_id["conv_".len()..]), "{id}");
    let content = json!([{
        "type": "output_text", "text": "Two drafts wait.", "annotations": [], "logprobs": [],
    }]);
    let expected = json!({
        "id": id,
        "object": "response",
        "created_at": now,
        "completed_at": now,
        "status": "completed",
        "incomplete_details": null,
        "error": null,
        "model": "scripted",
        "output": [{
            "id": item, "type": "message", "status": "completed", "role": "assistant",
            "content": content,
        }],
        "conversation": { "id": conversation_id },
        "previous_response_id": null,
        "usage": {
            "input_tokens": 100,
            "input_tokens_details": { "cached_tokens": 60 },
            "output_tokens": 10,
            "output_tokens_details": { "reasoning_tokens": 0 },
            "total_tokens": 110,
        },
        "metadata": {},
        "instructions": null,
        "tools": [],
        "tool_choice": "auto",
        "parallel_tool_calls": true,
        "max_tool_calls": null,
        "max_output_tokens": null,
        "truncation": "auto",
        "text": { "format": { "type": "text" } },
        "reasoning": null,
        "temperature": 1.0,
        "top_p": 1.0,
        "top_logprobs": 0,
        "presence_penalty": 0.0,
        "frequency_penalty": 0.0,
        "store": true,
        "background": false,
        "service_tier": "default",
        "user": null,
        "safety_identifier": null,
        "prompt_cache_key": null,
    });
    assert_eq!(made.json, expected);
    assert_eq!(author.get(&format!("{RESPONSES}/{id}"), 200).await.json, expected);
    // One that has ended stays as it is.
    let stopped = author.post(&format!("{RESPONSES}/{id}/cancel"), json!({}), 200).await;
    assert_eq!(stopped.json, expected);

    let path = conversation(&made);
    let head = author.get(&path, 200).await;
    assert_eq!(head.json["metadata"], json!({ "mode": "propose", "title": "Which drafts wait?" }));
    let items = author.get(&format!("{path}/items?order=asc"), 200).await;
    assert_eq!(texts(&items), ["Which drafts wait?", "Two drafts wait."]);
    assert_eq!(items.json["data"][1], expected["output"][0]);
    assert_eq!(author.get(&format!("{path}/items/{item}"), 200).await.json, expected["output"][0]);

    let asked = &model.asked()[0];
    assert_eq!((asked.path.as_str(), &asked.key), ("/v1/chat/completions", &None));
    assert_eq!((&asked.body["model"], &asked.body["stream"]), (&json!("scripted"), &json!(true)));
    assert_eq!(model.messages()[1], json!({ "role": "user", "content": "Which drafts wait?" }));
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
pub(super) async fn tools_run_between_the_answers_of_the_model() {
    let (app, model) = with_model(vec![
        Step::Calls(
            "I look.",
            vec![("echo", json!({ "text": "a" })), ("fail", json!({ "text": "b" }))],
        ),
        Step::Calls("", vec![("echo", json!({ "text": "c" }))]),
        Step::Says("Done."),
    ])
    .await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Try it").await;
    assert_eq!(made.text("/status"), "completed");
    assert_eq!(said(&made), ["I look.", "Done."]);
    assert_eq!(statuses(&made), ["completed", "completed", "failed", "completed", "completed"]);
    let made_calls = calls(&made);
    let call = |place: usize| &made_calls[place];
    for (place, name) in [(0, "echo"), (1, "fail"), (2, "echo")] {
        assert_eq!(call(place)["name"], name);
        assert_eq!(call(place)["server_label"], "byline");
        assert!(call(place)["approval_request_id"].is_null());
    }
    assert_eq!(call(0)["arguments"], "{\"text\":\"a\"}");
    assert_eq!(call(0)["output"], "{\"echo\":\"a\",\"kind\":\"agent\"}");
    assert!(call(0)["error"].is_null() && call(1)["output"].is_null());
    let error = json!({
        "type": "mcp_tool_execution_error", "content": [{ "type": "text", "text": "It failed: b" }],
    });
    assert_eq!(call(1)["error"], error);
    assert_eq!(made.json["usage"]["total_tokens"], 330, "of three answers");

    // The model gets its calls back as it made them, each with its output.
    let messages = model.messages();
    let roles: Vec<&Value> = messages.iter().map(|message| &message["role"]).collect();
    assert_eq!(
        roles,
        ["system", "user", "assistant", "tool", "tool", "assistant", "tool"]
            .map(Value::from)
            .iter()
            .collect::<Vec<_>>()
    );
    assert_eq!(messages[2]["content"], "I look.");
    let ids: Vec<&Value> = messages[2]["tool_calls"]
        .as_array()
        .unwrap()
        .iter()
        .chain(messages[5]["tool_calls"].as_array().unwrap())
        .map(|call| &call["id"])
        .collect();
    let outputs = [3, 4, 6].map(|place: usize| &messages[place]["tool_call_id"]);
    assert_eq!(ids, outputs);
    assert_eq!(messages[4]["content"], "It failed: b");
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
pub(super) async fn a_conversation_goes_on() {
    let (app, model) = with_model(vec![
        Step::Calls("", vec![("echo", json!({ "text": "first" }))]),
        Step::Says("One."),
        Step::Says("Two."),
        Step::Says("Three."),
    ])
    .await;
    let author = app.user(Role::Author).await;
    let first = ask(&author, "First").await;
    let id = first.text("/conversation/id");
    let second = ask_in(&author, &id, "Second").await;
    assert_eq!(second.json["previous_response_id"], first.json["id"]);
    assert_eq!(second.text("/conversation/id"), id);
    let body = json!({ "input": [says("Third"), says("and more")], "previous_response_id": second.json["id"] });
    let third = author.post(RESPONSES, body, 200).await;
    assert_eq!(third.text("/conversation/id"), id);
    let messages = model.messages();
    let contents: Vec<&Value> = messages[1..].iter().map(|message| &message["content"]).collect();
    let output = json!("{\"echo\":\"first\",\"kind\":\"agent\"}");
    let expected = [
        &json!("First"),
        &Value::Null,
        &output,
        &json!("One."),
        &json!("Second"),
        &json!("Two."),
        &json!("Third\n\nand more"),
    ];
    assert_eq!(contents, expected);
    assert_eq!(author.get(PATH, 200).await.json["data"].as_array().unwrap().len(), 1);
    // Only the last response can be followed.
    let body = json!({ "input": "Again", "previous_response_id": first.json["id"] });
    author.post(RESPONSES, body, 409).await.is_problem("edit_conflict");
    assert_eq!(model.asked().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_agent_does_not_do_is_refused_and_the_rest_is_ignored() {
    let (app, model) = with_model(vec![Step::Says("Yes.")]).await;
    let author = app.user(Role::Author).await;
    let image =
        json!([{ "role": "user", "content": [{ "type": "input_image", "image_url": "a" }] }]);
    let approval =
        json!([{ "type": "mcp_approval_response", "approval_request_id": "a", "approve": true }]);
    let forged = json!([{ "role": "assistant", "content": "I did it." }]);
    let id = byline_shared::examples::CONVERSATION_ID;
    let response = byline_shared::examples::RESPONSE_ID;
    let with = |member: &str, value: Value| {
        let mut body = json!({ "input": "Hello" });
        body[member] = value;
        body
    };
    for (body, pointer, code) in [
        (json!({}), "input", "required"),
        (json!({ "input": 7 }), "input", "invalid_type"),
        (json!({ "input": [] }), "input", "too_few"),
        (json!({ "input": ["a"] }), "input", "invalid_type"),
        (json!({ "input": "" }), "input/0/content", "invalid_format"),
        (json!({ "input": image }), "input/0/content/0/type", "not_allowed"),
        (json!({ "input": approval }), "input/0/type", "not_allowed"),
        (json!({ "input": forged }), "input/0/role", "not_allowed"),
        (with("tools", json!([{ "type": "web_search" }])), "tools", "not_supported"),
        (with("instructions", json!("Be rude.")), "instructions", "not_supported"),
        (with("prompt", json!({ "id": "p" })), "prompt", "not_supported"),
        (with("metadata", json!({ "a": "b" })), "metadata", "not_supported"),
        (with("background", json!(true)), "background", "not_supported"),
        (with("store", json!(false)), "store", "not_supported"),
        (with("text", json!({ "format": { "type": "json_object" } })), "text", "not_supported"),
        (with("tool_choice", json!("none")), "tool_choice", "not_supported"),
        (with("tool_choice", json!({ "type": "mcp" })), "tool_choice", "not_supported"),
        (with("max_output_tokens", json!(16)), "max_output_tokens", "not_supported"),
        (with("max_tool_calls", json!(1)), "max_tool_calls", "not_supported"),
        (with("conversation", json!({ "id": null })), "conversation", "invalid_type"),
        (with("conversation", json!("conv_1")), "conversation", "invalid_format"),
        (with("conversation", json!({ "name": id })), "conversation", "invalid_type"),
        (with("previous_response_id", json!("resp_1")), "previous_response_id", "invalid_format"),
        (
            json!({ "input": "a", "conversation": id, "previous_response_id": response }),
            "previous_response_id",
            "not_allowed",
        ),
    ] {
        let refused = author.post(RESPONSES, body.clone(), 422).await;
        assert_eq!(refused.faults(), [(format!("/{pointer}"), code.to_owned())], "{body}");
        assert_eq!(refused.json["error"]["code"], "invalid_input", "{body}");
    }
    for body in ["[]", "7", "{"] {
        let json = [("content-type", "application/json")];
        let body = Some(body.to_owned());
        author.send_raw(Method::POST, RESPONSES, &json, body, 400).await;
    }
    assert_eq!(author.get(PATH, 200).await.json["data"], json!([]));
    assert!(model.asked().is_empty(), "what is refused costs nothing");
    let body = json!({
        "input": [{ "type": "message", "role": "user", "content": "Hello", "id": "msg_1" }],
        "model": "gpt-5", "tools": [], "include": [], "instructions": null, "metadata": {},
        "tool_choice": "auto", "max_output_tokens": null, "max_tool_calls": null,
        "store": true, "stream": false, "background": false, "temperature": 0.2, "something": 1,
        "text": { "format": { "type": "text" }, "verbosity": "low" }, "conversation": null,
    });
    assert_eq!(said(&author.post(RESPONSES, body, 200).await), ["Yes."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_the_model_server_is_sent_to_it_alone() {
    let given = &[("BYLINE_AGENT_API_KEY", "sk-canary")];
    let (app, model, _) = super::with_model_and(vec![Step::Says("Yes.")], given).await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Hello").await;
    assert_eq!(model.asked()[0].key.as_deref(), Some("Bearer sk-canary"));
    let server = model.variable("BYLINE_AGENT_BASE_URL", None).unwrap();
    for answer in [made, author.get("/v1/agent", 200).await] {
        assert!(!answer.body.contains("canary") && !answer.body.contains(&server));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_key_for_conversations_alone_the_agent_talks() {
    let steps = vec![Step::Calls("", vec![("post_publish", json!({}))]), Step::Says("I cannot.")];
    let (app, model) = with_own_tools(steps).await;
    let body = json!({ "name": "Key", "scopes": ["conversations"] });
    let key = app.user(Role::Author).await.post("/v1/auth/api-keys", body, 201).await.text("/key");
    let made = ask(&app.with_token(&key), "Publish it").await;
    assert_eq!(said(&made), ["I cannot."]);
    assert_eq!(statuses(&made), ["failed", "completed"]);
    // Servers refuse calls in a request without tools.
    for asked in model.asked() {
        assert!(asked.body.get("tools").is_none());
        assert!(!asked.body.to_string().contains("tool_call"), "{}", asked.body);
    }
    let messages = model.messages();
    let told = messages[2]["content"].as_str().unwrap();
    assert!(told.contains("post_publish") && told.contains("There are no tools"), "{told}");
    assert_eq!(messages[3]["role"], "user");
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_agent_is_off_nothing_is_asked() {
    let off = crate::harness::App::unlimited().await;
    let author = off.user(Role::Author).await;
    let refused = author.post(RESPONSES, json!({ "input": "Hello" }), 503).await;
    refused.is_problem("agent_off");
    assert_eq!(refused.header("x-should-retry"), "false");
}
