//! The bucket on the public port. Signed requests go to the stand-in for S3. Published media is served
//! without a signature, as CloudFront does.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    ACCEPT_RANGES, AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use byline_shared::permission::Objects;
use s3s::dto::Range;
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::files::Meta;
use super::{BUCKET, S3, operations};

/// The routes of the bucket. Pages of the Desk and of `origins` may upload, as the bucket's CORS rules allow;
/// pages of `origins` may fetch media, as CloudFront's headers allow.
pub(crate) fn router(s3: S3, desk: Option<HeaderValue>, origins: &[HeaderValue]) -> Router {
    let listed =
        |origins: Vec<HeaderValue>| CorsLayer::new().allow_origin(AllowOrigin::list(origins));
    let uploading = origins.iter().cloned().chain(desk).collect();
    let uploads = listed(uploading).allow_methods([Method::PUT]).allow_headers([
        CONTENT_TYPE,
        IF_NONE_MATCH,
        HeaderName::from_static("x-amz-checksum-sha256"),
    ]);
    let reads = listed(origins.to_vec())
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers([IF_NONE_MATCH, RANGE])
        .expose_headers([ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, ETAG]);
    let [pending, media] =
        Objects::ALL.map(|objects| format!("/{BUCKET}/{}{{*name}}", objects.prefix()));
    Router::new()
        .route(&pending, any(signed).layer(uploads))
        .route(&media, get(public).fallback(signed).layer(reads))
        .with_state(Arc::new(s3))
}

async fn signed(State(s3): State<Arc<S3>>, request: Request) -> Response {
    let request = request.map(s3s::Body::http_body_unsync);
    s3.answer(request).await.map(Body::new).into_response()
}

async fn public(State(s3): State<Arc<S3>>, Path(name): Path<String>, request: Request) -> Response {
    if request.headers().contains_key(AUTHORIZATION) {
        return signed(State(s3), request).await;
    }
    let key = format!("{}{name}", Objects::Media.prefix());
    let (files, of_key) = (Arc::clone(&s3.files), key.clone());
    match tokio::task::spawn_blocking(move || files.meta(&of_key)).await {
        Ok(Ok(Some(meta))) => object(&s3, key, meta, request.headers()),
        Ok(Ok(None)) => StatusCode::NOT_FOUND.into_response(),
        Ok(Err(cause)) => {
            tracing::error!(%cause, "cannot read an object");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn object(s3: &S3, key: String, meta: Meta, asked: &HeaderMap) -> Response {
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: Option<String>| {
        if let Some(value) = value.and_then(|value| HeaderValue::try_from(value).ok()) {
            headers.insert(name, value);
        }
    };
    let etag = format!("\"{}\"", meta.etag);
    let known = asked.get(IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes());
    set(ETAG, Some(etag));
    set(CACHE_CONTROL, meta.cache_control);
    set(X_CONTENT_TYPE_OPTIONS, Some("nosniff".to_owned()));
    set(HeaderName::from_static("cross-origin-resource-policy"), Some("cross-origin".to_owned()));
    if known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    // An invalid range is ignored (RFC 9110 §14.2).
    let range = asked.get(RANGE).and_then(|range| Range::parse(range.to_str().ok()?).ok());
    let (status, range) = match range.map(|range| range.check(meta.size)) {
        None => (StatusCode::OK, 0..meta.size),
        Some(Ok(range)) => (StatusCode::PARTIAL_CONTENT, range),
        Some(Err(_)) => {
            set(CONTENT_RANGE, Some(format!("bytes */{}", meta.size)));
            return (StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response();
        }
    };
    if status == StatusCode::PARTIAL_CONTENT {
        let last = range.end - 1;
        set(CONTENT_RANGE, Some(format!("bytes {}-{last}/{}", range.start, meta.size)));
    }
    set(ACCEPT_RANGES, Some("bytes".to_owned()));
    set(CONTENT_TYPE, meta.content_type);
    set(CONTENT_LENGTH, Some((range.end - range.start).to_string()));
    let body = operations::read(Arc::clone(&s3.files), key, range);
    (status, headers, Body::from_stream(body)).into_response()
}
