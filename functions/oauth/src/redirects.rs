//! Where the pages of `/oauth/authorize` lead.

use byline_shared::http::Response;
use byline_shared::oauth::Form;
use byline_shared::oauth::request::PARAMETERS;
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use url::form_urlencoded::Serializer;

/// Where the authorization request starts again.
pub(crate) fn again(form: &Form) -> String {
    let mut query = Serializer::new(String::new());
    for name in PARAMETERS {
        query.extend_pairs(form.get(name).map(|value| (name, value)));
    }
    format!("/oauth/authorize?{}", query.finish())
}

/// Redirects with 303, which turns a POST into a GET. 307 would send the password on (RFC 9700 §4.12).
pub(crate) fn see_other(to: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    let to = HeaderValue::try_from(to)
        .expect("a checked redirect URI is ASCII, and parameters are encoded");
    response.headers_mut().insert(LOCATION, to);
    response
}
