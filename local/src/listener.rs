//! The HTTP listener: hands each request to its operation, and keeps a readable log.

use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderMap, HeaderValue,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Json, Response};
use axum::routing::get;
use byline_shared::crypto::random;
use byline_shared::http::cache::Cache;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::http::{RequestInfo, headers};
use http_body_util::LengthLimitError;

use crate::app::App;
use crate::mailbox::Mailbox;
use crate::s3::{self, S3};

/// Lambda takes 6 MB; operations take less, and say so themselves.
const MAX_BODY: usize = 6 * 1024 * 1024;

/// What the listener needs.
pub(crate) struct Front {
    pub(crate) app: App,
    pub(crate) mailbox: Mailbox,
    pub(crate) public_url: String,
    pub(crate) s3: S3,
    /// The origins whose pages may upload.
    pub(crate) cors_origins: Vec<HeaderValue>,
    /// Whether each answer is logged in one line.
    pub(crate) log: bool,
}

/// Everything that is answered on the public port.
pub(crate) fn router(front: Front) -> Router {
    let front = Arc::new(front);
    let bucket = s3::router(front.s3.clone(), &front.cors_origins)
        .layer(from_fn_with_state(Arc::clone(&front), logged));
    Router::new()
        .route("/_local/mail", get(mail))
        .fallback(operation)
        .with_state(front)
        .merge(bucket)
}

async fn mail(
    State(front): State<Arc<Front>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    // Its links open accounts: they are for whoever sits at this machine.
    if !peer.ip().to_canonical().is_loopback() {
        return StatusCode::FORBIDDEN.into_response();
    }
    // A page of another site that had its name rebound to this machine would read every link.
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if name != "localhost" && name.trim_matches(['[', ']']).parse::<IpAddr>().is_err() {
        return StatusCode::FORBIDDEN.into_response();
    }
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let headers = [
        (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    if accept.contains("application/json") {
        let items = serde_json::json!({ "items": front.mailbox.mails() });
        return (headers, Json(items)).into_response();
    }
    (headers, Html(front.mailbox.page())).into_response()
}

async fn operation(
    State(front): State<Arc<Front>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let started = Instant::now();
    let request_id = random::letters(12);
    let (mut parts, body) = request.into_parts();
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let response = match axum::body::to_bytes(body, MAX_BODY).await {
        Ok(body) => {
            let info = RequestInfo::new(request_id, Some(peer.ip()), &parts.headers);
            parts.extensions.clear();
            parts.extensions.insert(info);
            front.app.answer(http::Request::from_parts(parts, body)).await
        }
        Err(error) => {
            let problem = if error.into_inner().is::<LengthLimitError>() {
                let detail = format!("The request body may have {MAX_BODY} bytes at most.");
                Problem::new(Code::PayloadTooLarge, detail)
            } else {
                Problem::new(Code::MalformedRequest, "The body breaks off or is malformed.")
            };
            let mut response = problem.into_response(&front.public_url, &request_id);
            headers::complete(&mut response, Cache::NoStore, &request_id);
            response
        }
    };
    if front.log {
        log(&method, &path, response.status(), started);
    }
    response.map(Body::from)
}

/// Logs requests to the bucket as those to operations. What is behind the path is a signature.
async fn logged(State(front): State<Arc<Front>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    if front.log {
        log(&method, &path, response.status(), started);
    }
    response
}

fn log(method: &Method, path: &str, status: StatusCode, started: Instant) {
    let (status, millis) = (status.as_u16(), started.elapsed().as_secs_f64() * 1000.0);
    // Whoever read the log may be gone; the answers go on.
    let _ = writeln!(std::io::stdout(), "{method:6} {path} {status} {millis:.1} ms");
}
