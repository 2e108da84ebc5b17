//! Errors of the OAuth endpoints, in the form that RFC 6749 §5.2 and RFC 7591 §3.2.2 want, instead of
//! problem details.

use http::StatusCode;
use http::header::{HeaderValue, WWW_AUTHENTICATE};
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
    /// What kind of error.
    pub code: OAuthCode,
    /// What happened and what to do, in printable ASCII without quotes and backslashes.
    pub detail: String,
    /// Whether the client spoke Basic, and is to be answered so.
    pub basic: bool,
}

impl OAuthError {
    /// An error of this kind. Whatever RFC 6749 does not allow in a description is left out of it.
    #[must_use]
    pub fn new(code: OAuthCode, detail: impl AsRef<str>) -> Self {
        let allowed = |char: &char| matches!(char, ' '..='!' | '#'..='[' | ']'..='~');
        let detail = detail.as_ref().chars().filter(allowed).collect();
        Self { code, detail, basic: false }
    }

    /// The answer. It is never cached (RFC 6749 §5.1).
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

/// How a call of an OAuth endpoint fails.
#[derive(Debug)]
pub enum Failure {
    /// The client did something wrong.
    OAuth(OAuthError),
    /// Something went wrong here, or there were too many calls.
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

/// The answer of an OAuth endpoint.
///
/// # Errors
/// What is no error of the client.
pub fn answer(outcome: Result<Response, Failure>) -> Result<Response, Problem> {
    match outcome {
        Ok(response) => Ok(response),
        Err(Failure::OAuth(error)) => Ok(error.into_response()),
        Err(Failure::Problem(problem)) => Err(problem),
    }
}

/// A JSON answer.
#[must_use]
pub fn json_response(status: u16, body: &serde_json::Value) -> Response {
    let mut response = document("application/json", body.to_string());
    *response.status_mut() = StatusCode::from_u16(status).expect("the status is a valid one");
    response
}
