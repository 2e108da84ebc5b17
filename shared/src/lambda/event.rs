//! Requests, as their events have them. HTTP API and Function URL send the same event, but for its path.

use std::net::IpAddr;

use bytes::Bytes;
use lambda_http::request::{LambdaRequest, RequestContext};
use lambda_http::{Body, LambdaEvent, RequestExt};
use url::form_urlencoded::Serializer;

use crate::http::{Request, RequestInfo, path};
use crate::model::Time;

/// The event with a query that a URI can have: the query comes as the client sent it, and `lambda_http` panics
/// at one that is none.
pub(super) fn readable(mut event: LambdaEvent<LambdaRequest>) -> LambdaEvent<LambdaRequest> {
    if let LambdaRequest::ApiGatewayV2(request) = &mut event.payload
        && let Some(query) = &mut request.raw_query_string
    {
        *query = path::encode_query(query);
    }
    event
}

/// The request of an event of the HTTP API, which has decoded the path.
pub(super) fn of_api(event: lambda_http::Request) -> Request {
    let decoded = event.raw_http_path().to_owned();
    // In the URI, what looks like the query may be the end of such a path.
    let query = if decoded.contains(['?', '#']) {
        let pairs = event.query_string_parameters();
        Some(Serializer::new(String::new()).extend_pairs(pairs.iter()).finish())
    } else {
        event.uri().query().map(str::to_owned)
    };
    request(event, path::encode(&decoded), query)
}

/// The request of an event of a Function URL, which has the path as it was sent. It is read as the HTTP API
/// reads it.
pub(super) fn of_function_url(event: lambda_http::Request) -> Request {
    let path = path::normalise(event.raw_http_path());
    let query = event.uri().query().map(str::to_owned);
    let domain = match event.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.domain_name.clone(),
        _ => None,
    };
    let mut request = request(event, path, query);
    if let Some(info) = request.extensions_mut().get_mut::<RequestInfo>() {
        info.function_url = domain.map(|domain| format!("https://{domain}"));
    }
    request
}

fn request(event: lambda_http::Request, path: String, query: Option<String>) -> Request {
    let (source_ip, request_id) = match event.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => {
            (context.http.source_ip.clone(), context.request_id.clone())
        }
        _ => (None, None),
    };
    let source_ip: Option<IpAddr> = source_ip.and_then(|ip| ip.parse().ok());
    let request_id = request_id.unwrap_or_else(|| "unknown".to_owned());
    let deadline = event.lambda_context_ref().map(|context| context.deadline);
    let deadline = deadline.and_then(|millis| i64::try_from(millis).ok()).map(Time::from_millis);
    let (mut parts, body) = event.into_parts();
    // Without a stage in front.
    let target = match query.filter(|query| !query.is_empty()) {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    parts.uri = target.parse().unwrap_or_default();
    parts.extensions.clear();
    let info = RequestInfo::new(request_id, source_ip, &parts.headers);
    let info = RequestInfo { deadline, ..info };
    parts.extensions.insert(info);
    let body = match body {
        Body::Text(text) => Bytes::from(text),
        Body::Binary(bytes) => Bytes::from(bytes),
        _ => Bytes::new(),
    };
    Request::from_parts(parts, body)
}
