//! Answers that are no page: redirects.

use byline_shared::http::Response;
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
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
    let joint = if to.contains('?') { '&' } else { '?' };
    see_other(&format!("{to}{joint}done={}", what.as_str()))
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
