//! Errors as callers see them: RFC 9457 problem details.
//!
//! A [`Problem`] has two sides: what the caller is told, and the cause, which goes to the log
//! alone. It has no `Display`, so that neither side is printed where the other belongs.

use std::error::Error;

use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Response;
use crate::model::Conflict;

/// The media type of problem details (RFC 9457 §3).
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Problem details (RFC 9457): the body of an error.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Problem")]
pub struct ProblemBody {
    /// A URL that explains this kind of problem.
    pub r#type: String,
    /// The kind of problem, for people.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time, and what to do next.
    pub detail: String,
    /// The kind of problem, for clients.
    pub code: String,
    /// The id of this request in the logs.
    pub request_id: String,
    /// Every invalid field; only on 422. At most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Both sides of the conflict; only with `proposal_conflict`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Box<Conflict>>,
    /// The same for clients of the OpenAI API; only for conversations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<OpenAiError>,
}

/// An invalid field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldError {
    /// A JSON Pointer (RFC 6901) into the body, or `/<name>` for a path or query parameter;
    /// `/if_match` for the header `If-Match`, `/idempotency_key` for `Idempotency-Key`.
    pub pointer: String,
    /// The kind of error, for clients: `required`, `unknown_field`, `invalid_type`, `too_long`, …
    pub code: String,
    /// What is wrong, for people.
    pub message: String,
}

/// A problem as clients of the OpenAI API read it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct OpenAiError {
    /// What happened, and what to do next.
    pub message: String,
    /// The kind of error as OpenAI names it, such as `invalid_request_error`.
    pub r#type: String,
    /// As `code` of the problem.
    pub code: String,
    /// The first invalid field; null if no field is.
    pub param: Option<String>,
}

