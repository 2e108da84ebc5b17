//! The HTTP conventions that every operation shares.

pub mod headers;
pub mod page;
pub mod path;
pub mod problem;

use std::net::IpAddr;

use bytes::Bytes;

/// A request with its whole body, the same at home and on Lambda.
pub type Request = http::Request<Bytes>;

/// A response with its whole body.
pub type Response = http::Response<Bytes>;

/// What the listener knows of a request beyond HTTP; an extension of every [`Request`].
#[derive(Clone, Debug)]
pub struct RequestInfo {
    /// Names this request in logs, in `X-Request-Id` and in problems.
    pub request_id: String,
    /// The peer's address as the gateway saw it: never from a forwarded header.
    pub source_ip: Option<IpAddr>,
}
