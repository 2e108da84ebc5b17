//! Stands between a process and its AWS, passes on one call after the other, and kills the process at a given one.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST};
use http::{HeaderMap, Method, Uri};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

use crate::harness::runtime_api::Killer;

/// When the process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// At this call, which is not carried out.
    Before(usize),
    /// At this call, which is carried out: the process does not get its answer.
    After(usize),
}

/// What a process did before it was killed.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// The calls that were carried out, or refused: the action with its body.
    pub(super) calls: Vec<String>,
    pub(super) is_killed: bool,
}

pub(super) struct Relay {
    pub(super) url: String,
    state: Arc<State>,
    server: JoinHandle<()>,
}

struct State {
    http: reqwest::Client,
    aws: String,
    kill_at: Option<Call>,
    killer: Killer,
    /// Held by the call that is under way, so that nothing is carried out after the kill.
    turn: Mutex<()>,
    seen: watch::Sender<Seen>,
}

impl Relay {
    /// For a process that is about to start.
    pub(super) async fn start(aws: String, kill_at: Option<Call>, killer: Killer) -> Self {
        let (http, turn, seen) =
            (reqwest::Client::new(), Mutex::default(), watch::Sender::default());
        let state = Arc::new(State { http, aws, kill_at, killer, turn, seen });
        let passing = Arc::clone(&state);
        let router = Router::new().fallback(
            move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
                let state = Arc::clone(&passing);
                async move {
                    match state.pass(method, uri, headers, body).await {
                        Some(answer) => answer,
                        None => std::future::pending().await,
                    }
                }
            },
        );
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, state, server }
    }

    pub(super) fn seen(&self) -> Seen {
        self.state.seen.borrow().clone()
    }

    pub(super) async fn was_killed(&self) {
        let mut seen = self.state.seen.subscribe();
        seen.wait_for(|seen| seen.is_killed).await.unwrap();
    }

    /// Waits for as many further renewals of the lease, which come each second.
    pub(super) async fn was_renewed(&self, times: usize) {
        let count = |seen: &Seen| {
            let is_renewal =
                |call: &&String| call.starts_with("UpdateItem ") && call.contains("lease_until");
            seen.calls.iter().filter(is_renewal).count()
        };
        let mut seen = self.state.seen.subscribe();
        let before = count(&seen.borrow());
        seen.wait_for(|seen| count(seen) >= before + times).await.unwrap();
    }

    /// Kills the process now, between two calls.
    pub(super) async fn kill(&self) {
        let _turn = self.state.turn.lock().await;
        self.state.kill();
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl State {
    /// The answer to a call. `None` where the process does not live to see it.
    async fn pass(
        &self,
        method: Method,
        uri: Uri,
        mut headers: HeaderMap,
        body: Bytes,
    ) -> Option<Response> {
        let _turn = self.turn.lock().await;
        let number = self.seen.borrow().calls.len();
        if self.seen.borrow().is_killed || self.kill_at == Some(Call::Before(number)) {
            self.kill();
            return None;
        }
        let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
        let action = target.and_then(|target| target.split('.').nth(1)).unwrap_or_default();
        let call = format!("{action} {}", String::from_utf8_lossy(&body));
        headers.remove(HOST);
        headers.remove(CONTENT_LENGTH);
        let sent = self.http.request(method, format!("{}{uri}", self.aws)).headers(headers);
        let answer = sent.body(body).send().await.unwrap();
        let (status, answer) = (answer.status(), answer.bytes().await.unwrap());
        let refused = if status.is_success() { "" } else { "refused " };
        self.seen.send_modify(|seen| seen.calls.push(format!("{refused}{call}")));
        if self.kill_at == Some(Call::After(number)) {
            self.kill();
            return None;
        }
        Some((status, [(CONTENT_TYPE, "application/x-amz-json-1.0")], answer).into_response())
    }

    fn kill(&self) {
        self.killer.kill();
        self.seen.send_modify(|seen| seen.is_killed = true);
    }
}
