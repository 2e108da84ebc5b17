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
    const SUMMARY: &'static str = "Exchange a code or a refresh token for tokens";
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
