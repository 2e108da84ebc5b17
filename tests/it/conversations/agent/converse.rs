//! A model at Amazon Bedrock: what it is asked, and the scenarios of the other adapter once more.

use byline_shared::agent::{self, TurnRequest};
use byline_shared::http::{Request, Response, document};
use byline_shared::model::Role;
use byline_shared::prelude::*;
use byline_tools::AGENT_TOOLS;
use serde_json::{Value, json};

use super::model::event;
use super::wire::{ACCESS_KEY, SECRET, over_converse};
use super::{Step, ask, ask_in, bounds, history, model_faults, responses, said, state, statuses};
use super::{with_model, with_model_and, with_model_of};

macro_rules! again {
    ($($module:ident: $($name:ident)*;)*) => { $($(
        #[test]
        fn $name() {
            over_converse($module::$name);
        }
    )*)* };
}

again! {
    bounds:
        a_model_that_repeats_itself_is_stopped
        a_turn_has_12_steps_and_24_calls
        tokens_are_counted_and_what_was_reserved_is_given_back
        turns_at_once_never_take_more_than_a_budget_has;
    history:
        texts_of_users_and_tools_are_never_instructions
        messages_that_were_added_before_are_part_of_what_is_asked
        a_deleted_message_or_call_is_not_told_to_the_model
        a_long_conversation_fits_into_a_request;
    model_faults:
        every_fault_ends_the_turn_and_the_next_one_works
        a_busy_server_is_asked_three_times_before_it_has_said_anything
        calls_that_cannot_run_get_an_output_that_says_why;
    responses:
        tools_run_between_the_answers_of_the_model
        a_conversation_goes_on;
    state:
        while_the_agent_answers_nothing_else_is_said
        a_turn_can_be_stopped_and_the_model_is_hung_up_on
        a_turn_whose_process_is_gone_reads_as_interrupted_and_the_next_one_starts;
}

#[test]
fn a_request_is_signed_and_has_the_form_of_converse() {
    over_converse(asks_in_the_form_of_converse);
}

#[tokio::main]
async fn asks_in_the_form_of_converse() {
    let (app, model) = with_model(vec![
        Step::Calls("I look.", vec![("echo", json!({ "text": "a" })), ("fail", json!({}))]),
        Step::Calls("", vec![("echo", json!({ "text": "b" }))]),
        Step::Says("Done."),
    ])
    .await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Try it").await;
    assert_eq!(said(&made), ["I look.", "Done."]);
    let asked = &model.asked()[2];
    assert_eq!(asked.path, "/model/scripted/converse-stream");
    let key = asked.key.as_deref().unwrap();
    let signed = format!("AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/");
    assert!(
        key.starts_with(&signed) && key.contains("/eu-central-1/bedrock/aws4_request"),
        "{key}"
    );
    assert!(!asked.sent.to_string().contains(SECRET) && !made.body.contains(SECRET));

    let sent = &asked.sent;
    let id = |message: usize, block: usize| -> Value {
        sent["messages"][message]["content"][block]["toolUse"]["toolUseId"].clone()
    };
    let call = |id: Value, name: &str, input: Value| json!({ "toolUse": { "toolUseId": id, "name": name, "input": input } });
    let output = |id: Value, text: &str| json!({ "toolResult": { "toolUseId": id, "content": [{ "text": text }] } });
    let echo = |text: &str| format!("{{\"echo\":\"{text}\",\"kind\":\"agent\"}}");
    let expected = json!([
        { "role": "user", "content": [{ "text": "Try it" }] },
        { "role": "assistant", "content": [
            { "text": "I look." },
            call(id(1, 1), "echo", json!({ "text": "a" })),
            call(id(1, 2), "fail", json!({})),
        ] },
        { "role": "user", "content": [
            output(id(1, 1), &echo("a")),
            output(id(1, 2), "It failed: "),
        ] },
        { "role": "assistant", "content": [call(id(3, 0), "echo", json!({ "text": "b" }))] },
        { "role": "user", "content": [output(id(3, 0), &echo("b"))] },
    ]);
    assert_eq!(sent["messages"], expected);
    assert!(sent["system"][0]["text"].as_str().unwrap().contains("cannot publish"));
    assert_eq!(sent["inferenceConfig"], json!({ "maxTokens": 8192 }));
    let tools = sent["toolConfig"]["tools"].as_array().unwrap();
    let schema = json!({ "type": "object", "properties": { "text": { "type": "string" } } });
    let echo = json!({ "toolSpec": {
        "name": "echo", "description": "A tool of the tests.", "inputSchema": { "json": schema },
    } });
    assert!(tools.contains(&echo), "{tools:?}");
    assert!(tools.iter().all(|tool| tool.get("toolSpec").is_some()), "nothing that it refuses");
    assert_eq!(app.byline.observer.violations(), Vec::<String>::new());
}

