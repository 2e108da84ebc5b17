//! `POST /v1/auth/refresh`: exchanges a refresh token for new tokens.

use byline_shared::auth::{audit, limits, sessions};
use byline_shared::model::Secret;
use byline_shared::prelude::*;

use crate::tokens::Tokens;

/// Refreshes a session.
pub struct Refresh;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<Refresh>(module_path!());

/// The token to exchange.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The latest refresh token of the session.
    pub refresh_token: Secret,
}

impl Endpoint for Refresh {
    const NAME: &'static str = "auth-refresh";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/auth/refresh";
    const SUMMARY: &'static str = "Exchange a refresh token for new tokens";
    const DESCRIPTION: &'static str = "Each refresh token works once and returns its successor. Sending it again within 10 \
        seconds returns the same successor, for two tabs or a lost answer. Any later use, or a \
        use after the successor was used, counts as theft and ends the session.\n\
        \n\
        A session ends after 14 days without a refresh, and after 90 days in any case.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, UpdateItem, DeleteItem, PutItem]),
        Permission::TokenSecret,
        audit::AUDIT_PERMISSION,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::REFRESH_NETWORK);
    const ERRORS: &'static [Code] = &[Code::InvalidRefreshToken];

    type Auth = Public;
    type Input = Input;
    type Output = Json<Tokens>;

    fn example() -> Example<Self> {
        let tokens = Tokens::example();
        let refresh_token = tokens.refresh_token.clone();
        Example { input: Input { refresh_token }, output: Json(tokens) }
    }

    async fn handle(cx: &Context, (): (), input: Input) -> Result<Json<Tokens>, Problem> {
        let session = sessions::refresh(cx, &input.refresh_token, None).await?;
        Ok(Json(Tokens::of(cx, &session).await?))
    }
}
