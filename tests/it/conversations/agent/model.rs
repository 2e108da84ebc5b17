//! A model that follows a script: a server on loopback that answers each request with the next step, and keeps
//! what it was asked. It speaks Chat Completions, or what [`over_converse`] says.
//!
//! [`over_converse`]: super::wire::over_converse

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use http::{HeaderMap, StatusCode, Uri};
use serde_json::{Value, json};
use tokio::sync::{Semaphore, watch};

use super::wire::{Sending, Wire};

/// What the model does with a request.
#[derive(Clone)]
pub(crate) enum Step {
    /// It says this, word by word.
    Says(&'static str),
    /// It says the first, and calls these tools with these arguments, in fragments.
    Calls(&'static str, Vec<(&'static str, Value)>),
    /// The same for ever.
    Always(Box<Step>),
    /// It answers with this status, and a body that repeats what it was asked.
    Status(u16),
    /// It sends these events as they are, and closes the stream.
    Events(Vec<String>),
    /// It sends these events, and the connection breaks.
    Breaks(Vec<String>),
    /// It sends these events, and then nothing more.
    Stalls(Vec<String>),
    /// It does not answer.
    Silent,
    /// It reads the request, and the connection ends.
    HangsUp,
    /// It answers with this document of this type.
    Document(&'static str, &'static str),
    /// It says this, and waits until the test lets it go on with the step.
    Waits(&'static str, Box<Step>),
}

impl Step {
    /// The events of a whole answer.
    pub(crate) fn events(&self) -> Vec<String> {
        match self {
            Self::Says(text) => whole(text, &[]),
            Self::Calls(text, calls) => whole(text, calls),
            _ => panic!("it has no events of its own"),
        }
    }
}

/// A request to the model.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) key: Option<String>,
    /// In the form of Chat Completions.
    pub(crate) body: Value,
    /// As it came.
    pub(crate) sent: Value,
}

/// The server.
#[derive(Clone)]
pub(crate) struct ScriptedModel {
    origin: String,
    state: Arc<State>,
}

struct State {
    wire: Wire,
    steps: Mutex<VecDeque<Step>>,
    asked: Mutex<Vec<Asked>>,
    count: watch::Sender<usize>,
    /// A permit for each step that may go on.
    goes_on: Semaphore,
    /// How many answers were not read to their end.
    dropped: watch::Sender<usize>,
}

impl ScriptedModel {
    pub(crate) async fn start(steps: Vec<Step>) -> Self {
        let state = Arc::new(State {
            wire: Wire::of_test(),
            steps: Mutex::new(steps.into()),
            asked: Mutex::default(),
            count: watch::Sender::new(0),
            goes_on: Semaphore::new(0),
            dropped: watch::Sender::new(0),
        });
        let answering = Arc::clone(&state);
        let router = Router::new().fallback(move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let state = Arc::clone(&answering);
            async move { state.answer(&uri, &headers, &body).await }
        });
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { origin, state }
    }

    /// The value of a variable for an agent that asks this model.
    pub(crate) fn variable(&self, name: &str, given: Option<String>) -> Option<String> {
        self.state.wire.variable(&self.origin, name, given)
    }

    /// Adds steps to the script.
    pub(crate) fn then(&self, steps: Vec<Step>) {
        self.state.steps.lock().unwrap().extend(steps);
    }

    /// Replaces what is left of the script.
    pub(crate) fn now(&self, steps: Vec<Step>) {
        *self.state.steps.lock().unwrap() = steps.into();
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.asked.lock().unwrap().clone()
    }

    /// The messages of the last request.
    pub(crate) fn messages(&self) -> Vec<Value> {
        let asked = self.asked();
        asked.last().unwrap().body["messages"].as_array().unwrap().clone()
    }

    /// Waits until it was asked as often.
    pub(crate) async fn was_asked(&self, times: usize) {
        let mut count = self.state.count.subscribe();
        count.wait_for(|count| *count >= times).await.unwrap();
    }

    /// Lets a step go on that waits.
    pub(crate) fn go_on(&self) {
        self.state.goes_on.add_permits(1);
    }

    /// Waits until as many answers were cut off by who asked.
    pub(crate) async fn was_hung_up(&self, times: usize) {
        let mut dropped = self.state.dropped.subscribe();
        dropped.wait_for(|count| *count >= times).await.unwrap();
    }
}