macro_rules! codes {
    ($($name:ident = $status:literal, $code:literal, $title:literal;)*) => {
        /// Every kind of problem that Byline answers with.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code {
            $(#[doc = concat!("`", $code, "` (", $status, "): ", $title)] $name,)*
        }

        impl Code {
            /// Every code, in order of status.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The status it is answered with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// Its name in `code` and at the end of `type`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Its `title`.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

codes! {
    MalformedRequest = 400, "malformed_request", "The request cannot be read";
    Unauthenticated = 401, "unauthenticated", "A valid access token is needed";
    InvalidCredentials = 401, "invalid_credentials", "Wrong e-mail address or password";
    InvalidRefreshToken = 401, "invalid_refresh_token", "The refresh token is not valid";
    RecentSignInRequired = 401, "recent_sign_in_required", "A recent sign-in is needed";
    SecondFactorRequired = 401, "second_factor_required", "A one-time code is needed";
    Forbidden = 403, "forbidden", "Not allowed";
    RegistrationClosed = 403, "registration_closed", "Signing up needs an invitation";
    ApprovalRequired = 403, "approval_required", "A person has to approve this";
    NotFound = 404, "not_found", "Not found";
    MethodNotAllowed = 405, "method_not_allowed", "The method does not fit this path";
    LastAdmin = 409, "last_admin", "One admin must remain";
    EmailTaken = 409, "email_taken", "The address already has an account";
    SlugTaken = 409, "slug_taken", "Another post has this slug";
    TagExists = 409, "tag_exists", "Another tag has this name or slug";
    PostTrashed = 409, "post_trashed", "The post is in the trash";
    ProposalConflict = 409, "proposal_conflict", "The proposal and the post changed the same part";
    ProposalDecided = 409, "proposal_decided", "The proposal has been decided";
    MediaInUse = 409, "media_in_use", "Posts use it";
    UploadMissing = 409, "upload_missing", "Nothing has been uploaded yet";
    ConversationBusy = 409, "conversation_busy", "The agent is answering in this conversation";
    LimitReached = 409, "limit_reached", "There are as many as there may be";
    EditConflict = 409, "edit_conflict", "Somebody else wrote at the same time";
    IdempotencyKeyInUse = 409, "idempotency_key_in_use", "The first request with this key is under way";
    PreconditionFailed = 412, "precondition_failed", "It has changed since you read it";
    PayloadTooLarge = 413, "payload_too_large", "The request is too large";
    UnsupportedMediaType = 415, "unsupported_media_type", "The content type is not supported";
    InvalidInput = 422, "invalid_input", "Some fields are invalid";
    IdempotencyKeyReused = 422, "idempotency_key_reused", "Another request had this key";
    UploadRefused = 422, "upload_refused", "The uploaded file is not what was announced";
    PreconditionRequired = 428, "precondition_required", "If-Match is needed";
    BudgetSpent = 429, "budget_spent", "Too little is left of the agent's budget of this month";
    TooManyRequests = 429, "too_many_requests", "Too many requests";
    Internal = 500, "internal", "Something went wrong on our side";
    AgentOff = 503, "agent_off", "The built-in agent is off";
    Unavailable = 503, "unavailable", "Temporarily unavailable";
}

/// An error answer in the making.
#[derive(Debug)]
pub struct Problem {
    /// The kind of problem.
    pub code: Code,
    /// What the caller is told.
    pub detail: String,
    /// The invalid fields, on 422.
    pub errors: Vec<FieldError>,
    /// Both sides, on a proposal's conflict.
    pub conflict: Option<Box<Conflict>>,
    /// Headers that this answer needs (`WWW-Authenticate`, `Allow`, `Retry-After`).
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Why it happened, for the log alone.
    pub cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    /// A problem of this kind, with what the caller is told.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        let (detail, errors, headers) = (detail.into(), Vec::new(), Vec::new());
        Self { code, detail, errors, conflict: None, headers, cause: None }
    }

    /// 422 with these invalid fields.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let fields = if errors.len() == 1 { "1 field is" } else { "some fields are" };
        let mut problem =
            Self::new(Code::InvalidInput, format!("In this request {fields} invalid: see errors."));
        problem.errors = errors;
        problem
    }

    /// 422 with one invalid field.
    pub fn invalid_field(name: &str, code: &str, message: impl Into<String>) -> Self {
        let pointer = format!("/{name}");
        Self::invalid(vec![FieldError { pointer, code: code.to_owned(), message: message.into() }])
    }

    /// 404 for a kind of thing ("post").
    #[must_use]
    pub fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("There is no such {what}, or it is not yours to see."))
    }

    /// 404 for a path that no operation has.
    #[must_use]
    pub fn no_such_path() -> Self {
        let detail = "There is nothing at this path. GET /openapi.json lists what there is.";
        Self::new(Code::NotFound, detail)
    }

    /// 500 with a fixed text; the cause goes to the log.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let detail = "The request could not be carried out. Try again later; if it stays so, \
                      report the request id.";
        let mut problem = Self::new(Code::Internal, detail);
        problem.cause = Some(cause.into());
        problem
    }

    /// 503 with `Retry-After`; the cause goes to the log.
    pub fn unavailable(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let detail = "A service that this needs does not answer. Try again; after a write, look \
                      first whether it happened.";
        let mut problem = Self::new(Code::Unavailable, detail)
            .with_header(http::header::RETRY_AFTER, HeaderValue::from_static("2"));
        problem.cause = Some(cause.into());
        problem
    }

    /// 401 as RFC 6750 wants it: without an error code where no token was sent.
    #[must_use]
    pub fn unauthenticated(token_was_sent: bool) -> Self {
        let (detail, challenge) = if token_was_sent {
            let detail = "The access token or API key is invalid, expired or revoked. Refresh the \
                          token or sign in again, or use another API key.";
            (detail, r#"Bearer error="invalid_token""#)
        } else {
            (
                "Send an access token or API key in the Authorization header: Bearer <token>.",
                "Bearer",
            )
        };
        Self::new(Code::Unauthenticated, detail)
            .with_header(http::header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge))
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Adds the cause, for the log.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Where `code` is explained, on the stack at `public_url`.
    #[must_use]
    pub fn type_url(public_url: &str, code: Code) -> String {
        format!("{public_url}/docs#problem-{}", code.as_str())
    }

    /// The answer, for the request with this id.
    #[must_use]
    pub fn into_response(self, public_url: &str, request_id: &str) -> Response {
        self.answer(public_url, request_id, None)
    }

    pub(super) fn answer(
        self,
        public_url: &str,
        request_id: &str,
        error: Option<OpenAiError>,
    ) -> Response {
        let body = ProblemBody {
            r#type: Self::type_url(public_url, self.code),
            title: self.code.title().to_owned(),
            status: self.code.status(),
            detail: self.detail,
            code: self.code.as_str().to_owned(),
            request_id: request_id.to_owned(),
            errors: self.errors,
            conflict: self.conflict,
            error,
        };
        let json = serde_json::to_vec(&body).expect("a problem holds nothing but text and numbers");
        let mut response = Response::new(json.into());
        *response.status_mut() = StatusCode::from_u16(self.code.status())
            .expect("every code is declared with a valid status");
        response.headers_mut().extend(self.headers);
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        response
    }
}
