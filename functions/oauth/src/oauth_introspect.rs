//! `POST /oauth/introspect`: describes a token to the client that it was issued to (RFC 7662).

use byline_shared::auth::limits;
use byline_shared::http::{Request, Response};
use byline_shared::oauth::{self, Failure, Introspection, client_form, respond};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use serde_json::Value;

/// Describes tokens.
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
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem]),
        Permission::Items(Identity, keys::SIGNING_KEYS, &[Query]),
        Permission::AccountSecret,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::OAUTH_NETWORK);
    const CONSUMES: &'static str = "application/x-www-form-urlencoded";
    const PRODUCES: &'static str = "application/json";

    type Auth = Public;

    fn contract(_: &mut SchemaGenerator) -> RawContract {
        crate::contract::introspect()
    }

    fn example() -> Option<Value> {
        Some(crate::examples::token_form())
    }

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        respond(introspect(cx, &request).await)
    }
}

async fn introspect(cx: &Context, request: &Request) -> Result<Introspection, Failure> {
    let (client, form) = client_form(cx, request).await?;
    oauth::introspect(cx, &client, &form).await
}