impl State {
    async fn answer(self: Arc<Self>, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Response {
        let key = headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
        let sent: Value = serde_json::from_slice(body).unwrap();
        let body = self.wire.in_chat_form(uri.path(), sent.clone());
        let asked = Asked { path: uri.path().to_owned(), key, body, sent };
        let echo = asked.body.to_string();
        self.asked.lock().unwrap().push(asked);
        let step = {
            let mut steps = self.steps.lock().unwrap();
            match steps.front() {
                Some(Step::Always(step)) => Some((**step).clone()),
                _ => steps.pop_front(),
            }
        };
        self.count.send_modify(|count| *count += 1);
        let Some(step) = step else {
            return (StatusCode::NOT_IMPLEMENTED, "the script is over").into_response();
        };
        let wire = self.wire;
        let mut sending = Sending::new(wire);
        let mut bytes = move |events: Vec<String>| -> Vec<Bytes> {
            events.iter().map(|event| sending.event(event)).collect()
        };
        match step {
            Step::Says(_) | Step::Calls(..) => {
                let events = bytes(step.events()).into_iter().map(Ok::<_, Infallible>);
                of_stream(wire, Body::from_stream(stream::iter(events)))
            }
            Step::Status(status) => {
                let status = StatusCode::from_u16(status).unwrap();
                let (name, body) = wire.refusal(status, &echo);
                (status, [("x-amzn-errortype", name)], body).into_response()
            }
            Step::Events(events) => {
                let events = bytes(events).into_iter().map(Ok::<_, Infallible>);
                of_stream(wire, Body::from_stream(stream::iter(events)))
            }
            Step::Breaks(events) => {
                let events = stream::iter(bytes(events).into_iter().map(Ok));
                // Later, so that what came before is sent.
                let broken = stream::once(async {
                    tokio::task::yield_now().await;
                    Err(std::io::Error::other("scripted"))
                });
                of_stream(wire, Body::from_stream(events.chain(broken)))
            }
            Step::Stalls(events) => {
                let events = stream::iter(bytes(events).into_iter().map(Ok::<_, Infallible>));
                of_stream(wire, Body::from_stream(events.chain(stream::pending())))
            }
            Step::Silent => std::future::pending().await,
            Step::HangsUp => panic!("scripted: the connection ends"),
            Step::Document(media_type, text) => {
                ([("content-type", media_type)], text).into_response()
            }
            Step::Waits(text, then) => self.waiting(text, *then),
            Step::Always(_) => unreachable!("a step for ever holds another one"),
        }
    }

    /// The first words, then the rest when the test says so.
    fn waiting(self: Arc<Self>, text: &'static str, then: Step) -> Response {
        let wire = self.wire;
        let mut sending = Sending::new(wire);
        let begun = sending.event(&delta(json!({ "content": text }), Value::Null));
        let rest = Guard(Some(self));
        let rest = stream::once(async move {
            let mut rest = rest;
            rest.state().goes_on.acquire().await.unwrap().forget();
            rest.is_read();
            let events: Vec<Bytes> =
                then.events().iter().map(|event| sending.event(event)).collect();
            Ok::<_, Infallible>(Bytes::from(events.concat()))
        });
        let begun = stream::iter([Ok(begun)]);
        of_stream(wire, Body::from_stream(begun.chain(rest)))
    }
}

/// Notices that an answer is dropped before it was sent.
struct Guard(Option<Arc<State>>);

impl Guard {
    fn state(&self) -> &State {
        self.0.as_ref().unwrap()
    }

    fn is_read(&mut self) {
        self.0 = None;
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(state) = &self.0 {
            state.dropped.send_modify(|count| *count += 1);
        }
    }
}

fn of_stream(wire: Wire, body: Body) -> Response {
    ([("content-type", wire.media_type())], body).into_response()
}

/// An event with a piece of an answer.
pub(crate) fn delta(delta: Value, reason: Value) -> String {
    event(&json!({ "choices": [{ "index": 0, "delta": delta, "finish_reason": reason }] }))
}

/// An event.
pub(crate) fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

/// The events of a whole answer, which takes 100 tokens of the request and 10 of the answer.
fn whole(text: &str, calls: &[(&'static str, Value)]) -> Vec<String> {
    let mut events = vec![
        ": a comment, as some servers send while they wait\n\n".to_owned(),
        delta(json!({ "role": "assistant", "content": "" }), Value::Null),
    ];
    for word in text.split_inclusive(' ') {
        events.push(delta(json!({ "content": word }), Value::Null));
    }
    for (index, (name, arguments)) in calls.iter().enumerate() {
        let arguments = arguments.as_str().map_or_else(|| arguments.to_string(), str::to_owned);
        let (first, second) = arguments.split_at(arguments.len() / 2);
        let piece = |call: Value| delta(json!({ "tool_calls": [call] }), Value::Null);
        events.push(piece(json!({
            "index": index, "id": format!("of-the-model-{index}"), "type": "function",
            "function": { "name": name, "arguments": "" },
        })));
        for fragment in [first, second] {
            events.push(piece(json!({ "index": index, "function": { "arguments": fragment } })));
        }
    }
    let reason = if calls.is_empty() { "stop" } else { "tool_calls" };
    events.push(delta(json!({}), json!(reason)));
    let usage = json!({
        "prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110,
        "prompt_tokens_details": { "cached_tokens": 60 },
    });
    events.push(event(&json!({ "choices": [], "usage": usage })));
    events.push("data: [DONE]\n\n".to_owned());
    events
}
