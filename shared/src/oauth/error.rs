//! Errors of the OAuth endpoints: RFC 6749 §5.2 and RFC 7591 §3.2.2 prescribe their form, so they are
//! not problem details.

use http::StatusCode;
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use serde::Serialize;
use serde_json::json;

use crate::http::problem::Problem;
use crate::http::{Response, document};
use crate::store::StoreError;

macro_rules! codes {
    ($($name:ident = $status:literal, $code:literal;)*) => {
        /// Every error code of the OAuth endpoints.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum OAuthCode {
            $(#[doc = concat!("`", $code, "` (", $status, ")")] $name,)*
        }

        impl OAuthCode {
            /// Its name in `error`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }
        }
    };
}

codes! {
    AccessDenied = 403, "access_denied";
    InvalidClient = 401, "invalid_client";
    InvalidClientMetadata = 400, "invalid_client_metadata";
    InvalidGrant = 400, "invalid_grant";
    InvalidRedirectUri = 400, "invalid_redirect_uri";
    InvalidRequest = 400, "invalid_request";
    InvalidScope = 400, "invalid_scope";
    InvalidTarget = 400, "invalid_target";
    UnsupportedGrantType = 400, "unsupported_grant_type";
    UnsupportedResponseType = 400, "unsupported_response_type";
}

/// An error answer of an OAuth endpoint.
#[derive(Debug)]
pub struct OAuthError {
    /// The `error`.
    pub code: OAuthCode,
    /// The `error_description`, in printable ASCII without quotes and backslashes.
    pub detail: String,
    /// Whether the client used HTTP Basic: then the response has a Basic challenge.
    pub basic: bool,
}

impl OAuthError {
    /// An error with this description, without the characters that RFC 6749 §5.2 does not allow.
    #[must_use]
    pub fn new(code: OAuthCode, detail: impl AsRef<str>) -> Self {
        let allowed = |char: &char| matches!(char, ' '..='!' | '#'..='[' | ']'..='~');
        let detail = detail.as_ref().chars().filter(allowed).collect();
        Self { code, detail, basic: false }
    }

    /// The response. Like every response but public reads it is `no-store` (RFC 6749 §5.1).
    #[must_use]
    pub fn into_response(self) -> Response {
        let body = json!({ "error": self.code.as_str(), "error_description": self.detail });
        let mut response = json_response(self.code.status(), &body);
        if self.code == OAuthCode::InvalidClient && self.basic {
            let challenge = HeaderValue::from_static("Basic realm=\"Byline\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// Why a call of an OAuth endpoint failed.
#[derive(Debug)]
pub enum Failure {
    /// A mistake of the client.
    OAuth(OAuthError),
    /// A fault of this server, or too many calls: a problem, as at every other endpoint.
    Problem(Problem),
}

impl From<OAuthError> for Failure {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

/// Serialises the result of an OAuth endpoint, as 200 or as the client's error.
///
/// # Errors
/// A failure that is not the client's.
pub fn respond(outcome: Result<impl Serialize, Failure>) -> Result<Response, Problem> {
    answer(outcome.and_then(|body| {
        let body = serde_json::to_value(body).map_err(Problem::internal)?;
        Ok(json_response(200, &body))
    }))
}

/// Turns the client's error into its response.
///
/// # Errors
/// A failure that is not the client's.
pub fn answer(outcome: Result<Response, Failure>) -> Result<Response, Problem> {
    match outcome {
        Ok(response) => Ok(response),
        Err(Failure::OAuth(error)) => Ok(error.into_response()),
        Err(Failure::Problem(problem)) => Err(problem),
    }
}

/// A JSON response.
#[must_use]
pub fn json_response(status: u16, body: &serde_json::Value) -> Response {
    let mut response = document("application/json", body.to_string());
    *response.status_mut() = StatusCode::from_u16(status).expect("the status is a valid one");
    response
}
