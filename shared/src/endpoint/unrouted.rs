//! What is answered where no operation has the path or the method.

use http::header::{ALLOW, HeaderValue, LOCATION};
use http::{Method, StatusCode};

use super::operation::Operation;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::http::{Request, Response, path};

/// The path of operations, and their methods.
pub struct Route {
    /// The path, with parameters in braces.
    pub path: &'static str,
    /// The methods.
    pub methods: Vec<Method>,
}

impl Route {
    /// The route of an operation.
    #[must_use]
    pub fn of(operation: &Operation) -> Self {
        Self { path: operation.path, methods: operation.methods() }
    }
}

/// A redirect for one of `routes` with extra slashes; for clients of OpenAI's API that look for an operation which is
/// not there, what to call instead, in the form that they read.
///
/// # Errors
/// 404 for a path that is none of them; 405 with `Allow` for one with another method.
pub fn unrouted(cx: &Context, request: &Request, routes: &[Route]) -> Result<Response, Problem> {
    let uri = request.uri();
    if let Some(detail) = instead_of_openai(uri.path()) {
        let problem = Problem::new(Code::NotFound, detail);
        return Ok(problem.into_openai_response(&cx.config.public_url, &cx.request.request_id));
    }
    let Some(allow) = allowed(uri.path(), routes) else {
        return match path::without_extra_slashes(uri.path()) {
            Some(plain) if allowed(&plain, routes).is_some() => moved(&plain, uri.query()),
            _ => Err(Problem::no_such_path()),
        };
    };
    let detail = format!("This path takes {allow}.");
    let allow = HeaderValue::try_from(allow).map_err(Problem::internal)?;
    Err(Problem::new(Code::MethodNotAllowed, detail).with_header(ALLOW, allow))
}

/// What to call instead of what clients of OpenAI's API look for first.
fn instead_of_openai(path: &str) -> Option<&'static str> {
    let is_within = |place: &str| {
        path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if is_within("/v1/chat/completions") || is_within("/v1/completions") {
        return Some(
            "Byline has no Chat Completions. Ask the agent with POST /v1/responses: client.responses.create in \
             OpenAI's SDKs.",
        );
    }
    is_within("/v1/models").then_some(
        "Byline lists no models: its owner configures the model of the agent. Ask the agent with POST \
         /v1/responses and any model.",
    )
}

/// The methods of a path, sorted; `None` for a path that no operation has.
fn allowed(path: &str, routes: &[Route]) -> Option<String> {
    let routes = routes.iter().filter(|route| path::capture(route.path, path).is_some());
    let mut methods: Vec<&str> =
        routes.flat_map(|route| route.methods.iter().map(Method::as_str)).collect();
    methods.sort_unstable();
    methods.dedup();
    (!methods.is_empty()).then(|| methods.join(", "))
}

/// 308, which keeps the method and the body, to a path of this server.
fn moved(path: &str, query: Option<&str>) -> Result<Response, Problem> {
    let to = match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut response = Response::default();
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    let to = HeaderValue::try_from(to).map_err(Problem::internal)?;
    response.headers_mut().insert(LOCATION, to);
    Ok(response)
}
