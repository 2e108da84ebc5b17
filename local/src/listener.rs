//! The HTTP listener: hands each request to its operation and prints the request log.

use std::convert::Infallible;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, StatusCode, Uri, Version};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Json, Response};
use axum::routing::get;
use byline_shared::context::Context;
use byline_shared::crypto::random;
use byline_shared::endpoint::Router as Operations;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::http::{RequestInfo, path};
use byline_shared::model::Zone;
use futures_util::StreamExt;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;

use crate::local_pages::LocalPages;
use crate::mailbox::{self, Mailbox};
use crate::s3::{self, S3};

/// The limit of Lambda, in bytes. Operations have lower limits of their own.
const MAX_BODY: usize = 6 * 1024 * 1024;

/// How much of a body that is too large is read and thrown away, in bytes, and for how long.
const MAX_DRAINED: usize = 16 * 1024 * 1024;
const DRAINING: Duration = Duration::from_secs(5);

/// What the handlers share.
pub(crate) struct Shared {
    pub(crate) router: Operations,
    pub(crate) mailbox: Mailbox,
    /// What the pages of this machine read the settings with.
    pub(crate) context: Context,
    pub(crate) local_pages: LocalPages,
    pub(crate) public_url: String,
    pub(crate) s3: S3,
    /// The origins whose pages may upload and fetch media, beside the Desk.
    pub(crate) cors_origins: Vec<HeaderValue>,
    /// Whether to print one line per request.
    pub(crate) log: bool,
}

/// The routes of the public port.
pub(crate) fn router(shared: Shared) -> Router {
    let shared = Arc::new(shared);
    let desk = url::Url::parse(&shared.public_url).ok();
    let desk = desk.and_then(|url| url.origin().ascii_serialization().try_into().ok());
    let bucket = s3::router(shared.s3.clone(), desk, &shared.cors_origins)
        .layer(from_fn_with_state(Arc::clone(&shared), logged));
    Router::new()
        .route(mailbox::PATH, get(mail))
        .route(mailbox::HTML_PATH, get(html_mail))
        .fallback(operation)
        .with_state(shared)
        .merge(bucket)
}

async fn mail(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    version: Version,
    headers: HeaderMap,
) -> Response {
    if let Err(reason) = shared.local_pages.check(peer, version, &headers) {
        return (StatusCode::FORBIDDEN, [(CACHE_CONTROL, "no-store")], reason).into_response();
    }
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let headers = [
        (CONTENT_SECURITY_POLICY, mailbox::content_security_policy()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    if accept.contains("application/json") {
        let items = serde_json::json!({ "items": shared.mailbox.mails() });
        return (headers, Json(items)).into_response();
    }
    let settings = &shared.context.settings;
    let settings = settings.read().await.unwrap_or_else(|_| settings.last());
    let zone = Zone::of(&settings.time_zone);
    (headers, Html(shared.mailbox.page(&shared.public_url, &zone))).into_response()
}

/// One mail as a mail app shows it.
async fn html_mail(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    version: Version,
    headers: HeaderMap,
    Path(number): Path<usize>,
) -> Response {
    if let Err(reason) = shared.local_pages.check(peer, version, &headers) {
        return (StatusCode::FORBIDDEN, [(CACHE_CONTROL, "no-store")], reason).into_response();
    }
    let headers = [
        (CONTENT_SECURITY_POLICY, mailbox::HTML_MAIL_POLICY),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    match shared.mailbox.html(number) {
        Some(html) => (headers, Html(html)).into_response(),
        None => (StatusCode::NOT_FOUND, headers, "There is no such mail.").into_response(),
    }
}

async fn operation(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let started = Instant::now();
    let request_id = random::letters(12);
    let (mut parts, mut body) = request.into_parts();
    parts.uri = as_gateway(&parts.uri);
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let info = RequestInfo::new(request_id, Some(peer.ip()), &parts.headers);
    let response = match Limited::new(&mut body, MAX_BODY).collect().await {
        Ok(body) => {
            let body = body.to_bytes();
            parts.extensions.clear();
            parts.extensions.insert(info);
            shared.router.answer(http::Request::from_parts(parts, body)).await
        }
        Err(error) => {
            let problem = if error.is::<LengthLimitError>() {
                drain(&mut body).await;
                let detail = format!("The request body is larger than {MAX_BODY} bytes.");
                Problem::new(Code::PayloadTooLarge, detail)
            } else {
                Problem::new(Code::MalformedRequest, "The request body is incomplete or malformed.")
            };
            shared.router.service(&method, &path).refuse(info, problem)
        }
    };
    if shared.log {
        log(&method, &without_secret(&path), response.status(), started);
    }
    response.map(into_body)
}

/// The body as it is sent: one of pieces is dropped when its client hangs up.
fn into_body(body: byline_shared::http::Body) -> Body {
    match body {
        byline_shared::http::Body::Whole(bytes) => bytes.into(),
        byline_shared::http::Body::Pieces(pieces) => {
            Body::from_stream(pieces.map(Ok::<_, Infallible>))
        }
    }
}

/// The path for the log: the token of a preview link opens the preview, and it is as good in an address that is
/// mistyped, escaped twice, or redirected to the right one.
fn without_secret(path: &str) -> String {
    let mut plain = path.to_owned();
    loop {
        let decoded = percent_decode_str(&plain).decode_utf8_lossy().into_owned();
        if decoded == plain {
            break;
        }
        plain = decoded;
    }
    let before =
        |segment: &&str| !matches!(segment.to_lowercase().as_str(), "preview" | "previews");
    let segments: Vec<&str> = plain.split(['/', '\\']).collect();
    let shown = segments.iter().copied().take_while(before).count();
    if shown + 1 >= segments.len() {
        return path.to_owned();
    }
    path::encode(&format!("{}/", segments[..=shown].join("/")))
}

/// Reads on for a while. A client that is still sending when the connection is closed gets no answer.
async fn drain(body: &mut Body) {
    let mut left = MAX_DRAINED;
    let rest = async {
        while let Some(Ok(frame)) = body.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
            if left == 0 {
                break;
            }
        }
    };
    // A client that is slower than that loses the answer.
    let _ = timeout(DRAINING, rest).await;
}

/// The path and query in the form in which API Gateway's reach an operation.
fn as_gateway(uri: &Uri) -> Uri {
    let path = path::normalise(uri.path());
    let target = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    target.parse().unwrap_or_default()
}

/// Prints requests to the bucket in the log. Leaves out the query, which holds a signature.
async fn logged(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    if shared.log {
        log(&method, &path, response.status(), started);
    }
    response
}

fn log(method: &Method, path: &str, status: StatusCode, started: Instant) {
    let (status, millis) = (status.as_u16(), started.elapsed().as_secs_f64() * 1000.0);
    // A closed stdout must not stop the server.
    let _ = writeln!(std::io::stdout(), "{method:6} {path} {status} {millis:.1} ms");
}
