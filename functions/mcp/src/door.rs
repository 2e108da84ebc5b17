//! What is looked at before and after `rmcp`: what it takes for granted, and says in plain text.

use byline_shared::http::Response;
use http::{HeaderMap, StatusCode};
use rmcp::model::{ErrorCode, ProtocolVersion};
use serde_json::{Value, json};

use crate::refusal::{self, INVALID_REQUEST, PARSE_ERROR};
use crate::shorten;

const VERSION_HEADER: &str = "mcp-protocol-version";

/// Where a request of 2026-07-28 names its revision.
const VERSION_KEY: &str = "io.modelcontextprotocol/protocolVersion";

/// How long a string in an error may be, in characters: it may be the caller's own.
const MAX_ECHO: usize = 1000;

const ERROR: &[u8] = b"\"error\"";

/// What is said of a method that there is not, or not in this revision.
pub(crate) const NO_METHOD: &str = "There is no such method here. Those there are: server/discover, \
    tools/list, tools/call, resources/list, resources/templates/list, resources/read, prompts/list, \
    prompts/get and completion/complete; initialize and ping up to revision 2025-11-25.";

/// Whether a query holds a token: beside that of the header it is one too many (RFC 6750 §3.1).
pub(crate) fn names_a_token(query: &str) -> bool {
    query.split('&').any(|pair| pair.split('=').next() == Some("access_token"))
}

/// What `rmcp` refuses in plain text, which clients cannot read, as a JSON-RPC error.
pub(crate) fn in_json(status: StatusCode, body: &[u8], id: &Value) -> Response {
    let text = String::from_utf8_lossy(body);
    let (status, message) = match status {
        // It says so of JSON that is no request, too.
        StatusCode::UNSUPPORTED_MEDIA_TYPE if !text.contains("Content-Type") => (
            StatusCode::BAD_REQUEST,
            "The body is not a JSON-RPC 2.0 request: it needs \"jsonrpc\": \"2.0\", a method, and \
             an id that is a string or a whole number."
                .to_owned(),
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            (status, "Send the body as JSON, with Content-Type: application/json.".to_owned())
        }
        StatusCode::INTERNAL_SERVER_ERROR => {
            tracing::error!(cause = %text, "the protocol's own code failed");
            (status, "The request could not be carried out. Try again later.".to_owned())
        }
        StatusCode::FORBIDDEN => (status, whose_setting(&text)),
        _ => (status, shorten::cut(&text, MAX_ECHO)),
    };
    refusal::error(status, INVALID_REQUEST, &message, id, None)
}

/// A refusal of a page or name, with the setting that an operator would have to change.
fn whose_setting(text: &str) -> String {
    if text.contains("Host") {
        return "This server answers to its own name alone, and the Host header names another: call \
                it by the address in BYLINE_PUBLIC_URL."
            .to_owned();
    }
    "Pages of this Origin may not call this server. Whoever runs it can list the origin: \
     CorsOrigins when deployed, BYLINE_CORS_ORIGINS at home."
        .to_owned()
}

/// The refusal of a version that comes twice, or that there is not: `rmcp` would take the first, and
/// refuse the other in plain text.
pub(crate) fn version_refusal(headers: &HeaderMap, message: &Value) -> Option<Response> {
    let mut versions = headers.get_all(VERSION_HEADER).iter();
    let version = versions.next()?;
    let refusal = |code: ErrorCode, text: &str, data| {
        refusal::error(StatusCode::BAD_REQUEST, code.0, text, &message["id"], data)
    };
    if versions.next().is_some() {
        let text = "Send the header MCP-Protocol-Version once.";
        return Some(refusal(ErrorCode::HEADER_MISMATCH, text, None));
    }
    // What the body says of itself, rmcp compares and answers.
    let in_body = !message["params"]["_meta"][VERSION_KEY].is_null();
    let known = ProtocolVersion::KNOWN_VERSIONS;
    if in_body || message["method"] == "initialize" || known.iter().any(|v| version == v.as_str()) {
        return None;
    }
    let supported: Vec<&str> = known.iter().map(ProtocolVersion::as_str).collect();
    let requested = shorten::cut(&String::from_utf8_lossy(version.as_bytes()), MAX_ECHO);
    let text = format!(
        "The header MCP-Protocol-Version names a version that is not served. Send one of {}.",
        supported.join(", ")
    );
    let data = json!({ "supported": supported, "requested": requested });
    Some(refusal(ErrorCode::UNSUPPORTED_PROTOCOL_VERSION, &text, Some(data)))
}

/// An answer, where it is an error in words that help, and without what it holds at length: that is
/// the caller's own.
pub(crate) fn readable_error(answer: Response) -> Response {
    answer.map(|body| {
        // Results are long, and begin otherwise.
        let start = &body[..body.len().min(1000)];
        if !start.windows(ERROR.len()).any(|window| window == ERROR) {
            return body;
        }
        match serde_json::from_slice::<Value>(&body) {
            Ok(mut answer) if answer["error"].is_object() => {
                let error = &mut answer["error"];
                if error["code"] == ErrorCode::METHOD_NOT_FOUND.0 {
                    error["message"] = NO_METHOD.into();
                }
                shorten::bound(error, MAX_ECHO);
                answer.to_string().into()
            }
            _ => body,
        }
    })
}

/// How long an id may be, in characters as it is sent: it comes back, and answers are bounded.
const MAX_ID: usize = 300;

fn is_id(id: &Value) -> bool {
    id.as_str().map_or(id.is_i64() || id.is_u64(), |id| shorten::sent(id) <= MAX_ID)
}

/// The body as one JSON object, or the JSON-RPC error for one that is none; `rmcp` would answer in
/// plain text.
pub(crate) fn readable(body: &[u8]) -> Result<Value, Box<Response>> {
    // A batch is not worth the work of reading it.
    let parsed = match body.trim_ascii_start().first() {
        Some(b'[') => Ok(Value::Array(Vec::new())),
        _ => serde_json::from_slice::<Value>(body),
    };
    let (code, message) = match parsed {
        // One without an id is a notification, and one with another id nothing at all.
        Ok(Value::Object(message)) if message.get("id").is_some_and(|id| !is_id(id)) => (
            INVALID_REQUEST,
            "The id of a request is a string of at most 300 characters, or a whole number.",
        ),
        Ok(message @ Value::Object(_)) => return Ok(message),
        Ok(Value::Array(_)) => {
            (INVALID_REQUEST, "Send one request at a time: batches are not supported.")
        }
        Ok(_) => (INVALID_REQUEST, "The body is not a JSON-RPC request object."),
        Err(_) => (PARSE_ERROR, "The body is not valid JSON. Send one JSON-RPC request object."),
    };
    let refusal = refusal::error(StatusCode::BAD_REQUEST, code, message, &Value::Null, None);
    Err(Box::new(refusal))
}
