//! `POST /oauth/authorize`: the forms of the pages: sign in, authorize or deny, sign out. Any other form
//! is an authorization request, as by `GET` (OAuth 2.1 §3.1).

use byline_shared::auth::browser::PAGE_SETTINGS;
use byline_shared::auth::{audit, limits};
use byline_shared::examples;
use byline_shared::http::{Request, Response};
use byline_shared::oauth::{Form, answer};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use serde_json::Value;

use crate::flow;

/// Handles the forms of the pages.
pub struct SubmitAuthorize;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<SubmitAuthorize>(module_path!());

impl RawEndpoint for SubmitAuthorize {
    const NAME: &'static str = "oauth-authorize-submit";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/oauth/authorize";
    const SUMMARY: &'static str = "Submit the authorization page";
    const DESCRIPTION: &'static str = "For the forms of the authorization page: sign in, agree, decline, sign out. Do not call \
        it from code. Without form fields of the page, it is an authorization request like that \
        by `GET`.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(
            Identity,
            &[BatchGetItem, ConditionCheckItem, DeleteItem, GetItem, PutItem, UpdateItem],
        ),
        PAGE_SETTINGS,
        Permission::Items(Identity, keys::SESSIONS_PREFIX, &[Query]),
        Permission::AccountSecret,
        audit::AUDIT_PERMISSION,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::AUTHORIZE_NETWORK);
    const MEMORY: Memory = Memory::Hashing;
    const CONSUMES: &'static str = "application/x-www-form-urlencoded";
    const PRODUCES: &'static str = "text/html; charset=utf-8";
    const CROSS_ORIGIN: bool = false;

    type Auth = Public;

    fn contract(_: &mut SchemaGenerator) -> RawContract {
        crate::contract::authorize_submit()
    }

    fn example() -> Option<Value> {
        let form = [
            ("response_type", "code"),
            ("client_id", examples::OAUTH_CLIENT_ID),
            ("redirect_uri", examples::OAUTH_REDIRECT_URI),
            ("code_challenge", examples::OAUTH_CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        Some(crate::examples::form(&form))
    }

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        match Form::from_body(&request) {
            Ok(form) => flow::submit(cx, request.headers(), &form).await,
            Err(error) => answer(Err(error.into())),
        }
    }
}
