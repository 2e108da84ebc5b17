//! `POST /mcp`: the Model Context Protocol over streamable HTTP, stateless. `rmcp` speaks the
//! protocol, the revision of 2026-07-28 and the older ones; this file is the door in front of it.

use std::sync::Arc;

use byline_shared::auth::requirement::Audience;
use byline_shared::auth::{challenge, limits};
use byline_shared::config::Config;
use byline_shared::http::{Request, Response};
use byline_shared::model::Scope;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::permission::{ObjectAction, Objects};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};
use http_body_util::{BodyExt, Full};
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::{Value, json};

use crate::refusal;
use crate::server::Server;
use crate::{door, prompts, resources, tools};

/// Serves agents.
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
    // What the tools need, all together: it is one function.
    const PERMISSIONS: &'static [Permission] = &[
        byline_shared::publishing::PUBLISH,
        byline_shared::publishing::NAME_TAGS,
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
    const LIMIT: Option<RateLimit> = Some(limits::MCP_ACCOUNT);
    const BODY_LIMIT: usize = 1024 * 1024;
    const PRODUCES: &'static str = "application/json";
    const REFUSES: &'static str = "application/json";

    type Auth = AtMcp<scope::Profile>;

    fn contract(_: &mut SchemaGenerator) -> RawContract {
        crate::contract::mcp()
    }

    fn refuse(cx: &Context, problem: Problem) -> Response {
        refusal::of(cx, problem, &Value::Null)
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
        answer(cx, &caller, request, server).await
    }
}

/// Answers a request with what a handler says: the whole endpoint but for the handler. The tests
/// put one of their own behind it.
///
/// # Errors
/// As the operation says.
pub async fn answer<H: ServerHandler>(
    cx: &Context,
    caller: &Caller,
    mut request: Request,
    handler: impl Fn() -> H + Send + Sync + 'static,
) -> Result<Response, Problem> {
    limits::acquire(cx, &limits::MCP_TOKEN, &limits::credential(caller)).await?;
    if door::names_a_token(request.uri().query().unwrap_or_default()) {
        let detail = "Send the token in the Authorization header alone, and none in the address.";
        let challenge = HeaderValue::from_static(r#"Bearer error="invalid_request""#);
        let refusal = Problem::new(Code::MalformedRequest, detail);
        return Err(refusal.with_header(WWW_AUTHENTICATE, challenge));
    }
    let message = match door::readable(request.body()) {
        Ok(message) => message,
        Err(refusal) => return Ok(*refusal),
    };
    if let Some(refusal) = door::version_refusal(request.headers(), &message) {
        return Ok(refusal);
    }
    if let Some(refusal) = more_scope(cx, caller, &message).await {
        let refusal = challenge::complete(refusal, Audience::Mcp, &cx.config);
        return Ok(refusal::of(cx, refusal, &message["id"]));
    }
    // Clients send all kinds of `Accept`; whatever they say, they get JSON.
    let accept = HeaderValue::from_static("application/json, text/event-stream");
    request.headers_mut().insert(ACCEPT, accept);
    let sessions = Arc::new(NeverSessionManager::default());
    let service = StreamableHttpService::new(move || Ok(handler()), sessions, settings(&cx.config));
    let answer = service.handle(request.map(Full::new)).await;
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.unwrap_or_else(|never| match never {}).to_bytes();
    let is_json = parts.headers.get(CONTENT_TYPE).is_some_and(|value| value == Mcp::PRODUCES);
    if !parts.status.is_success() && !is_json {
        return Ok(door::in_json(parts.status, &body, &message["id"]));
    }
    Ok(door::readable_error(Response::from_parts(parts, body)))
}

/// The refusal where the user may do what is asked, and the token is not for it (RFC 6750 §3.1): a
/// client can get one that is. What is beyond the user's role does not exist for them; the server
/// says so.
async fn more_scope(cx: &Context, caller: &Caller, message: &Value) -> Option<Problem> {
    let params = &message["params"];
    let scopes: &[Scope] = match message["method"].as_str()? {
        "tools/call" => std::slice::from_ref(&tools::named(params["name"].as_str()?)?.scope),
        "prompts/get" => prompts::named(params["name"].as_str()?)?.scopes,
        "resources/read" => resources::scope(params["uri"].as_str()?)?,
        _ => return None,
    };
    if scopes.iter().any(|scope| caller.user.role < scope.role()) {
        return None;
    }
    let refusal = scopes.iter().find_map(|scope| caller.require(*scope).err())?;
    let entry = AuditEntry::new(cx, Event::AccessDenied).by_caller(caller).refused();
    entry.with(refusal.detail.clone()).record(cx).await;
    Some(refusal)
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
