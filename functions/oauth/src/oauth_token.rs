//! `POST /oauth/token`: exchanges a code or a refresh token for tokens (OAuth 2.1 §3.2).

use byline_shared::auth::{audit, limits};
use byline_shared::examples;
use byline_shared::http::{Request, Response};
use byline_shared::oauth::{self, Failure, OAuthCode, OAuthError, Tokens, client_form, respond};
use byline_shared::prelude::*;
use serde_json::Value;

/// Issues tokens.
pub struct Token;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Token>(module_path!());

impl RawEndpoint for Token {
    const NAME: &'static str = "oauth-token";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/oauth/token";
    const SUMMARY: &'static str = "Exchange a code or refresh token";
    const DESCRIPTION: &'static str = "Clients authenticate with HTTP Basic or form fields; a public client sends `client_id` \
        only. Each code and refresh token works once. Using a spent refresh token again ends the \
        grant.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(
            Identity,
            &[ConditionCheckItem, DeleteItem, GetItem, PutItem, UpdateItem],
        ),
        Permission::TokenSecret,
        Permission::AccountSecret,
        audit::AUDIT_PERMISSION,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::OAUTH_NETWORK);
    const CONSUMES: &'static str = "application/x-www-form-urlencoded";
    const PRODUCES: &'static str = "application/json";

    type Auth = Public;

    fn contract(_: &mut SchemaGenerator) -> RawContract {
        crate::contract::token()
    }

    fn example() -> Option<Value> {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", examples::OAUTH_CLIENT_ID),
            ("client_secret", examples::OAUTH_CLIENT_SECRET),
            ("code", examples::OAUTH_CODE),
            ("code_verifier", examples::OAUTH_VERIFIER),
        ];
        Some(crate::examples::form(&form))
    }

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        respond(issue(cx, &request).await)
    }
}

async fn issue(cx: &Context, request: &Request) -> Result<Tokens, Failure> {
    let (client, form) = client_form(cx, request).await?;
    match form.require("grant_type")? {
        "authorization_code" => oauth::redeem(cx, &client, &form).await,
        "refresh_token" => oauth::refresh(cx, &client, &form).await,
        _ => {
            let detail = "grant_type must be authorization_code or refresh_token";
            Err(OAuthError::new(OAuthCode::UnsupportedGrantType, detail).into())
        }
    }
}
