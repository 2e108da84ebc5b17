//! `POST /mcp`: the Model Context Protocol over streamable HTTP, stateless. `rmcp` speaks the
//! protocol, the revision of 2026-07-28 and the older ones; this file is the door in front of it.

use std::sync::Arc;

use http::StatusCode;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http_body_util::{BodyExt, Full};
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::{Value, json};
use shared::auth::limits;
use shared::config::Config;
use shared::http::{Request, Response};
use shared::prelude::*;

use crate::server::Server;

/// Serves agents.
pub struct Mcp;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Mcp>(module_path!());

impl RawEndpoint for Mcp {
    const NAME: &'static str = "mcp";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/mcp";
    const SUMMARY: &'static str = "The Model Context Protocol, for agents (streamable HTTP)";
    const GRANTS: &'static [Grant] =
        &[shared::publishing::SAVE, Grant::Index(Content, "gsi1"), Grant::Index(Content, "gsi2")];
    const LIMIT: Option<Policy> = Some(limits::WRITE_ACCOUNT);
    const BODY_LIMIT: usize = 1024 * 1024;
    const PRODUCES: &'static str = "application/json";

    type Auth = AtMcp<scope::Profile>;

    fn example() -> Option<Value> {
        Some(json!({
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": { "name": "whoami", "arguments": {} },
        }))
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        mut request: Request,
    ) -> Result<Response, Problem> {
        if let Some(refusal) = unreadable(request.body()) {
            return Ok(refusal);
        }
        // Clients send all kinds of `Accept`; whatever they say, they get JSON.
        let accept = HeaderValue::from_static("application/json, text/event-stream");
        request.headers_mut().insert(ACCEPT, accept);
        let context = cx.clone();
        let service = StreamableHttpService::new(
            move || Ok(Server::new(context.clone(), caller.clone())),
            Arc::new(NeverSessionManager::default()),
            settings(&cx.config),
        );
        let answer = service.handle(request.map(Full::new)).await;
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.unwrap_or_else(|never| match never {}).to_bytes();
        let is_json = parts.headers.get(CONTENT_TYPE).is_some_and(|value| value == Self::PRODUCES);
        if parts.status.is_client_error() && !is_json {
            // `rmcp` refuses some requests in plain text, which clients cannot read.
            let message = String::from_utf8_lossy(&body);
            return Ok(error(parts.status, -32600, &message));
        }
        Ok(Response::from_parts(parts, body))
    }
}

/// Stateless, JSON answers, and pages of the listed origins alone.
///
/// A server on this machine also answers to its own name alone, or a page of another site could
/// reach it by rebinding a name. Behind API Gateway the names are the gateway's business.
fn settings(config: &Config) -> StreamableHttpServerConfig {
    let own = std::iter::once(config.public_url.clone());
    let listed = config.cors_origins.iter().filter_map(|origin| origin.to_str().ok());
    let origins = own.chain(listed.map(str::to_owned)).map(|origin| with_port(&origin));
    let settings = StreamableHttpServerConfig::default();
    let settings = if config.public_url.starts_with("https://") {
        settings.disable_allowed_hosts()
    } else {
        settings.with_allowed_hosts(["127.0.0.1", "localhost", "::1"])
    };
    settings
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_sse_keep_alive(None)
        .with_allowed_origins(origins.collect::<Vec<_>>())
        .enforce_origin_validation()
}

/// An origin with its port spelled out, as `rmcp` compares them.
fn with_port(origin: &str) -> String {
    let explicit = origin.rsplit(':').next().is_some_and(|port| port.parse::<u16>().is_ok());
    match origin.split_once("://") {
        Some(("https", _)) if !explicit => format!("{origin}:443"),
        Some(("http", _)) if !explicit => format!("{origin}:80"),
        _ => origin.to_owned(),
    }
}

/// The JSON-RPC error for a body that is no single JSON-RPC object; `rmcp` would answer in plain
/// text, which clients cannot read.
fn unreadable(body: &[u8]) -> Option<Response> {
    let (code, message) = match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(_)) => return None,
        Ok(Value::Array(_)) => (-32600, "Send one request at a time: batches are not supported."),
        Ok(_) => (-32600, "The body is not a JSON-RPC request object."),
        Err(_) => (-32700, "The body is not valid JSON."),
    };
    Some(error(StatusCode::BAD_REQUEST, code, message))
}

/// A JSON-RPC error that belongs to no request.
fn error(status: StatusCode, code: i32, message: &str) -> Response {
    let body = json!({
        "jsonrpc": "2.0",
        "id": null,
        "error": { "code": code, "message": message },
    });
    let mut response = Response::new(body.to_string().into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(Mcp::PRODUCES));
    response
}
