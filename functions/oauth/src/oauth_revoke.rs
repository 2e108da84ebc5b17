//! `POST /oauth/revoke`: a client revokes its own token, and the grant with it (RFC 7009).

use byline_shared::auth::{audit, limits};
use byline_shared::http::{Request, Response};
use byline_shared::oauth::{self, Failure, client_form, respond};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use serde_json::{Value, json};

/// Revokes tokens.
pub struct Revoke;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Revoke>(module_path!());

impl RawEndpoint for Revoke {
    const NAME: &'static str = "oauth-revoke";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/oauth/revoke";
    const SUMMARY: &'static str = "Revoke a token";
    const DESCRIPTION: &'static str = "Revokes the token and its whole grant (RFC 7009). Unknown and expired tokens get the \
        same answer.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[DeleteItem, GetItem]),
        Permission::Items(Identity, keys::SIGNING_KEYS, &[Query]),
        Permission::AccountSecret,
        audit::AUDIT_PERMISSION,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::OAUTH_NETWORK);
    const CONSUMES: &'static str = "application/x-www-form-urlencoded";
    const PRODUCES: &'static str = "application/json";

    type Auth = Public;

    fn contract(_: &mut SchemaGenerator) -> RawContract {
        crate::contract::revoke()
    }

    fn example() -> Option<Value> {
        Some(crate::examples::token_form())
    }

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        respond(revoke(cx, &request).await)
    }
}

async fn revoke(cx: &Context, request: &Request) -> Result<Value, Failure> {
    let (client, form) = client_form(cx, request).await?;
    oauth::revoke(cx, &client, &form).await?;
    Ok(json!({}))
}
