//! Problems as JSON-RPC errors, the only error form that MCP clients read.

use byline_shared::context::Context;
use byline_shared::http::problem::Problem;
use byline_shared::http::{Response, document};
use byline_tools::field_error;
use http::StatusCode;
use http::header::RETRY_AFTER;
use serde_json::{Value, json};

/// The body is not JSON (JSON-RPC 2.0 §5.1).
pub(crate) const PARSE_ERROR: i32 = -32700;
/// The body is JSON, but not a request.
pub(crate) const INVALID_REQUEST: i32 = -32600;
const INTERNAL_ERROR: i32 = -32603;

/// The response to a problem that is also an HTTP error, with the problem's headers. `id` is the
/// request's id, or null if it could not be read.
pub(crate) fn from_problem(cx: &Context, problem: Problem, id: &Value) -> Response {
    let status = problem.code.status();
    let code = match status {
        // JSON-RPC has no code for these. The HTTP status serves as the code: it is outside the
        // range that JSON-RPC reserves.
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
        text.push_str(&format!("\n{}", field_error::line(error)));
    }
    let status = StatusCode::from_u16(status).expect("every code has a valid status");
    let mut response = response(status, code, &text, id, Some(data));
    response.headers_mut().extend(problem.headers);
    response
}

/// A JSON-RPC error under an HTTP status. A null `id` is left out: MCP allows strings and numbers
/// only.
pub(crate) fn response(
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
