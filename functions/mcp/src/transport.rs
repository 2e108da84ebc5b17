//! Checks around `rmcp`: what it does not check, and errors that it sends as plain text, which MCP
//! clients cannot read.

use byline_shared::http::Response;
use byline_tools::truncate;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use rmcp::model::{ErrorCode, ProtocolVersion};
use serde_json::{Value, json};

use crate::jsonrpc_error::{self, INVALID_REQUEST, PARSE_ERROR};

const VERSION_HEADER: &str = "mcp-protocol-version";

/// The `_meta` key in which a request of revision 2026-07-28 names its revision.
const VERSION_KEY: &str = "io.modelcontextprotocol/protocolVersion";

/// The longest string in an error, in characters: it may echo the caller's input.
const MAX_ECHO: usize = 1000;

const ERROR: &[u8] = b"\"error\"";

/// The message for a method that does not exist, or not in the request's revision.
pub(crate) const UNKNOWN_METHOD: &str = "Unknown method. Available: server/discover, tools/list, \
    tools/call, resources/list, resources/templates/list, resources/read, prompts/list, prompts/get \
    and completion/complete; up to revision 2025-11-25 also initialize and ping.";

/// Whether a query string has an `access_token`. The token in the header makes it a second one, which
/// is an invalid request (RFC 6750 §3.1).
pub(crate) fn has_access_token(query: &str) -> bool {
    query.split('&').any(|pair| pair.split('=').next() == Some("access_token"))
}

/// Rewrites a plain-text error of `rmcp` as a JSON-RPC error.
///
/// `public_url` is where this server is.
pub(crate) fn jsonrpc_from_plain_text(
    public_url: &str,
    status: StatusCode,
    body: &[u8],
    id: &Value,
) -> Response {
    let text = String::from_utf8_lossy(body);
    let (status, message) = match status {
        // `rmcp` sends this status for JSON that is not a request, too.
        StatusCode::UNSUPPORTED_MEDIA_TYPE if !text.contains("Content-Type") => (
            StatusCode::BAD_REQUEST,
            "The body is not a JSON-RPC 2.0 request: it needs \"jsonrpc\": \"2.0\", a method, and \
             an id that is a string or an integer."
                .to_owned(),
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            (status, "Send the body as JSON, with Content-Type: application/json.".to_owned())
        }
        StatusCode::INTERNAL_SERVER_ERROR => {
            tracing::error!(cause = %text, "rmcp failed");
            (
                status,
                "The request failed because of an error in this server. Try again later."
                    .to_owned(),
            )
        }
        StatusCode::FORBIDDEN => (status, forbidden_message(public_url, &text)),
        _ => (status, truncate::text(&text, MAX_ECHO)),
    };
    jsonrpc_error::response(status, INVALID_REQUEST, &message, id, None)
}

/// The message for a rejected `Host` or `Origin`, with the URL or the setting that is right.
fn forbidden_message(public_url: &str, text: &str) -> String {
    if text.contains("Host") {
        return format!("The Host header does not name this server. Use {public_url}/mcp.");
    }
    "Pages of this Origin may not call this server. Its operator can allow the origin: with the \
     parameter CorsOrigins when deployed, with BYLINE_CORS_ORIGINS locally."
        .to_owned()
}

/// The error for a repeated or unknown `MCP-Protocol-Version` header, if it is one. `rmcp` would use
/// the first of several, and answer an unknown one in plain text.
pub(crate) fn version_header_error(headers: &HeaderMap, message: &Value) -> Option<Response> {
    let mut versions = headers.get_all(VERSION_HEADER).iter();
    let version = versions.next()?;
    let error = |code: ErrorCode, text: &str, data| {
        jsonrpc_error::response(StatusCode::BAD_REQUEST, code.0, text, &message["id"], data)
    };
    if versions.next().is_some() {
        let text = "Send the header MCP-Protocol-Version only once.";
        return Some(error(ErrorCode::HEADER_MISMATCH, text, None));
    }
    // If the body names a version, rmcp compares the two and answers.
    let in_body = !message["params"]["_meta"][VERSION_KEY].is_null();
    let known = ProtocolVersion::KNOWN_VERSIONS;
    if in_body || message["method"] == "initialize" || known.iter().any(|v| version == v.as_str()) {
        return None;
    }
    let supported: Vec<&str> = known.iter().map(ProtocolVersion::as_str).collect();
    let requested = truncate::text(&String::from_utf8_lossy(version.as_bytes()), MAX_ECHO);
    let text = format!(
        "The version in the header MCP-Protocol-Version is not supported. Use one of {}.",
        supported.join(", ")
    );
    let data = json!({ "supported": supported, "requested": requested });
    Some(error(ErrorCode::UNSUPPORTED_PROTOCOL_VERSION, &text, Some(data)))
}

/// Rewrites a JSON-RPC error: explains unknown methods and truncates strings, which may echo the
/// caller's input. Other bodies are returned as they are.
pub(crate) fn rewrite_error(body: Bytes) -> Bytes {
    // An error names itself at the start. Long results need not be parsed.
    let start = &body[..body.len().min(1000)];
    if !start.windows(ERROR.len()).any(|window| window == ERROR) {
        return body;
    }
    match serde_json::from_slice::<Value>(&body) {
        Ok(mut message) if message["error"].is_object() => {
            let error = &mut message["error"];
            if error["code"] == ErrorCode::METHOD_NOT_FOUND.0 {
                error["message"] = UNKNOWN_METHOD.into();
            }
            truncate::strings(error, MAX_ECHO);
            message.to_string().into()
        }
        _ => body,
    }
}

/// The longest request id, in characters of JSON: the response repeats it, and responses are bounded.
const MAX_ID: usize = 300;

fn is_id(id: &Value) -> bool {
    id.as_str().map_or(id.is_i64() || id.is_u64(), |id| truncate::json_len(id) <= MAX_ID)
}

/// Parses the body as one JSON object.
///
/// # Errors
/// The response to send: a JSON-RPC error, where `rmcp` would answer in plain text.
pub(crate) fn parse_message(body: &[u8]) -> Result<Value, Box<Response>> {
    // A batch is rejected without parsing the rest of it.
    let parsed = match body.trim_ascii_start().first() {
        Some(b'[') => Ok(Value::Array(Vec::new())),
        _ => serde_json::from_slice::<Value>(body),
    };
    let (code, message) = match parsed {
        // A message without an id is a notification. Any other id is invalid.
        Ok(Value::Object(message)) if message.get("id").is_some_and(|id| !is_id(id)) => (
            INVALID_REQUEST,
            "The id of a request must be a string of at most 300 characters, or an integer.",
        ),
        Ok(message @ Value::Object(_)) => return Ok(message),
        Ok(Value::Array(_)) => {
            (INVALID_REQUEST, "Batches are not supported. Send one request at a time.")
        }
        Ok(_) => (INVALID_REQUEST, "The body is not a JSON-RPC request object."),
        Err(_) => (PARSE_ERROR, "The body is not valid JSON. Send one JSON-RPC request object."),
    };
    let error = jsonrpc_error::response(StatusCode::BAD_REQUEST, code, message, &Value::Null, None);
    Err(Box::new(error))
}
