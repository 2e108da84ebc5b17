//! What the API description says about `POST /mcp`.

use byline_shared::endpoint::{OtherAnswer, RawContract};
use schemars::json_schema;
use serde_json::json;

/// A JSON-RPC message in, a JSON-RPC message out.
pub(crate) fn mcp() -> RawContract {
    let version = json!({ "type": "string", "enum": ["2.0"], "description": "Always `2.0`." });
    let id = json!({ "type": ["string", "integer"], "description": "Chosen by the client; the answer repeats it. A notification has none." });
    let error = json!({
        "type": "object",
        "description": "What went wrong, instead of a result.",
        "required": ["code", "message"],
        "properties": {
            "code": { "type": "integer", "description": "The JSON-RPC error code, or the HTTP status where JSON-RPC has none." },
            "message": { "type": "string", "description": "What is wrong and what to do." },
            "data": {
                "type": "object",
                "description": "Details; for errors of the request or the token always `status`, `code` and `request_id`.",
                "additionalProperties": true,
            },
        },
    });
    RawContract {
        request: Some(json_schema!({
            "type": "object",
            "description": "A JSON-RPC 2.0 request or notification of MCP.",
            "required": ["jsonrpc", "method"],
            "properties": {
                "jsonrpc": version,
                "id": id,
                "method": { "type": "string", "description": "A method of MCP: `initialize`, `tools/list`, `tools/call`, `resources/read`, `prompts/get`, ..." },
                "params": { "type": "object", "additionalProperties": true, "description": "The parameters of the method." },
            },
        })),
        response: Some(json_schema!({
            "type": "object",
            "description": "A JSON-RPC 2.0 response: `result`, or `error`.",
            "required": ["jsonrpc"],
            "properties": {
                "jsonrpc": version,
                "id": id,
                "result": { "type": "object", "additionalProperties": true, "description": "The result of the method." },
                "error": error,
            },
        })),
        example: Some(json!({
            "jsonrpc": "2.0",
            "id": 1,
            "result": { "content": [{ "type": "text", "text": "You are Ada Lovelace, an editor." }], "isError": false },
        })),
        error: Some(json_schema!({
            "type": "object",
            "description": "A JSON-RPC 2.0 error.",
            "required": ["jsonrpc", "error"],
            "properties": { "jsonrpc": version, "id": id, "error": error },
        })),
        others: vec![OtherAnswer {
            status: 202,
            description: "A notification was accepted. There is no body.",
            location: false,
            body: None,
        }],
        ..RawContract::default()
    }
}
