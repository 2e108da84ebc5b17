//! Refusals as MCP clients can read them: a JSON-RPC error whose text says what to do.

use byline_shared::context::Context;
use byline_shared::http::problem::Problem;
use byline_shared::http::{Response, document};
use http::StatusCode;
use http::header::RETRY_AFTER;
use serde_json::{Value, json};

/// A body that is no JSON (JSON-RPC 2.0 §5.1).
pub(crate) const PARSE_ERROR: i32 = -32700;
/// A body that is no request.
pub(crate) const INVALID_REQUEST: i32 = -32600;
const INTERNAL_ERROR: i32 = -32603;

/// The answer for a problem that has an HTTP status of its own, with the problem's headers. `id` is
/// that of the request, null where it was not read.
pub(crate) fn of(cx: &Context, problem: Problem, id: &Value) -> Response {
    let status = problem.code.status();
    let code = match status {
        // What HTTP has a status for and JSON-RPC has no code keeps its status as its code, outside
        // the range that JSON-RPC reserves.
        401 | 403 | 404 | 409 | 429 | 503 => i32::from(status),
        500.. => INTERNAL_ERROR,
        _ => INVALID_REQUEST,
    };
    let mut data = json!({
        "status": status,
        "code": problem.code.as_str(),
        "request_id": cx.request.request_id,
    });
    let wait = problem.headers.iter().find(|(name, _)| *name == RETRY_AFTER);
    if let Some(seconds) = wait.and_then(|(_, value)| value.to_str().ok()?.parse::<u64>().ok()) {
        data["retry_after_seconds"] = seconds.into();
    }
    let mut text = problem.detail;
    for error in &problem.errors {
        text.push_str(&format!("\n{}: {}", error.pointer.trim_start_matches('/'), error.message));
    }
    let status = StatusCode::from_u16(status).expect("every code has a valid status");
    let mut response = error(status, code, &text, id, Some(data));
    response.headers_mut().extend(problem.headers);
    response
}

/// A JSON-RPC error under an HTTP status. Without an `id` where none was read: in this protocol, it is
/// text or a number or not there.
pub(crate) fn error(
    status: StatusCode,
    code: i32,
    message: &str,
    id: &Value,
    data: Option<Value>,
) -> Response {
    let mut body = json!({ "jsonrpc": "2.0", "error": { "code": code, "message": message } });
    if !id.is_null() {
        body["id"] = id.clone();
    }
    if let Some(data) = data {
        body["error"]["data"] = data;
    }
    let mut response = document("application/json", body.to_string());
    *response.status_mut() = status;
    response
}
