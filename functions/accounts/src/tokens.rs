//! The tokens in the responses of sign-in and refresh.

use byline_shared::auth::{self, sessions};
use byline_shared::model::Representation;
use byline_shared::model::Secret;
use byline_shared::prelude::*;
use byline_shared::store::sessions::SessionItem;

/// The tokens of a session.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Tokens {
    /// For `Authorization: Bearer`.
    pub access_token: Secret,
    /// Always `Bearer`.
    pub token_type: TokenType,
    /// How long the access token is valid, in seconds.
    pub expires_in: i64,
    /// For `POST /v1/auth/refresh`. It works once.
    pub refresh_token: Secret,
}

/// How the access token is used (RFC 6750).
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum TokenType {
    /// Sent in the `Authorization` header.
    Bearer,
}

impl Representation for Tokens {}

impl Tokens {
    /// Issues the tokens of a session.
    ///
    /// # Errors
    /// 503 while the token secret cannot be read.
    pub async fn of(cx: &Context, session: &SessionItem) -> Result<Self, Problem> {
        let access = auth::issue(cx, &session.user_id, &session.id).await?;
        Ok(Self {
            access_token: Secret::new(access.token),
            token_type: TokenType::Bearer,
            expires_in: access.expires_in,
            refresh_token: sessions::refresh_token(cx, session).await?,
        })
    }

    /// An example for the API description.
    #[must_use]
    pub fn example() -> Self {
        Self {
            access_token: Secret::new("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl"),
            token_type: TokenType::Bearer,
            expires_in: 600,
            refresh_token: Secret::new(byline_shared::examples::REFRESH_TOKEN),
        }
    }
}
