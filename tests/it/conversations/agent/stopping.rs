//! A stop of the process ends the turns that run in it.

use std::path::Path;
use std::sync::Arc;

use byline_local::engine::Data;
use byline_shared::model::Role;
use serde_json::json;

use super::super::{PATH, on, running_in};
use super::state::waits;
use super::streams::{Stream, ended, said};
use super::{RESPONSES, ScriptedModel, Step, tools};
use crate::harness::App;

async fn with_model_in(folder: &Path, steps: Vec<Step>) -> (App, ScriptedModel) {
    let model = ScriptedModel::start(steps).await;
    let asked = model.clone();
    let app = App::start_with(|options| {
        options.data = Data::Folder(folder.to_owned());
        options.variable = Arc::new(move |name: &str| asked.variable(name, on(name)));
        options.operations = tools::operations();
    });
    (app.await, model)
}

fn id(stream: &Stream) -> String {
    stream.events[0]["response"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_turns_with_what_they_said_and_took() {
    let folder = tempfile::tempdir().unwrap();
    let half = || waits("Half of it", Step::Says("never"));
    let (app, model) = with_model_in(folder.path(), vec![half(), half()]).await;
    app.create_user("ada@example.com", "Ada", Role::Author).await;
    let ada = app.sign_in("ada@example.com").await;
    let mut left = Stream::ask(&ada, json!({ "input": "Hello" })).await;
    left.until_said("Half of ").await;
    let mut watched = Stream::ask(&ada, json!({ "input": "Hello" })).await;
    watched.until_said("Half of ").await;
    let ids = [id(&left), id(&watched)];
    // One client has hung up, the other one waits.
    drop(left);
    let watching = tokio::spawn(watched.until_the_end());
    assert!(app.byline.stop().await, "it waits for nobody in vain");
    model.was_hung_up(2).await;
    let events = watching.await.unwrap();
    assert_eq!(said(&events), "Half of it");
    assert_eq!(ended(&events, "incomplete")["incomplete_details"]["reason"], "interrupted");

    let app = running_in(folder.path(), true).await;
    let ada = app.sign_in("ada@example.com").await;
    for id in &ids {
        let read = ada.get(&format!("{RESPONSES}/{id}"), 200).await;
        let (status, reason) = (read.text("/status"), read.text("/incomplete_details/reason"));
        assert_eq!((status.as_str(), reason.as_str()), ("incomplete", "interrupted"));
        assert_eq!(super::said(&read), ["Half of it"]);
        assert_eq!(read.json["output"][0]["status"], "incomplete");
    }
    // What was reserved for an answer is given back: an answer may have 8,192 tokens.
    let used = &ada.get("/v1/agent", 200).await.json["usage"]["own"]["tokens"];
    assert!((1..14_000).contains(&used.as_u64().unwrap()), "{used}");
    let list = ada.get(PATH, 200).await;
    for conversation in list.json["data"].as_array().unwrap() {
        assert!(conversation["running_response_id"].is_null(), "{conversation}");
    }
}
