//! `GET /oauth/authorize`: the authorization endpoint, where a client sends the user's browser (OAuth 2.1
//! §4.1). It shows the sign-in or consent page. If an earlier consent covers the request, it issues a code
//! at once; otherwise it changes nothing.

use byline_shared::auth::browser::PAGE_SETTINGS;
use byline_shared::auth::limits;
use byline_shared::examples;
use byline_shared::http::{Request, Response};
use byline_shared::oauth::Form;
use byline_shared::prelude::*;
use byline_shared::store::keys;

use crate::flow;

/// Shows the sign-in or consent page.
pub struct Authorize;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Authorize>(module_path!());

impl RawEndpoint for Authorize {
    const NAME: &'static str = "oauth-authorize";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/oauth/authorize";
    const SUMMARY: &'static str = "Show the authorization page";
    const DESCRIPTION: &'static str = "An app sends its user here in a browser. The user signs in and agrees or declines on \
        HTML pages; the app gets the answer at its redirect URI. A request that the user has \
        agreed to before can be redirected at once. Some errors, such as 429, are problem \
        details, which a browser shows as JSON.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[BatchGetItem]),
        PAGE_SETTINGS,
        Permission::Items(Identity, keys::OAUTH_CLIENT_PREFIX, &[GetItem]),
        Permission::Items(Identity, keys::OAUTH_CONSENTS_PREFIX, &[GetItem]),
        Permission::Items(Identity, keys::OAUTH_CODE_PREFIX, &[PutItem]),
        Permission::AccountSecret,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::AUTHORIZE_NETWORK);
    const PRODUCES: &'static str = "text/html; charset=utf-8";
    const CROSS_ORIGIN: bool = false;
    const EXAMPLE_QUERY: &'static [(&'static str, &'static str)] = &[
        ("response_type", "code"),
        ("client_id", examples::OAUTH_CLIENT_ID),
        ("redirect_uri", examples::OAUTH_REDIRECT_URI),
        ("code_challenge", examples::OAUTH_CHALLENGE),
        ("code_challenge_method", "S256"),
        ("scope", "profile posts:read"),
        ("state", "af0ifjsldkj"),
    ];

    type Auth = Public;

    fn contract(_: &mut SchemaGenerator) -> RawContract {
        crate::contract::authorize()
    }

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        flow::show(cx, request.headers(), &Form::from_query(&request)).await
    }
}
