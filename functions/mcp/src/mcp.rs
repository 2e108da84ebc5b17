//! `POST /mcp`: the Model Context Protocol over streamable HTTP, without sessions. `rmcp` implements
//! the protocol in all revisions up to 2026-07-28; this file checks a request before `rmcp` gets it.

use std::sync::Arc;

use byline_shared::auth::requirement::Audience;
use byline_shared::auth::{Actor, audit, challenge, limits};
use byline_shared::config::Config;
use byline_shared::http::{Request, Response};
use byline_shared::model::Scope;
use byline_shared::permission::{ObjectAction, Objects};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use http_body_util::{BodyExt, Full};
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::{Value, json};

use crate::server::Server;
use crate::{jsonrpc_error, prompts, resources, transport};

/// The MCP endpoint.
pub struct Mcp;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Mcp>(module_path!());

impl RawEndpoint for Mcp {
    const NAME: &'static str = "mcp";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/mcp";
    const SUMMARY: &'static str = "Send a message to the MCP server";
    const DESCRIPTION: &'static str = "Streamable HTTP, stateless, with JSON answers: one JSON-RPC message per request. It \
        accepts an access token that was granted for `/mcp` with OAuth, or an API key with the \
        scope `profile`. The access token of a sign-in is rejected. Errors of the request or the \
        token have an HTTP status and a JSON-RPC error as body.";
    // The permissions of all tools together, as they run in one function.
    const PERMISSIONS: &'static [Permission] = &[
        byline_shared::publishing::PUBLISH,
        byline_shared::publishing::HOLD_RIGHTS,
        Permission::Items(Content, keys::TAGS, &[Query]),
        Permission::Items(Content, keys::POST_PREFIX, &[Query]),
        Permission::Items(Content, keys::LIVE, &[Query]),
        Permission::Index(Content, "gsi1"),
        Permission::Index(Content, "gsi2"),
        Permission::Items(Identity, keys::CONFIRMATION_PREFIX, &[DeleteItem, PutItem]),
        Permission::Schedules,
        Permission::ListObjects,
        Permission::Objects(
            Objects::Pending,
            &[ObjectAction::DeleteObject, ObjectAction::GetObject, ObjectAction::PutObject],
        ),
        Permission::Objects(Objects::Media, &[ObjectAction::DeleteObject, ObjectAction::PutObject]),
    ];
    const ERRORS: &'static [Code] = &[Code::MalformedRequest, Code::NotFound];
    const LIMIT: Option<RateLimit> = Some(limits::MCP_TOKEN);
    const BODY_LIMIT: usize = 1024 * 1024;
    const PRODUCES: &'static str = "application/json";
    const ERROR_MEDIA_TYPE: &'static str = "application/json";

    type Auth = AtMcp<scope::Profile>;

    fn contract(_: &mut SchemaGenerator) -> RawContract {
        crate::contract::mcp()
    }

    fn reject(cx: &Context, problem: Problem) -> Response {
        jsonrpc_error::from_problem(cx, problem, &Value::Null)
    }

    fn example() -> Option<Value> {
        Some(json!({
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": { "name": "whoami", "arguments": {} },
        }))
    }

    async fn handle(cx: &Context, caller: Caller, request: Request) -> Result<Response, Problem> {
        let (context, actor) = (cx.clone(), caller.clone());
        let server = move || Server::new(context.clone(), actor.clone());
        serve(cx, &caller, request, server).await
    }
}

