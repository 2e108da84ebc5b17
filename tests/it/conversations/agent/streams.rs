//! A stream of a response as a client reads it: event by event, as they come.

use http::Method;
use serde_json::{Value, json};

use super::{RESPONSES, Step};
use crate::harness::Client;

/// A stream.
pub(super) struct Stream {
    response: reqwest::Response,
    rest: String,
    /// What was read.
    pub(super) events: Vec<Value>,
}

impl Stream {
    /// Asks the agent.
    pub(super) async fn ask(client: &Client, body: Value) -> Self {
        Self::ask_with(client, body, &[]).await
    }

    /// The same with further headers.
    pub(super) async fn ask_with(client: &Client, mut body: Value, more: &[(&str, &str)]) -> Self {
        body["stream"] = json!(true);
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(more);
        let body = Some(body.to_string().into_bytes());
        Self::of(client.begin(Method::POST, RESPONSES, &headers, body).await.unwrap())
    }

    /// Follows a response, behind a number or from its beginning.
    pub(super) async fn follow(client: &Client, id: &str, after: Option<usize>) -> Self {
        let after = after.map(|after| format!("&starting_after={after}")).unwrap_or_default();
        let path = format!("{RESPONSES}/{id}?stream=true{after}");
        Self::of(client.begin(Method::GET, &path, &[], None).await.unwrap())
    }

    fn of(response: reqwest::Response) -> Self {
        assert_eq!(response.status().as_u16(), 200);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/event-stream; charset=utf-8");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-accel-buffering"), "no");
        Self { response, rest: String::new(), events: Vec::new() }
    }

    /// The next event; `None` at the end. Comments are skipped.
    pub(super) async fn next(&mut self) -> Option<Value> {
        loop {
            let Some((event, rest)) = self.rest.split_once("\n\n") else {
                let more = self.response.chunk().await.unwrap()?;
                self.rest.push_str(std::str::from_utf8(&more).unwrap());
                continue;
            };
            let (event, rest) = (event.to_owned(), rest.to_owned());
            self.rest = rest;
            if event.starts_with(": ") {
                continue;
            }
            let (name, data) = event.split_once('\n').unwrap();
            let data: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
            assert_eq!(Some(name), data["type"].as_str().map(|n| format!("event: {n}")).as_deref());
            self.events.push(data.clone());
            return Some(data);
        }
    }

    /// Reads until the agent has said this.
    pub(super) async fn until_said(&mut self, text: &str) {
        while said(&self.events) != text {
            assert!(self.next().await.is_some(), "it ended with {:?}", said(&self.events));
        }
    }

    /// Reads to the end. Returns all events.
    pub(super) async fn until_the_end(mut self) -> Vec<Value> {
        while self.next().await.is_some() {}
        assert_eq!(self.rest, "", "nothing is cut off");
        self.events
    }
}

/// What the agent says in these events, piece by piece.
pub(super) fn said(events: &[Value]) -> String {
    let deltas = events.iter().filter(|event| event["type"] == "response.output_text.delta");
    deltas.map(|event| event["delta"].as_str().unwrap()).collect()
}

/// The kinds of events, without what all of them begin with.
pub(super) fn kinds(events: &[Value]) -> Vec<&str> {
    let names = events.iter().map(|event| event["type"].as_str().unwrap());
    names.map(|name| name.strip_prefix("response.").unwrap()).collect()
}

/// The response at the end of a stream, which ends with this event.
pub(super) fn ended<'a>(events: &'a [Value], kind: &str) -> &'a Value {
    let ends = ["completed", "incomplete", "failed"];
    let all = kinds(events);
    let count = all.iter().filter(|kind| ends.contains(*kind)).count();
    assert_eq!((count, all.last().copied()), (1, Some(kind)), "{all:?}");
    &events.last().unwrap()["response"]
}

/// A model that says this, and waits before the rest.
pub(super) fn waits(text: &'static str, then: Step) -> Step {
    Step::Waits(text, Box::new(then))
}

/// A whole answer with everything in it.
pub(super) fn look_and_tell() -> Vec<Step> {
    vec![
        Step::Calls("I look.", vec![("echo", json!({ "text": "a" })), ("fail", json!({}))]),
        Step::Says("Two drafts wait."),
    ]
}

/// The id of the response that these are the events of.
pub(super) fn id(events: &[Value]) -> String {
    events[0]["response"]["id"].as_str().unwrap().to_owned()
}
