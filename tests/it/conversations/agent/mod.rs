//! The agent answers, with a model that follows a script.

mod access;
mod bounds;
mod chat;
mod converse;
mod followers;
mod function_url;
mod history;
mod hostile;
mod idempotency;
mod invisible;
mod model;
mod model_faults;
mod paid;
mod publication;
mod responses;
mod rights;
mod running;
mod state;
mod stopping;
mod streaming;
mod streams;
mod time;
mod tools;
mod wire;

use std::sync::Arc;

use byline_shared::clock::ManualClock;
use byline_shared::endpoint::Operation;
use serde_json::{Value, json};

use super::{app_with, on};
use crate::harness::{Answer, App, Client};

pub(crate) use model::{ScriptedModel, Step, delta};
pub(crate) use wire::over_converse;

/// Where the agent is asked.
pub(crate) const RESPONSES: &str = "/v1/responses";

/// A Byline whose agent has this model, and the tools of these tests.
pub(crate) async fn with_model(steps: Vec<Step>) -> (App, ScriptedModel) {
    let (app, model, _) = with_model_and(steps, &[]).await;
    (app, model)
}

/// The same with further variables, and with a clock that the test moves.
pub(crate) async fn with_model_and(
    steps: Vec<Step>,
    given: &'static [(&str, &str)],
) -> (App, ScriptedModel, Arc<ManualClock>) {
    with_model_of(steps, given, tools::operations()).await
}

/// A Byline whose agent has this model and its own tools.
async fn with_own_tools(steps: Vec<Step>) -> (App, ScriptedModel) {
    let (app, model, _) = with_model_of(steps, &[], byline_local::operations()).await;
    (app, model)
}

/// As [`with_model_and`], with these operations.
pub(crate) async fn with_model_of(
    steps: Vec<Step>,
    given: &'static [(&str, &str)],
    operations: Vec<Operation>,
) -> (App, ScriptedModel, Arc<ManualClock>) {
    let model = ScriptedModel::start(steps).await;
    let asked = model.clone();
    let variable = move |name: &str| {
        let given = given.iter().find(|(known, _)| *known == name);
        let given = given.map(|(_, value)| (*value).to_owned());
        asked.variable(name, given.or_else(|| on(name)))
    };
    let (app, clock) = app_with(variable, operations).await;
    (app, model, clock)
}

/// A conversation of this mode.
async fn of_mode(client: &Client, mode: &str) -> String {
    let made = client.post(super::PATH, json!({ "metadata": { "mode": mode } }), 200).await;
    made.text("/id")
}

/// Asks the agent. The answer is whole.
pub(crate) async fn ask(client: &Client, input: &str) -> Answer {
    client.post(RESPONSES, json!({ "input": input }), 200).await
}

/// The same in a conversation.
async fn ask_in(client: &Client, conversation: &str, input: &str) -> Answer {
    client.post(RESPONSES, json!({ "input": input, "conversation": conversation }), 200).await
}

/// Asks with these headers.
async fn ask_with(client: &Client, headers: &[(&str, &str)], body: Value, status: u16) -> Answer {
    client.send(http::Method::POST, RESPONSES, headers, Some(body), status).await
}

/// The path of a response's conversation.
fn conversation(answer: &Answer) -> String {
    format!("{}/{}", super::PATH, answer.text("/conversation/id"))
}

/// What a response says, without its calls.
fn said(answer: &Answer) -> Vec<String> {
    let output = answer.json["output"].as_array().unwrap().iter();
    let messages = output.filter(|item| item["type"] == "message");
    messages.map(|item| item["content"][0]["text"].as_str().unwrap().to_owned()).collect()
}

/// The response when what the agent is saying was noted: this.
pub(crate) async fn noted(app: &App, client: &Client, response: &str, text: &str) -> Answer {
    let path = format!("{RESPONSES}/{response}");
    let is_noted = || async {
        let read = client.get(&path, 200).await;
        said(&read).last().is_some_and(|last| last == text)
    };
    app.eventually(is_noted).await;
    client.get(&path, 200).await
}

/// The calls of a response.
fn calls(answer: &Answer) -> Vec<Value> {
    let output = answer.json["output"].as_array().unwrap().iter();
    output.filter(|item| item["type"] == "mcp_call").cloned().collect()
}

/// What became of each item of a response.
fn statuses(answer: &Answer) -> Vec<String> {
    let output = answer.json["output"].as_array().unwrap().iter();
    output.map(|item| item["status"].as_str().unwrap().to_owned()).collect()
}