/// Serves a request with a handler. The tests use it with a handler of their own, to run the
/// conformance suite's fixtures behind the real endpoint.
///
/// # Errors
/// 400 if the query has a token.
pub async fn serve<H: ServerHandler>(
    cx: &Context,
    caller: &Caller,
    mut request: Request,
    handler: impl Fn() -> H + Send + Sync + 'static,
) -> Result<Response, Problem> {
    if transport::has_access_token(request.uri().query().unwrap_or_default()) {
        let detail = "Send the token in the Authorization header only, not in the URL.";
        let challenge = HeaderValue::from_static(r#"Bearer error="invalid_request""#);
        let problem = Problem::new(Code::MalformedRequest, detail);
        return Err(problem.with_header(WWW_AUTHENTICATE, challenge));
    }
    let message = match transport::parse_message(request.body()) {
        Ok(message) => message,
        Err(response) => return Ok(*response),
    };
    if let Some(response) = transport::version_header_error(request.headers(), &message) {
        return Ok(response);
    }
    if let Some(problem) = insufficient_scope(cx, caller, &message).await {
        let problem = challenge::complete(problem, Audience::Mcp, &cx.config);
        return Ok(jsonrpc_error::from_problem(cx, problem, &message["id"]));
    }
    // `rmcp` rejects `*/*`, which some clients send. The response is JSON in any case.
    let accept = HeaderValue::from_static("application/json, text/event-stream");
    request.headers_mut().insert(ACCEPT, accept);
    let sessions = Arc::new(NeverSessionManager::default());
    let service =
        StreamableHttpService::new(move || Ok(handler()), sessions, transport_config(&cx.config));
    let response = service.handle(request.map(Full::new)).await;
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap_or_else(|never| match never {}).to_bytes();
    let is_json = parts.headers.get(CONTENT_TYPE).is_some_and(|value| value == Mcp::PRODUCES);
    if !parts.status.is_success() && !is_json {
        let (url, status) = (&cx.config.public_url, parts.status);
        return Ok(transport::jsonrpc_from_plain_text(url, status, &body, &message["id"]));
    }
    Ok(Response::from_parts(parts, transport::rewrite_error(body).into()))
}

/// `insufficient_scope` (RFC 6750 §3.1), if the user's role allows the call but the token lacks a
/// scope: the client can then ask the user for more. Calls that the role does not allow are answered
/// later, as if the tool, prompt or resource did not exist.
async fn insufficient_scope(cx: &Context, caller: &Caller, message: &Value) -> Option<Problem> {
    let params = &message["params"];
    let scopes: &[Scope] = match message["method"].as_str()? {
        "tools/call" => {
            std::slice::from_ref(&byline_tools::by_name(params["name"].as_str()?)?.scope)
        }
        "prompts/get" => prompts::by_name(params["name"].as_str()?)?.scopes,
        "resources/read" => resources::scopes(params["uri"].as_str()?)?,
        _ => return None,
    };
    if scopes.iter().any(|scope| caller.user.role < scope.role()) {
        return None;
    }
    let problem = scopes.iter().find_map(|scope| caller.require(*scope).err())?;
    audit::record_denied(cx, &Actor::mcp(caller.clone()), &problem.detail).await;
    Some(problem)
}

/// Stateless, with JSON responses, for browser pages of the configured origins only.
///
/// A local server also checks the `Host` header, against DNS rebinding. Behind API Gateway, the
/// gateway has already matched the host name.
fn transport_config(config: &Config) -> StreamableHttpServerConfig {
    let own = std::iter::once(config.public_url.clone());
    let listed = config.cors_origins.iter().filter_map(|origin| origin.to_str().ok());
    let origins = own.chain(listed.map(str::to_owned)).map(|origin| with_port(&origin));
    let base = StreamableHttpServerConfig::default();
    let base = if config.public_url.starts_with("https://") {
        base.disable_allowed_hosts()
    } else {
        base.with_allowed_hosts(["127.0.0.1", "localhost", "::1"])
    };
    base.with_legacy_session_mode(false)
        .with_json_response(true)
        .with_sse_keep_alive(None)
        .with_allowed_origins(origins.collect::<Vec<_>>())
        .enforce_origin_validation()
}

/// An origin with an explicit port, the form in which `rmcp` compares origins.
fn with_port(origin: &str) -> String {
    let explicit = origin.rsplit(':').next().is_some_and(|port| port.parse::<u16>().is_ok());
    match origin.split_once("://") {
        Some(("https", _)) if !explicit => format!("{origin}:443"),
        Some(("http", _)) if !explicit => format!("{origin}:80"),
        _ => origin.to_owned(),
    }
}
