//! The pages of `/oauth/authorize`. They have no script and load nothing.

mod consent;

pub(crate) use consent::consent;

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_STANDARD, Engine};
use byline_shared::http::Response;
use byline_shared::http::problem::Code;
use byline_shared::oauth::request::{AuthorizationRequest, PARAMETERS};
use byline_shared::oauth::{Form, redirect};
use http::StatusCode;
use http::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};
use maud::{DOCTYPE, Markup, PreEscaped, html};

static STYLE: &str = include_str!("../style.css");

/// Its own style and nothing else. `form-action` is left out: browsers hold redirects after a form to
/// it, and this one ends at an address of the program's.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = BASE64_STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).expect("the policy is plain ASCII")
});

/// What a page speaks of.
pub(crate) struct Page<'a> {
    /// The publication's name.
    pub(crate) site: &'a str,
    /// The request's parameters.
    pub(crate) form: &'a Form,
    /// Proves that the form is of this page.
    pub(crate) token: &'a str,
    /// The request.
    pub(crate) request: &'a AuthorizationRequest,
}

/// What was wrong with a form.
pub(crate) struct Fault {
    /// Where, if it was in a field.
    field: Option<&'static str>,
    text: String,
}

impl Fault {
    /// What a problem means for the form.
    pub(crate) fn of(code: Code, detail: String, form: &Form) -> Self {
        match code {
            Code::SecondFactorRequired => {
                let text = if form.get("code").is_none_or(|code| code.trim().is_empty()) {
                    "This account needs a one-time code of your app, or a recovery code. Type the \
                     password once more, and the code."
                } else {
                    "The code is wrong or was used before. Type the password once more, and the \
                     next code of your app or another recovery code."
                };
                Self { field: Some("code"), text: text.to_owned() }
            }
            Code::TooManyRequests => Self { field: None, text: detail },
            _ => Self { field: Some("email"), text: detail },
        }
    }
}

/// The page to sign in.
pub(crate) fn sign_in(page: &Page<'_>, fault: Option<&Fault>) -> Response {
    let title = format!("Sign in to {}", page.site);
    let wrong = |field: &str| fault.is_some_and(|fault| fault.field == Some(field));
    let invalid = |field: &str| wrong(field).then_some("true");
    let describes = |field: &str| wrong(field).then_some("fault");
    let heading = if fault.is_some() { format!("Not signed in: {title}") } else { title.clone() };
    let email = page.form.get("email").unwrap_or_default();
    document(
        StatusCode::OK,
        &heading,
        &html! {
            h1 { (title) }
            p { strong { (page.request.client.name) } " wants to work in your name. Sign in to see what it asks for." }
            @if let Some(fault) = fault {
                div.fault role="alert" tabindex="-1" {
                    h2 #fault-title { "That did not work" }
                    p #fault { (fault.text) }
                    @if let Some(field) = fault.field {
                        p { a href={ "#" (field) } { "Go to the field" } }
                    }
                }
            }
            form method="post" action="/oauth/authorize" {
                (hidden(page, "sign_in"))
                label for="email" { "E-mail address" }
                input #email type="email" name="email" value=(email) autocomplete="username"
                    required maxlength="254" aria-invalid=[invalid("email")]
                    aria-describedby=[describes("email")];
                label for="password" { "Password" }
                // Which of the two was wrong, nobody is told.
                input #password type="password" name="password" autocomplete="current-password"
                    required maxlength="256" aria-invalid=[invalid("email")]
                    aria-describedby=[describes("email")];
                label for="code" { "One-time code or recovery code" }
                p.hint #code-hint { "Only if you have switched codes on." }
                input #code type="text" name="code" autocomplete="one-time-code" maxlength="64"
                    aria-invalid=[invalid("code")]
                    aria-describedby=(if wrong("code") { "fault code-hint" } else { "code-hint" });
                button type="submit" { "Sign in" }
            }
        },
    )
}

/// The page for a request that cannot be answered to the program.
pub(crate) fn refused(text: &str, request_id: &str) -> Response {
    document(
        StatusCode::BAD_REQUEST,
        "This cannot go on",
        &html! {
            h1 { "This cannot go on" }
            div.fault role="alert" { p { (text) } }
            p { "You can close this page. Nobody was let in." }
            p.hint { "Request " (request_id) }
        },
    )
}

/// The page for a request that is wrong, with the way back to its program, which is told so.
pub(crate) fn refused_to_program(detail: &str, to: &str) -> Response {
    document(
        StatusCode::BAD_REQUEST,
        "This cannot go on",
        &html! {
            h1 { "This cannot go on" }
            div.fault role="alert" { p { "The program asked in a way that cannot be answered: " (detail) "." } }
            p { "Nobody was let in. You can close this page, or go back and let the program know:" }
            p { a href=(to) rel="noreferrer" { "Back to " (redirect::shown(to)) } }
        },
    )
}

/// The page for a form that is too old, or not of a page of ours.
pub(crate) fn expired(again: &str) -> Response {
    document(
        StatusCode::FORBIDDEN,
        "This page is too old",
        &html! {
            h1 { "This page is too old" }
            div.fault role="alert" {
                p { "It was open for too long, in another browser or window you signed in or out, or \
                     the browser keeps no cookies of this site. Nothing was done." }
            }
            p { a href=(again) { "Show it again" } }
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
