//! The frame of every page: head, and headers of the answer.

use byline_shared::Context;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::http::{Response, document};
use http::StatusCode;
use http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use maud::{DOCTYPE, Markup, html};
use url::Url;

use crate::answers::status_of;
pub(crate) use crate::navigation::Section;
use crate::notice::Notice;
use crate::visit::Visit;
use crate::{assets, navigation, parts, refusals};

/// A page for somebody who is signed in.
pub(crate) struct Sheet<'a> {
    /// Its title; the page has it as its heading, too.
    pub(crate) title: &'a str,
    /// Where it is in the navigation.
    pub(crate) section: Section,
    /// The status of the answer.
    pub(crate) status: StatusCode,
    /// Whether it takes more than a column: a review, an editor, a wide table.
    pub(crate) wide: bool,
    /// Whether its scripts send files to the bucket.
    pub(crate) uploads: bool,
}

impl<'a> Sheet<'a> {
    /// A page with one column, answered with 200.
    pub(crate) fn new(title: &'a str, section: Section) -> Self {
        Self { title, section, status: StatusCode::OK, wide: false, uploads: false }
    }

    /// The page with room for two columns.
    pub(crate) fn wide(self) -> Self {
        Self { wide: true, ..self }
    }

    /// The page with scripts that send files to the bucket.
    pub(crate) fn uploads(self) -> Self {
        Self { uploads: true, ..self }
    }

    /// The page with the status of the problem that it tells, if there is one.
    pub(crate) fn telling(self, problem: Option<&Problem>) -> Self {
        match problem {
            Some(problem) => self.status(status_of(problem)),
            None => self,
        }
    }

    /// The page with another status.
    pub(crate) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

/// A page with the navigation, the notice and the way out.
pub(crate) fn sheet(cx: &Context, visit: &Visit, sheet: Sheet<'_>, main: &Markup) -> Response {
    let title = format!("{} · {}", sheet.title, cx.settings.last().title);
    let body = html! {
        body {
            a.skip href="#main" { "Skip to the content" }
            (navigation::top(cx, visit, sheet.section))
            main #main.page.wide[sheet.wide] tabindex="-1" {
                @match visit.notice {
                    Some(notice @ Notice::Done(_)) => p.notice role="status" { (notice.text()) },
                    Some(notice) => p.note role="alert" { (notice.text()) },
                    None => {}
                }
                (main)
            }
        }
    };
    let mut response = answer(cx, sheet.status, &title, &body);
    if sheet.uploads {
        let policy = policy(cx, &format!("'self' {}", origin(&cx.config.upload_url)));
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, header(policy));
    }
    response
}

/// A page without navigation: sign-in, pages that mails lead to, errors.
pub(crate) fn plain(cx: &Context, status: StatusCode, title: &str, main: &Markup) -> Response {
    let body = html! {
        body.plain {
            header { a.brand href="/desk" { (cx.settings.last().title) } }
            main #main.page { (main) }
        }
    };
    answer(cx, status, &format!("{title} · {}", cx.settings.last().title), &body)
}

/// The page for a request that failed.
pub(crate) fn failed(cx: &Context, problem: Problem) -> Response {
    let status = status_of(&problem);
    let (title, next) = failure(&problem);
    let main = html! {
        h1 { (title) }
        p { (next) }
        @if problem.code == Code::PayloadTooLarge {
            p { "Nothing was changed. Go back in your browser: what you entered is still in the form. Send less at \
                 a time, such as a shorter text or a smaller picture." }
        }
        @if problem.code == Code::Forbidden {
            p.row { a.button.go href="/desk/account" { "Go to your account" } }
        } @else {
            p.row { a.button.go href="/desk" { "Go to the Desk" } }
        }
        @if problem.code != Code::Forbidden { (code(cx)) }
    };
    let mut response = plain(cx, status, title, &main);
    response.headers_mut().extend(problem.headers);
    response
}

