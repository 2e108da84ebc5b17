//! Headers on every answer: security, caching, CORS, validators.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use http::header::{
    ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    ETAG, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH, LOCATION, REFERRER_POLICY, RETRY_AFTER,
    STRICT_TRANSPORT_SECURITY, VARY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, Method, StatusCode};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::idempotency_key::{IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED};
use super::{Body, Response};
use crate::http::cache::Cache;

/// The header that carries the request id.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The limits of a caller (draft-ietf-httpapi-ratelimit-headers-10).
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What is left of them.
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Keeps an answer out of search engines.
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// OWASP REST Security Cheat Sheet; an operation may set its own value (a page's CSP).
const SECURITY: [(HeaderName, HeaderValue); 6] = [
    (STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains")),
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    ),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    ),
];

/// What has moved is asked for in the same way at its new address: with the query of the request.
pub fn keep_query(response: &mut Response, query: Option<&str>) {
    let Some(query) = query.filter(|query| !query.is_empty()) else { return };
    let location = response.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    let location = location.filter(|location| !location.contains('?'));
    let location = location.and_then(|path| HeaderValue::try_from(format!("{path}?{query}")).ok());
    if let Some(location) = location {
        response.headers_mut().insert(LOCATION, location);
    }
}

/// Adds what every answer carries. Errors and redirects are never cached, whatever the operation says.
pub fn complete(response: &mut Response, cache: Cache, request_id: &str) {
    // A redirect is not kept either: a post that moves back would meet its own.
    let status = response.status();
    let succeeded = status.is_success() || status == StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    for (name, value) in &SECURITY {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    if cache == Cache::Private {
        headers.insert(ROBOTS, HeaderValue::from_static("noindex"));
    }
    let cache = if succeeded || cache == Cache::Private { cache } else { Cache::NoStore };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache.header()));
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(X_REQUEST_ID, id);
    }
    in_one_line(headers);
}

/// Makes one line of the fields of `Vary`: the operation and the CORS policy have one each, and of several API Gateway
/// gets the first alone.
fn in_one_line(headers: &mut HeaderMap) {
    let lines: Vec<&[u8]> = headers.get_all(VARY).iter().map(HeaderValue::as_bytes).collect();
    if lines.len() > 1
        && let Ok(line) = HeaderValue::from_bytes(&lines.join(&b", "[..]))
    {
        headers.insert(VARY, line);
    }
}

/// Takes the body out of an answer to HEAD, and says how long it would be (RFC 9110 §8.6), if that is
/// known.
pub fn without_body(response: &mut Response) {
    let body = std::mem::take(response.body_mut());
    let Some(length) = body.whole().map(bytes::Bytes::len) else { return };
    let status = response.status();
    if status != StatusCode::NO_CONTENT && status != StatusCode::NOT_MODIFIED {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
}

/// Gives a cacheable answer a strong validator and turns it into 304 where the caller has it
/// already (RFC 9110 §13.1.2).
pub fn revalidate(response: &mut Response, if_none_match: Option<&HeaderValue>) {
    if response.status() != StatusCode::OK {
        return;
    }
    let Some(body) = response.body().whole() else { return };
    let digest = digest(&SHA256, body);
    let etag = format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(&digest.as_ref()[..12]));
    if if_none_match.and_then(|value| value.to_str().ok()).is_some_and(|value| names(value, &etag))
    {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::default();
        response.headers_mut().remove(CONTENT_TYPE);
    }
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(ETAG, etag);
    }
}

/// Whether an `If-None-Match` value names `etag`, by weak comparison.
fn names(if_none_match: &str, etag: &str) -> bool {
    if_none_match.split(',').map(str::trim).any(|candidate| {
        candidate == "*" || candidate.strip_prefix("W/").unwrap_or(candidate) == etag
    })
}

/// The CORS policy, the same locally and on Lambda: listed origins, no credentials (tokens travel in
/// `Authorization`), preflights answered for two hours, the longest that browsers keep.
pub fn cors(origins: &[HeaderValue]) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins.iter().cloned()))
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([
            ACCEPT,
            AUTHORIZATION,
            CONTENT_TYPE,
            IF_MATCH,
            IF_NONE_MATCH,
            IDEMPOTENCY_KEY,
            HeaderName::from_static("mcp-protocol-version"),
            HeaderName::from_static("mcp-method"),
            HeaderName::from_static("mcp-name"),
        ])
        .expose_headers([
            ETAG,
            LOCATION,
            RETRY_AFTER,
            WWW_AUTHENTICATE,
            X_REQUEST_ID,
            RATE_LIMIT,
            RATE_LIMIT_POLICY,
            IDEMPOTENCY_REPLAYED,
        ])
        .max_age(Duration::from_secs(7200))
}
