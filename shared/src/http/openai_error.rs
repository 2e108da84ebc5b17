//! Problems for clients of the OpenAI API. They read the member `error` of a body and nothing else, and
//! repeat 409, 429 and every 5xx unless a header tells them not to.

use http::header::{HeaderName, HeaderValue};

use super::Response;
use super::problem::{Code, FieldError, OpenAiError, Problem};

/// Tells OpenAI's clients whether to repeat a request.
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

impl OpenAiError {
    fn new(problem: &Problem) -> Self {
        let first = problem.errors.first();
        let name = |error: &FieldError| error.pointer.trim_start_matches('/').replace('/', ".");
        // The detail of a 422 points at `errors`, which these clients do not show.
        let message = match first {
            Some(error) => format!("{}: {}", name(error), error.message),
            None => problem.detail.clone(),
        };
        let kind = match problem.code.status() {
            401 => "authentication_error",
            403 => "permission_error",
            429 => "rate_limit_error",
            500.. => "server_error",
            _ => "invalid_request_error",
        };
        Self {
            message: message.trim_start_matches(": ").to_owned(),
            r#type: kind.to_owned(),
            code: problem.code.as_str().to_owned(),
            param: first.map(name).filter(|name| !name.is_empty()),
        }
    }
}

impl Problem {
    /// The answer with the member `error`, for the request with this id.
    #[must_use]
    pub fn into_openai_response(self, public_url: &str, request_id: &str) -> Response {
        let error = OpenAiError::new(&self);
        let is_for_good = matches!(
            self.code,
            Code::AgentOff | Code::BudgetSpent | Code::LimitReached | Code::Internal
        );
        let mut response = self.answer(public_url, request_id, Some(error));
        if is_for_good {
            response.headers_mut().insert(SHOULD_RETRY, HeaderValue::from_static("false"));
        }
        response
    }
}
