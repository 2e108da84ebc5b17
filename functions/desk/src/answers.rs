//! Answers that are no page, and what every answer to a form needs.

use byline_shared::Context;
use byline_shared::auth::browser;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::http::{Request, Response, document};
use byline_shared::model::{Secret, UserId};
use http::StatusCode;
use http::header::{HeaderValue, LOCATION, SET_COOKIE};
use url::form_urlencoded::Serializer;

use crate::notice::Done;

/// Leads to another page of the Desk by GET.
///
/// # Panics
/// If `to` is no header value. Paths are percent-encoded.
pub(crate) fn see_other(to: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    let to = HeaderValue::try_from(to).expect("paths of the Desk are plain ASCII");
    response.headers_mut().insert(LOCATION, to);
    response
}

/// Leads to another page, which says what was done.
pub(crate) fn done(to: &str, what: Done) -> Response {
    see_other(&saying(to, what))
}

/// The path of another page, which says what was done.
pub(crate) fn saying(to: &str, what: Done) -> String {
    let joint = if to.contains('?') { '&' } else { '?' };
    format!("{to}{joint}done={}", what.as_str())
}

/// Leads to the page to sign in on, after the account itself ended its session. A script removes there what this
/// browser keeps of its unsaved text.
pub(crate) fn left(what: Done, account: &UserId) -> Response {
    done(&format!("/desk/sign-in?of={account}"), what)
}

/// An answer for a script of a page.
///
/// # Panics
/// If `status` is none.
pub(crate) fn json(status: u16, body: &serde_json::Value) -> Response {
    let mut response = document("application/json", body.to_string());
    *response.status_mut() = StatusCode::from_u16(status).expect("every code has a valid status");
    response
}

/// What a script of a page is told in place of a page: why something was not done.
///
/// # Panics
/// If `status` is none.
pub(crate) fn refusal(status: u16, detail: &str) -> Response {
    json(status, &serde_json::json!({ "detail": detail }))
}

/// Takes what is gone as deleted: a form that deletes, sent twice, has done its work.
///
/// # Errors
/// Every other problem.
pub(crate) fn or_gone(outcome: Result<(), Problem>) -> Result<(), Problem> {
    match outcome {
        Err(problem) if problem.code == Code::NotFound => Ok(()),
        outcome => outcome,
    }
}

/// Leads to the sign-in page after a change that has ended all sessions. The browser stays a known device.
pub(crate) fn signed_out(cx: &Context, what: Done, device: &Secret) -> Response {
    let mut response = done("/desk/sign-in", what);
    for cookie in [browser::no_session_cookie(cx), browser::device_cookie(cx, device)] {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Refuses a form that no page of ours has sent.
///
/// # Errors
/// 403.
pub(crate) fn require_own_form(cx: &Context, request: &Request) -> Result<(), Problem> {
    if browser::is_own_form(cx, request.headers()) {
        return Ok(());
    }
    let detail = "The form did not come from a page of this site, so nothing was changed. Open the page \
                  here, and send it again.";
    Err(Problem::new(Code::Forbidden, detail))
}

/// The status of a page that tells a problem.
pub(crate) fn status_of(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.code.status()).expect("every code is declared with a valid status")
}

/// The page to sign in on, from which `target` is reached. With `again` it asks also those who are
/// signed in.
pub(crate) fn sign_in_path(target: &str, again: bool) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("next", target);
    if again {
        query.append_pair("again", "1");
    }
    format!("/desk/sign-in?{}", query.finish())
}

/// Asks for a sign-in, and leads on afterwards.
pub(crate) fn sign_in_first(target: &str) -> Response {
    see_other(&sign_in_path(target, false))
}
