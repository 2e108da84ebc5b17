//! The HTTP conventions that every operation shares.

pub mod accept;
mod body;
pub mod cache;
pub mod headers;
pub mod idempotency_key;
pub mod if_match;
mod openai_error;
pub mod page;
pub mod path;
pub mod problem;
pub mod public_address;

use std::net::IpAddr;

use accept::Accept;
pub use body::Body;
use bytes::Bytes;

use crate::model::Time;

/// A request with its whole body, the same locally and on Lambda.
pub type Request = http::Request<Bytes>;

/// A response.
pub type Response = http::Response<Body>;

/// An answer of this media type.
#[must_use]
pub fn document(media_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    let media_type = http::HeaderValue::from_static(media_type);
    response.headers_mut().insert(http::header::CONTENT_TYPE, media_type);
    response
}

/// What the listener knows of a request beyond HTTP; an extension of every [`Request`].
#[derive(Clone, Debug)]
pub struct RequestInfo {
    /// Names this request in logs, in `X-Request-Id` and in problems.
    pub request_id: String,
    /// The peer's address as the gateway saw it: never from a forwarded header.
    pub source_ip: Option<IpAddr>,
    /// What the client calls itself, shortened and without control characters.
    pub user_agent: Option<String>,
    /// Which media types the client prefers.
    pub accept: Accept,
    /// When the process is stopped that works on it; `None` if it is not.
    pub deadline: Option<Time>,
    /// The Function URL that it came by, without a slash at the end; `None` if it came by another way.
    pub function_url: Option<String>,
}

/// The longest `User-Agent` that is kept, in characters.
const MAX_USER_AGENT: usize = 200;

impl RequestInfo {
    /// What is known of a request with these headers.
    #[must_use]
    pub fn new(request_id: String, source_ip: Option<IpAddr>, headers: &http::HeaderMap) -> Self {
        let user_agent = headers.get(http::header::USER_AGENT);
        let user_agent = user_agent.and_then(|value| value.to_str().ok()).map(|text| {
            text.chars().filter(|char| !char.is_control()).take(MAX_USER_AGENT).collect()
        });
        let accept = Accept::of(headers);
        Self { request_id, source_ip, user_agent, accept, deadline: None, function_url: None }
    }

    /// For work that no request asked for.
    #[must_use]
    pub fn none() -> Self {
        Self {
            request_id: "none".to_owned(),
            source_ip: None,
            user_agent: None,
            accept: Accept::default(),
            deadline: None,
            function_url: None,
        }
    }
}