/// What names the request in the log. The reader may be the one who runs Byline.
fn code(cx: &Context) -> Markup {
    html! {
        p.quiet.small { "If it happens again, give this code to those who run Byline here: " span.num { (cx.request.request_id) } }
    }
}

/// An address that leads nowhere, for somebody who is signed in.
pub(crate) fn not_found(cx: &Context, visit: &Visit, problem: &Problem) -> Response {
    let (title, next) = failure(problem);
    let main = html! {
        (parts::head(title, Some(next), None))
        p.row { a.button.go href="/desk" { "Go to the Desk" } }
        (code(cx))
    };
    sheet(cx, visit, Sheet::new(title, Section::None).telling(Some(problem)), &main)
}

/// The same, where another page of the Desk shows it in a frame. A browser shows nothing there of a page that
/// must not be framed.
pub(crate) fn failed_in_frame(cx: &Context, problem: Problem) -> Response {
    let (title, next) = failure(&problem);
    let mut response =
        framed(cx, title, &html! { div.padded { div.alert { h2 { (title) } p { (next) } } } });
    *response.status_mut() = status_of(&problem);
    response.headers_mut().extend(problem.headers);
    response
}

/// The title of a failure, and what to do next.
fn failure(problem: &Problem) -> (&'static str, &str) {
    let next = match problem.code {
        Code::NotFound => {
            "The address may be mistyped, or what was here has been deleted, or your role does not include it."
        }
        _ => refusals::detail(problem),
    };
    (refusals::title(problem), next)
}

/// A page that another page of the Desk shows in a frame: a text as readers see it. It runs no script, sends
/// no form, and no other site can frame it.
pub(crate) fn framed(cx: &Context, title: &str, main: &Markup) -> Response {
    let mut response =
        answer(cx, StatusCode::OK, title, &html! { body.framed { main { (main) } } });
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, reading_policy(cx, "'self'"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response
}

/// A page for somebody without an account: a text that is not published yet. It runs no script and sends no
/// form, and its address, which is a secret, goes nowhere.
pub(crate) fn shared(cx: &Context, status: StatusCode, title: &str, main: &Markup) -> Response {
    let title = format!("{title} · {}", cx.settings.last().title);
    let mut response = answer(cx, status, &title, &html! { body { main #main.page { (main) } } });
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, reading_policy(cx, "'none'"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// What a page may load on which a text is only read.
fn reading_policy(cx: &Context, framed_by: &str) -> HeaderValue {
    header(format!(
        "default-src 'none'; style-src 'self'; img-src 'self' data: {media}; media-src 'self' {media}; \
         form-action 'none'; base-uri 'none'; frame-ancestors {framed_by}",
        media = origin(&cx.config.media_url)
    ))
}

fn answer(cx: &Context, status: StatusCode, title: &str, body: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) }
                link rel="stylesheet" href=(assets::href("desk.css"));
                link rel="icon" href="data:,";
            }
            (body)
        }
    };
    let mut response = document("text/html; charset=utf-8", page.into_string());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, header(policy(cx, "'self'")));
    // With no-referrer, Chromium sends our own forms with `Origin: null`.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    let resources = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(resources, HeaderValue::from_static("same-origin"));
    response
}

/// What a page of the Desk may load; its scripts may connect to `connected`. Pictures of other hosts are not
/// loaded: they would tell when and where an editor reads.
fn policy(cx: &Context, connected: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: {media}; \
         media-src 'self' {media}; connect-src {connected}; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; frame-src 'self'; require-trusted-types-for 'script'; \
         trusted-types 'none'",
        media = origin(&cx.config.media_url)
    )
}

/// The origin of a configured URL.
fn origin(url: &str) -> String {
    Url::parse(url).map(|url| url.origin().ascii_serialization()).unwrap_or_default()
}

fn header(policy: String) -> HeaderValue {
    HeaderValue::try_from(policy).expect("a policy of keywords and an origin is plain ASCII")
}