#[test]
fn a_model_that_keeps_its_tools_is_asked_to() {
    over_converse(asks_to_keep_tools);
}

#[tokio::main]
async fn asks_to_keep_tools() {
    let name = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
    let given = &[("BYLINE_AGENT_MODEL", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0")];
    let (app, model, _) = with_model_and(vec![Step::Says("Yes.")], given).await;
    let made = ask(&app.user(Role::Author).await, "Hello").await;
    assert_eq!(made.text("/model"), name);
    let asked = &model.asked()[0];
    let path = format!("/model/{}/converse-stream", name.replace(':', "%3A"));
    assert_eq!(asked.path, path);
    let tools = asked.sent["toolConfig"]["tools"].as_array().unwrap();
    assert_eq!(tools.last().unwrap(), &json!({ "cachePoint": { "type": "default" } }));
    assert!(tools.len() > 1);
}

#[test]
fn an_exception_in_place_of_the_first_event_is_a_refusal() {
    over_converse(asks_again_after_an_exception);
}

#[tokio::main]
async fn asks_again_after_an_exception() {
    let busy = event(&json!({ "error": { "message": "a canary" } }));
    let refused = || Step::Events(vec![busy.clone()]);
    let (app, model) = with_model(vec![refused(), refused(), Step::Says("Yes.")]).await;
    let author = app.user(Role::Author).await;
    let made = ask(&author, "Hello").await;
    assert_eq!(said(&made), ["Yes."]);
    assert_eq!(made.json["usage"]["total_tokens"], 110, "only the answer is counted");
    model.then(vec![refused(), refused(), refused(), Step::Says("Here again.")]);
    let id = made.text("/conversation/id");
    let failed = ask_in(&author, &id, "Again").await;
    assert_eq!(failed.text("/error/code"), "rate_limit_exceeded");
    assert!(statuses(&failed).is_empty() && !failed.body.contains("canary"), "{}", failed.body);
    assert_eq!(said(&ask_in(&author, &id, "And now?").await), ["Here again."]);
    assert_eq!(model.asked().len(), 7);
}

/// Asks the agent without the right to ask a model.
struct WithoutModel;

impl RawEndpoint for WithoutModel {
    const NAME: &'static str = "without-model";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/without-model";
    const SUMMARY: &'static str = "Asks without the right to";
    const PERMISSIONS: &'static [Permission] = &[
        agent::TURN_PERMISSIONS[0],
        agent::TURN_PERMISSIONS[1],
        agent::TURN_PERMISSIONS[2],
        agent::TURN_PERMISSIONS[3],
        agent::TURN_PERMISSIONS[4],
        agent::TURN_PERMISSIONS[5],
    ];
    const PRODUCES: &'static str = "application/json";
    type Auth = scope::Conversations;

    async fn handle(cx: &Context, caller: Caller, request: Request) -> Result<Response, Problem> {
        let request = TurnRequest::read(&request)?;
        let response = agent::respond_whole(cx, &caller, &request, &AGENT_TOOLS).await?;
        Ok(document(Self::PRODUCES, serde_json::to_vec(&response).unwrap()))
    }
}

#[test]
fn only_a_function_with_the_right_asks_the_model() {
    over_converse(asks_without_the_right);
}

#[tokio::main]
async fn asks_without_the_right() {
    let mut operations = byline_local::operations();
    operations.push(Operation::raw::<WithoutModel>(module_path!()));
    let (app, model, _) = with_model_of(vec![Step::Says("Never.")], &[], operations).await;
    let author = app.user(Role::Author).await;
    let failed = author.post(WithoutModel::PATH, json!({ "input": "Hello" }), 200).await;
    assert_eq!(failed.text("/status"), "failed");
    assert!(model.asked().is_empty());
    let violations = app.byline.observer.violations();
    let said = "`without-model` called bedrock:InvokeModelWithResponseStream, but none";
    assert!(violations.iter().all(|violation| violation.starts_with(said)), "{violations:?}");
    // A request that may have been sent is not repeated.
    assert_eq!(violations.len(), 1, "{violations:?}");
}
