//! The pages of `/oauth/authorize`. They have no script and load nothing from anywhere.

mod consent;
mod sign_in;

pub(crate) use consent::consent;
pub(crate) use sign_in::{mail_code, sign_in};

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_STANDARD, Engine};
use byline_shared::http::Response;
use byline_shared::oauth::request::{AuthorizationRequest, PARAMETERS};
use byline_shared::oauth::{Form, redirect};
use http::StatusCode;
use http::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};
use maud::{DOCTYPE, Markup, PreEscaped, html};

static STYLE: &str = include_str!("../style.css");

/// Allows the page's own style and nothing else. There is no `form-action`: browsers apply it to redirects
/// after a form, too, and this form ends at the client's redirect URI.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = BASE64_STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).expect("the policy is plain ASCII")
});

/// What the sign-in and consent pages have in common.
pub(crate) struct Page<'a> {
    /// The name of the publication.
    pub(crate) site: &'a str,
    /// The parameters of the request.
    pub(crate) form: &'a Form,
    /// Where the same request starts again.
    pub(crate) again: &'a str,
    /// The token against forged forms.
    pub(crate) token: &'a str,
    /// Whether people can sign in with a passkey: at the Desk, because these pages have no script.
    pub(crate) passkeys: bool,
    /// The request.
    pub(crate) request: &'a AuthorizationRequest,
}

/// The page for a request whose client or redirect URI is in doubt. It leads nowhere.
pub(crate) fn rejected(text: &str, advice: Option<&str>, request_id: &str) -> Response {
    let title = "The app cannot be authorized";
    document(
        StatusCode::BAD_REQUEST,
        title,
        &html! {
            h1 { (title) }
            div.fault role="alert" { p { (text) } }
            @if let Some(advice) = advice {
                p { (advice) }
            }
            p { "No access was granted. You can close this page." }
            p.hint { "Request ID: " (request_id) }
        },
    )
}

/// The page for an invalid request, with a link that returns the error to the client.
pub(crate) fn rejected_with_link(detail: &str, to: &str) -> Response {
    let title = "The app cannot be authorized";
    document(
        StatusCode::BAD_REQUEST,
        title,
        &html! {
            h1 { (title) }
            div.fault role="alert" { p { "The app sent an invalid request: " (detail) "." } }
            p { "No access was granted. You can close this page, or return to the app and let it \
                 know about the error." }
            p { a href=(to) rel="noreferrer" { "Return to " (redirect::shown(to)) } }
        },
    )
}

/// The page for a form whose token is not valid: expired, of another session, or forged.
pub(crate) fn expired(again: &str) -> Response {
    let title = "This page has expired";
    document(
        StatusCode::FORBIDDEN,
        title,
        &html! {
            h1 { (title) }
            div.fault role="alert" {
                p { "Nothing was changed. This happens when a page was open for more than half an \
                     hour, when you signed in or out in another tab, or when your browser blocks \
                     cookies." }
            }
            p { a href=(again) { "Load the page again" } }
        },
    )
}

fn hidden(page: &Page<'_>, step: &str) -> Markup {
    html! {
        input type="hidden" name="step" value=(step);
        input type="hidden" name="form_token" value=(page.token);
        @for name in PARAMETERS {
            @if let Some(value) = page.form.get(name) {
                input type="hidden" name=(name) value=(value);
            }
        }
    }
}

fn document(status: StatusCode, title: &str, main: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (main) } }
        }
    };
    let mut response =
        byline_shared::http::document("text/html; charset=utf-8", page.into_string());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    let own = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(own, HeaderValue::from_static("same-origin"));
    response
}
