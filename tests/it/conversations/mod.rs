//! Conversations with the built-in agent, from outside.

pub(crate) mod agent;
mod bounds;
mod deletion;
mod objects;
mod off;
mod retention;
mod rights;

use std::path::Path;
use std::sync::Arc;

use aws_sdk_dynamodb::Client as DynamoDb;
use aws_sdk_dynamodb::types::AttributeValue;
use byline_local::engine::Data;
use byline_shared::clock::{ManualClock, SystemClock};
use byline_shared::endpoint::Operation;
use byline_shared::model::Time;
use serde_json::{Value, json};

use byline_shared::clock::Clock;

use crate::harness::{Answer, App, Client};

/// Where conversations are.
pub(crate) const PATH: &str = "/v1/conversations";

/// The variables that turn the agent on.
pub(crate) fn on(name: &str) -> Option<String> {
    let value = match name {
        "BYLINE_AGENT_PROVIDER" => "openai",
        "BYLINE_AGENT_BASE_URL" => "http://127.0.0.1:9/v1",
        "BYLINE_AGENT_MODEL" => "scripted",
        "BYLINE_RATE_LIMITS" => "off",
        _ => return None,
    };
    Some(value.to_owned())
}

/// With the agent on, and without rate limits.
pub(crate) async fn app() -> App {
    App::start_with(|options| options.variable = Arc::new(on)).await
}

/// The same with a clock that the test moves, and with further variables.
async fn app_with_clock(given: &'static [(&str, &str)]) -> (App, Arc<ManualClock>) {
    let variable = move |name: &str| {
        let given = given.iter().find(|(known, _)| *known == name);
        given.map(|(_, value)| (*value).to_owned()).or_else(|| on(name))
    };
    app_with(variable, byline_local::operations()).await
}

/// With these variables and operations, and a clock that the test moves.
async fn app_with(
    variable: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    operations: Vec<Operation>,
) -> (App, Arc<ManualClock>) {
    let now = Time::from_millis(SystemClock.now().as_seconds() * 1000);
    let clock = Arc::new(ManualClock::at(now));
    let shown = Arc::clone(&clock);
    let app = App::start_with(move |options| {
        options.clock = shown;
        options.variable = Arc::new(variable);
        options.operations = operations;
    });
    (app.await, clock)
}

/// With its data in this folder, and with the agent on or off.
pub(crate) async fn running_in(folder: &Path, is_on: bool) -> App {
    let data = Data::Folder(folder.to_owned());
    let start = App::start_with(move |options| {
        options.data = data;
        options.variable = Arc::new(move |name: &str| if is_on { on(name) } else { None });
    });
    start.await
}

/// A message of the user.
pub(crate) fn says(text: &str) -> Value {
    json!({ "role": "user", "content": text })
}

/// Starts a conversation with these messages. Returns its path.
pub(crate) async fn start(client: &Client, texts: &[&str]) -> String {
    let items: Vec<Value> = texts.iter().map(|text| says(text)).collect();
    let made = client.post(PATH, json!({ "items": items }), 200).await;
    format!("{PATH}/{}", made.text("/id"))
}

/// The texts of a list of messages.
fn texts(list: &Answer) -> Vec<String> {
    let data = list.json["data"].as_array().unwrap().iter();
    data.map(|item| item["content"][0]["text"].as_str().unwrap().to_owned()).collect()
}

/// The keys of everything in the table of conversations.
pub(crate) async fn stored(app: &App) -> Vec<String> {
    let cx = &app.byline.context;
    let scan =
        DynamoDb::new(&cx.sdk).scan().table_name(&cx.config.agent_table).consistent_read(true);
    let mut pages = scan.into_paginator().items().send();
    let mut keys = Vec::new();
    while let Some(item) = pages.next().await {
        let item = item.unwrap();
        let text = |name: &str| item[name].as_s().unwrap().clone();
        keys.push(format!("{} {}", text("pk"), text("sk")));
    }
    keys.sort();
    keys
}

/// What the table holds of a conversation.
pub(crate) async fn of(app: &App, path: &str) -> Vec<String> {
    let id = path.rsplit('/').next().unwrap();
    stored(app).await.into_iter().filter(|key| key.contains(id)).collect()
}

/// Sets a number of an item of the table.
pub(crate) async fn set(app: &App, key: (&str, &str), attribute: &str, number: u32) {
    set_value(app, key, attribute, AttributeValue::N(number.to_string())).await;
}

/// Sets a text of an item of the table.
async fn set_text(app: &App, key: (&str, &str), attribute: &str, text: &str) {
    set_value(app, key, attribute, AttributeValue::S(text.to_owned())).await;
}

async fn set_value(app: &App, (pk, sk): (&str, &str), attribute: &str, value: AttributeValue) {
    let cx = &app.byline.context;
    DynamoDb::new(&cx.sdk)
        .update_item()
        .table_name(&cx.config.agent_table)
        .key("pk", AttributeValue::S(pk.to_owned()))
        .key("sk", AttributeValue::S(sk.to_owned()))
        .update_expression("SET #attribute = :value")
        .expression_attribute_names("#attribute", attribute)
        .expression_attribute_values(":value", value)
        .send()
        .await
        .unwrap();
}

/// Removes an item of the table, by its key as [`stored`] says it.
async fn remove(app: &App, key: &str) {
    let cx = &app.byline.context;
    let (pk, sk) = key.split_once(' ').unwrap();
    DynamoDb::new(&cx.sdk)
        .delete_item()
        .table_name(&cx.config.agent_table)
        .key("pk", AttributeValue::S(pk.to_owned()))
        .key("sk", AttributeValue::S(sk.to_owned()))
        .send()
        .await
        .unwrap();
}
