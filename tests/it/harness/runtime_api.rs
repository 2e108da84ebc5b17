//! A stand-in for the Lambda Runtime API
//! (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>): starts a real binary and
//! hands it one event.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::sync::{Mutex, oneshot};

/// What a function said about an event.
type Outcome = Result<Value, String>;

struct Invocation {
    event: Mutex<Option<String>>,
    outcome: Mutex<Option<oneshot::Sender<Outcome>>>,
}

/// Starts a function's process, hands it `event`, and returns its response.
pub(crate) async fn invoke(mut function: Command, event: &Value) -> Outcome {
    let (sender, outcome) = oneshot::channel();
    let state = Arc::new(Invocation {
        event: Mutex::new(Some(event.to_string())),
        outcome: Mutex::new(Some(sender)),
    });
    let router = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(error))
        .with_state(state);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });

    let child = function
        .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", "test")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap_or_else(|error| panic!("{function:?}: {error}"));
    let answered = tokio::time::timeout(Duration::from_secs(60), outcome).await;
    child.kill().unwrap();
    let output = tokio::task::spawn_blocking(|| child.wait_with_output()).await.unwrap().unwrap();
    server.abort();
    match answered {
        Ok(Ok(outcome)) => outcome,
        _ => Err(format!("no answer; its log: {}", String::from_utf8_lossy(&output.stdout))),
    }
}

async fn next(State(invocation): State<Arc<Invocation>>) -> Response {
    let Some(event) = invocation.event.lock().await.take() else {
        // There is one event; Lambda would freeze the function here.
        return std::future::pending().await;
    };
    let headers = [
        ("lambda-runtime-aws-request-id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-central-1:123456789012:function:test",
        ),
        ("lambda-runtime-trace-id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0"),
        ("content-type", "application/json"),
    ];
    (headers, event).into_response()
}

async fn response(State(invocation): State<Arc<Invocation>>, body: String) -> StatusCode {
    finish(&invocation, serde_json::from_str(&body).map_err(|error| error.to_string())).await
}

async fn error(State(invocation): State<Arc<Invocation>>, body: String) -> StatusCode {
    finish(&invocation, Err(body)).await
}

async fn finish(invocation: &Invocation, outcome: Outcome) -> StatusCode {
    if let Some(sender) = invocation.outcome.lock().await.take() {
        let _ = sender.send(outcome);
    }
    StatusCode::ACCEPTED
}
