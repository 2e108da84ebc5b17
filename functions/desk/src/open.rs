//! What the pages have in common that need no session: signing in, and the pages that mails lead to.
//!
//! A form must come from the page of the same site in the same browser. Otherwise another site could sign
//! somebody in to an account of its own.

use std::marker::PhantomData;

use byline_shared::auth::form_key::{self, FormKey};
use byline_shared::auth::limits;
use byline_shared::http::{Request, Response};
use byline_shared::prelude::*;
use http::StatusCode;
use http::header::{HeaderMap, SET_COOKIE, WWW_AUTHENTICATE};
use maud::{Markup, html};

use crate::answers::{require_own_form, status_of};
use crate::fields::Fields;
use crate::layout;
use crate::notice::{Done, Notice};
use crate::parts;

/// What the tokens of these forms are about. The forms name what they change themselves.
const ABOUT: [&str; 1] = ["desk"];

/// One page: what it shows, and what its form does.
pub(crate) trait OpenPage: 'static {
    /// The name of the operation and of the file, with hyphens.
    const NAME: &'static str;
    /// The path.
    const PATH: &'static str;
    /// A short title, without a full stop.
    const SUMMARY: &'static str;
    /// The rights it needs beyond those of its forms.
    const PERMISSIONS: &'static [Permission];
    /// As [`RawEndpoint::MEMORY`].
    const MEMORY: Memory = Memory::Standard;
    /// What may just have been done when somebody is led here: the page says no other word of the query.
    const DONE: &'static [Done] = &[];
    /// The sample event's query parameters.
    const EXAMPLE_QUERY: &'static [(&'static str, &'static str)] = &[];

    /// Answers GET, and changes nothing: mail scanners follow links. After a form that was open for too
    /// long, [`Guest::form`] holds what was sent: the page fills its form with it.
    fn show(cx: &Context, guest: &Guest) -> impl Future<Output = Result<Response, Problem>> + Send;

    /// Answers POST with a valid form.
    fn submit(
        cx: &Context,
        guest: &Guest,
    ) -> impl Future<Output = Result<Response, Problem>> + Send;
}

/// Somebody who opens such a page.
pub(crate) struct Guest {
    /// The headers of the request.
    pub(crate) headers: HeaderMap,
    /// The fields of the query.
    pub(crate) query: Fields,
    /// The fields of the form; none on GET.
    pub(crate) form: Fields,
    /// What binds its forms to this browser.
    pub(crate) key: FormKey,
    /// The token that each form of the page carries.
    pub(crate) form_token: String,
    is_late: bool,
    notice: Option<Notice>,
}

impl Guest {
    /// A field: of the form if there is one, otherwise of the query.
    pub(crate) fn text(&self, name: &str) -> &str {
        if self.form.is_empty() { self.query.text(name) } else { self.form.text(name) }
    }

    /// The first field of every form.
    pub(crate) fn form_token(&self) -> Markup {
        html! { input type="hidden" name="form_token" value=(self.form_token); }
    }
}

/// Such a page as an endpoint.
pub(crate) struct Open<P>(PhantomData<P>);

impl<P: OpenPage> RawEndpoint for Open<P> {
    const NAME: &'static str = P::NAME;
    const METHOD: Method = Method::GET;
    const FORMS: bool = true;
    const DESCRIBED: bool = false;
    const PATH: &'static str = P::PATH;
    const SUMMARY: &'static str = P::SUMMARY;
    const PERMISSIONS: &'static [Permission] = P::PERMISSIONS;
    const ERRORS: &'static [Code] =
        &[Code::MalformedRequest, Code::Forbidden, Code::UnsupportedMediaType];
    const MEMORY: Memory = P::MEMORY;
    const CONSUMES: &'static str = "application/x-www-form-urlencoded";
    const PRODUCES: &'static str = "text/html; charset=utf-8";
    const ERROR_MEDIA_TYPE: &'static str = "text/html; charset=utf-8";
    const CROSS_ORIGIN: bool = false;
    const EXAMPLE_QUERY: &'static [(&'static str, &'static str)] = P::EXAMPLE_QUERY;

