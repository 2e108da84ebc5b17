//! The scripted model and the clock, for a browser's script in another language: it waits for what the model meets, lets
//! the model go on, and lets time pass.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::{get, post};
use byline_shared::clock::ManualClock;
use tokio::net::TcpListener;

use crate::conversations::agent::ScriptedModel;

/// The URL at which a script speaks with the test.
pub(super) async fn remote(model: &ScriptedModel, clock: &Arc<ManualClock>) -> String {
    let clock = Arc::clone(clock);
    let router = Router::new()
        .route("/was_asked/{times}", get(was_asked))
        .route("/was_hung_up/{times}", get(was_hung_up))
        .route("/go_on", post(go_on))
        .route("/tick", post(async move || clock.advance(1)))
        .with_state(model.clone());
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn was_asked(State(model): State<ScriptedModel>, Path(times): Path<usize>) {
    model.was_asked(times).await;
}

async fn was_hung_up(State(model): State<ScriptedModel>, Path(times): Path<usize>) {
    model.was_hung_up(times).await;
}

async fn go_on(State(model): State<ScriptedModel>) {
    model.go_on();
}
