//! `POST /oauth/introspect`: a program with a secret asks about a token of its own (RFC 7662).

use byline_shared::auth::limits;
use byline_shared::examples;
use byline_shared::http::{Request, Response};
use byline_shared::oauth::{self, Failure, Form, answer, json_response};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use serde_json::Value;

/// Tells about tokens.
pub struct Introspect;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Introspect>(module_path!());

impl RawEndpoint for Introspect {
    const NAME: &'static str = "oauth-introspect";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/oauth/introspect";
    const SUMMARY: &'static str = "Check a token";
    const DESCRIPTION: &'static str = "For clients with a secret, about their own tokens (RFC 7662). Every other token is \
        reported as inactive.";
    const GRANTS: &'static [Grant] = &[
        Grant::Table(Identity, &[GetItem]),
        Grant::Items(Identity, keys::SIGNING_KEYS, &[Query]),
        Grant::AccountSecret,
    ];
    const LIMIT: Option<Policy> = Some(limits::OAUTH_NETWORK);
    const CONSUMES: &'static str = "application/x-www-form-urlencoded";
    const PRODUCES: &'static str = "application/json";

    type Auth = Public;

    fn contract(_: &mut SchemaGenerator) -> RawContract {
        crate::contract::introspect()
    }

    fn example() -> Option<Value> {
        let form = [
            ("client_id", examples::OAUTH_CLIENT_ID),
            ("client_secret", examples::OAUTH_CLIENT_SECRET),
            ("token", examples::REFRESH_TOKEN),
        ];
        Some(crate::form_text(&form))
    }

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        answer(introspect(cx, &request).await)
    }
}

async fn introspect(cx: &Context, request: &Request) -> Result<Response, Failure> {
    let form = Form::of_body(request)?;
    let client = oauth::authenticate(cx, request, &form).await?;
    let found = oauth::introspect(cx, &client, &form).await?;
    let body = serde_json::to_value(found).map_err(Problem::internal)?;
    Ok(json_response(200, &body))
}
