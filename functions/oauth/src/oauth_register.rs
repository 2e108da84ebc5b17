//! `POST /oauth/register`: Dynamic Client Registration (RFC 7591), unless it is switched off.

use byline_shared::auth::{audit, limits};
use byline_shared::endpoint::must_be_json;
use byline_shared::http::{Request, Response};
use byline_shared::oauth::registration::register;
use byline_shared::oauth::{answer, json_response};
use byline_shared::prelude::*;
use serde_json::{Value, json};

/// Registers clients.
pub struct Register;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Register>(module_path!());

impl RawEndpoint for Register {
    const NAME: &'static str = "oauth-register";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/oauth/register";
    const SUMMARY: &'static str = "Register an OAuth client";
    const DESCRIPTION: &'static str = "Dynamic Client Registration (RFC 7591), where the deployment allows it. A registered \
        client that is not used within 7 days is removed. Registration does not prove who runs \
        the app, so users are asked each time unless a redirect URI is https.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Identity, byline_shared::store::keys::OAUTH_CLIENT_PREFIX, &[PutItem]),
        audit::AUDIT_PERMISSION,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::REGISTER_NETWORK);
    const BODY_LIMIT: usize = 16 * 1024;
    const PRODUCES: &'static str = "application/json";
    const STATUS: u16 = 201;

    type Auth = Public;

    fn contract(_: &mut SchemaGenerator) -> RawContract {
        crate::contract::register()
    }

    fn example() -> Option<Value> {
        Some(json!({
            "client_name": "Example agent",
            "redirect_uris": [byline_shared::examples::OAUTH_REDIRECT_URI],
            "token_endpoint_auth_method": "none",
        }))
    }

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        answer(
            async {
                must_be_json(&request)?;
                let registered = register(cx, request.body()).await?;
                let body = serde_json::to_value(registered).map_err(Problem::internal)?;
                Ok(json_response(201, &body))
            }
            .await,
        )
    }
}
