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

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6749 §5.2: a client that used HTTP Basic, and was not accepted, gets a challenge for it.
    #[test]
    fn only_a_client_that_failed_with_basic_gets_a_challenge() {
        for (code, status) in [
            (OAuthCode::AccessDenied, 403),
            (OAuthCode::InvalidClient, 401),
            (OAuthCode::InvalidClientMetadata, 400),
            (OAuthCode::InvalidGrant, 400),
            (OAuthCode::InvalidRedirectUri, 400),
            (OAuthCode::InvalidRequest, 400),
            (OAuthCode::InvalidScope, 400),
            (OAuthCode::InvalidTarget, 400),
            (OAuthCode::UnsupportedGrantType, 400),
            (OAuthCode::UnsupportedResponseType, 400),
        ] {
            for basic in [true, false] {
                let error =
                    OAuthError { basic, ..OAuthError::new(code, "a \"quoted\" \\ \u{e9}~ !") };
                let response = error.into_response();
                assert_eq!(response.status(), status, "{code:?}");
                let challenge =
                    response.headers().get(WWW_AUTHENTICATE).map(|it| it.to_str().unwrap());
                let is_challenged = basic && code == OAuthCode::InvalidClient;
                assert_eq!(
                    challenge,
                    is_challenged.then_some("Basic realm=\"Byline\""),
                    "{code:?}"
                );
                let body: serde_json::Value =
                    serde_json::from_slice(response.body().whole().unwrap()).unwrap();
                let expected =
                    json!({ "error": code.as_str(), "error_description": "a quoted  ~ !" });
                assert_eq!(body, expected);
            }
        }
    }
}
