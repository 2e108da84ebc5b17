//! A stand-in for a Function URL with `RESPONSE_STREAM`
//! (<https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>): hands HTTP requests to processes of
//! a function, one at a time to each, and sends what they answer piece by piece.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use base64::prelude::{BASE64_STANDARD, Engine};
use futures_util::stream;
use http::header::{CONTENT_TYPE, COOKIE, HOST, HeaderMap};
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use super::runtime_api::{FunctionAnswer, Process};
use super::{App, Client, functions};

/// The domain of the URL, as the events have it.
pub(crate) const DOMAIN: &str = "example.lambda-url.eu-central-1.on.aws";

/// The address of every client, as the events have it.
pub(crate) const SOURCE_IP: &str = "192.0.2.1";

/// A URL.
pub(crate) struct FunctionUrl {
    base: String,
    server: tokio::task::JoinHandle<()>,
}

struct Front {
    name: &'static str,
    environment: Vec<(String, String)>,
    idle: Mutex<Vec<Process>>,
}

impl FunctionUrl {
    /// The URL of a function that works on the data of `app`.
    pub(crate) async fn start(app: &App, name: &'static str) -> Self {
        functions::build(name);
        let environment = app.byline.lambda_environment.clone();
        let front = Arc::new(Front { name, environment, idle: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(front);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, server }
    }

    /// The same person at this URL.
    pub(crate) fn client(&self, person: &Client) -> Client {
        person.at(&self.base)
    }
}

impl Drop for FunctionUrl {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(front): State<Arc<Front>>, request: Request) -> Response {
    let event = event(request).await;
    let idle = front.idle.lock().await.pop();
    let mut process = match idle {
        Some(process) => process,
        None => Process::start(functions::command(front.name, &front.environment)).await,
    };
    let answered = process.answer(&event).await.unwrap_or_else(|error| panic!("{error}"));
    tokio::spawn(async move {
        process.is_frozen().await;
        front.idle.lock().await.push(process);
    });
    let FunctionAnswer::Streamed(answer) = answered else { panic!("it does not stream") };
    let mut response = Response::builder();
    let head = &answer.head;
    response = response.status(u16::try_from(head["statusCode"].as_u64().unwrap()).unwrap());
    for (name, value) in head["headers"].as_object().unwrap() {
        response = response.header(name, value.as_str().unwrap());
    }
    for cookie in head["cookies"].as_array().unwrap() {
        response = response.header("set-cookie", cookie.as_str().unwrap());
    }
    let pieces = stream::unfold(answer, |mut answer| async move {
        answer.next().await.map(|piece| (Ok::<_, std::convert::Infallible>(piece), answer))
    });
    response.body(Body::from_stream(pieces)).unwrap()
}

/// The event of a request.
async fn event(request: Request) -> Value {
    let (parts, body) = request.into_parts();
    let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().into()).unwrap();
    let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
    event_of((parts.method.as_str(), path, query), &parts.headers, &body)
}

/// The event of a request with this method, path and query.
pub(crate) fn event_of(
    (method, path, query): (&str, &str, &str),
    headers: &HeaderMap,
    body: &str,
) -> Value {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let text = |name: &http::HeaderName| -> String {
        let values = headers.get_all(name).iter().map(|value| value.to_str().unwrap());
        values.collect::<Vec<_>>().join(",")
    };
    let mut sent: Map<String, Value> = headers
        .keys()
        .filter(|name| **name != COOKIE)
        .map(|name| (name.to_string(), text(name).into()))
        .collect();
    sent.insert(HOST.to_string(), DOMAIN.into());
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": sent,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "example",
            "domainName": DOMAIN,
            "domainPrefix": "example",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": SOURCE_IP,
                "userAgent": text(&http::header::USER_AGENT),
            },
            "requestId": format!("request-{number}"),
            "routeKey": "$default",
            "stage": "$default",
            "time": "05/Jan/2026:09:00:00 +0000",
            "timeEpoch": 1_767_603_600_000_i64,
        },
        "isBase64Encoded": false,
    });
    if headers.contains_key(COOKIE) {
        event["cookies"] = text(&COOKIE).split("; ").map(Value::from).collect();
    }
    // What is no text comes encoded.
    let is_text = text(&CONTENT_TYPE).starts_with("application/json");
    if !body.is_empty() {
        event["isBase64Encoded"] = (!is_text).into();
        event["body"] = if is_text { body.to_owned() } else { BASE64_STANDARD.encode(body) }.into();
    }
    event
}