    type Auth = Public;

    fn reject(cx: &Context, problem: Problem) -> Response {
        layout::failed(cx, problem)
    }

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        let headers = request.headers();
        let is_form = request.method() == Method::POST;
        cx.settings.read().await?;
        if is_form {
            require_own_form(cx, &request)?;
        }
        let form = if is_form { Fields::of_form(&request).await?.0 } else { Fields::default() };
        let token = form.text("form_token");
        let is_late = is_form && !form_key::is_form_valid(cx, headers, &ABOUT, None, token).await?;
        let key = form_key::form_key(cx, headers).await?;
        let query = Fields::of_query(&request);
        let guest = Guest {
            headers: headers.clone(),
            is_late,
            notice: Notice::of_query(&query, P::DONE),
            form_token: key.token(cx, &ABOUT, None).await?,
            key,
            query,
            form,
        };
        let mut response = if is_form && !is_late {
            P::submit(cx, &guest).await?
        } else {
            P::show(cx, &guest).await?
        };
        if is_late && response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::CONFLICT;
        }
        if !guest.key.is_known {
            response.headers_mut().append(SET_COOKIE, guest.key.set_cookie(cx));
        }
        Ok(response)
    }
}

/// A page with its title, and above its content what went wrong or was done before.
pub(crate) fn page(
    cx: &Context,
    guest: &Guest,
    title: &str,
    problem: Option<&Problem>,
    main: &Markup,
) -> Response {
    let told = problem.map(parts::problem);
    told_page(cx, guest, title, (problem, told.as_ref()), main)
}

/// The same with its own words for the problem.
pub(crate) fn told_page(
    cx: &Context,
    guest: &Guest,
    title: &str,
    (problem, told): (Option<&Problem>, Option<&Markup>),
    main: &Markup,
) -> Response {
    let status = problem.map_or(StatusCode::OK, status);
    let main = html! {
        h1 { (title) }
        @if guest.is_late {
            div.alert role="alert" tabindex="-1" {
                h2 { "Please send the form again" }
                p { "Nothing was changed. This happens when a page was open for more than half an hour, or \
                     when your browser blocks cookies." }
            }
        }
        @if let Some(Notice::Done(done)) = guest.notice {
            p.notice role="status" { (done.text()) }
        }
        @if let Some(told) = told { (told) }
        (main)
    };
    let mut response = layout::plain(cx, status, title, &main);
    let headers = problem.map(|problem| problem.headers.as_slice()).unwrap_or_default();
    let kept = headers.iter().filter(|(name, _)| *name != WWW_AUTHENTICATE).cloned();
    response.headers_mut().extend(kept);
    response
}

/// The status of a page with a problem. 401 needs a challenge, for which browsers open a dialog of their own.
pub(crate) fn status(problem: &Problem) -> StatusCode {
    match status_of(problem) {
        StatusCode::UNAUTHORIZED => StatusCode::FORBIDDEN,
        status => status,
    }
}

/// Whether a page can show a problem and let people correct what they entered. Others are not theirs.
pub(crate) fn is_theirs(problem: &Problem) -> bool {
    problem.code.status() < 500
}

/// Whether a mailed token is used, expired or unknown.
pub(crate) fn is_spent(problem: &Problem) -> bool {
    problem.errors.iter().any(|error| error.pointer == "/token")
}

/// Counts a request for mail from this network, as the operations of the API are counted.
///
/// # Errors
/// 429 after too many.
pub(crate) async fn count_mail(cx: &Context) -> Result<(), Problem> {
    let network = limits::network(cx.request.source_ip);
    limits::acquire(cx, &limits::MAIL_NETWORK, &network).await
}
