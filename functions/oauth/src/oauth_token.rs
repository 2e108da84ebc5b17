//! `POST /oauth/token`: exchanges a code or a refresh token for tokens (OAuth 2.1 §3.2).

use byline_shared::auth::{audit, limits};
use byline_shared::examples;
use byline_shared::http::{Request, Response};
use byline_shared::oauth::{self, Failure, Form, OAuthCode, OAuthError, answer, json_response};
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
    const GRANTS: &'static [Grant] = &[
        Grant::Table(Identity, &[ConditionCheckItem, DeleteItem, GetItem, PutItem, UpdateItem]),
        Grant::TokenSecret,
        Grant::AccountSecret,
        audit::AUDIT_GRANT,
    ];
    const LIMIT: Option<Policy> = Some(limits::OAUTH_NETWORK);
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
        Some(crate::form_text(&form))
    }

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        answer(issue(cx, &request).await)
    }
}

async fn issue(cx: &Context, request: &Request) -> Result<Response, Failure> {
    let form = Form::of_body(request)?;
    let client = oauth::authenticate(cx, request, &form).await?;
    let tokens = match form.require("grant_type")? {
        "authorization_code" => oauth::redeem(cx, &client, &form).await?,
        "refresh_token" => oauth::refresh(cx, &client, &form).await?,
        _ => {
            let detail = "grant_type must be authorization_code or refresh_token";
            return Err(OAuthError::new(OAuthCode::UnsupportedGrantType, detail).into());
        }
    };
    let body = serde_json::to_value(tokens).map_err(Problem::internal)?;
    Ok(json_response(200, &body))
}
