//! What every page of the Desk has in common: who visits it, what its form holds, and the checks before
//! either reaches the page.
//!
//! The session is proved before [`Page::show`] and [`Page::submit`] are called. A form that is sent without
//! one, or by an older one, is never lost: it is shown again, filled.

use std::marker::PhantomData;

use byline_shared::auth::{OnDesk, ScopeType, browser};
use byline_shared::http::{Request, Response};
use byline_shared::prelude::*;
use byline_shared::store::ahead::NamedKind;
use http::StatusCode;

use crate::answers::{require_own_form, sign_in_first};
use crate::fields::Fields;
use crate::notice::{Done, Notice};
use crate::visit::{Visit, is_script};
use crate::{layout, signed_out};

/// One page: what it shows, and what its form does.
pub(crate) trait Page: 'static {
    /// The name of the operation and of the file, with hyphens.
    const NAME: &'static str;
    /// The path, with parameters in braces.
    const PATH: &'static str;
    /// A short title, without a full stop.
    const SUMMARY: &'static str;
    /// The rights it needs beyond those of the session.
    const PERMISSIONS: &'static [Permission];
    /// As [`RawEndpoint::ERRORS`].
    const ERRORS: &'static [Code] = &[];
    /// As [`RawEndpoint::LIMIT`].
    const LIMIT: Option<RateLimit> = None;
    /// As [`RawEndpoint::NAMES`].
    const NAMES: Option<NamedKind> = None;
    /// As [`RawEndpoint::MEMORY`].
    const MEMORY: Memory = Memory::Standard;
    /// As [`RawEndpoint::SECONDS`].
    const SECONDS: Option<u16> = None;
    /// What may just have been done when somebody is led here: the page says no other word of the query.
    const DONE: &'static [Done] = &[];
    /// Whether another page shows it in a frame, with what goes wrong.
    const FRAME: bool = false;
    /// The longest form, in bytes. A text has 256 KiB, and each of its line ends is sent as `%0D%0A`.
    const BODY_LIMIT: usize = (6 * 256 + 64) * 1024;
    /// The sample event's path parameters.
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] = &[];
    /// The sample event's query parameters.
    const EXAMPLE_QUERY: &'static [(&'static str, &'static str)] = &[];

    /// The scope that the visitor's role must include.
    type Needs: ScopeType;

    /// As [`RawEndpoint::prepare`]; the frame of a page is prepared for each.
    fn prepare() {}

    /// Answers GET, and changes nothing: it runs while the request is counted, and what it shows is dropped where
    /// that is refused. After a form of an older session, [`Visit::form`] holds what was
    /// sent: the page fills its form with it.
    fn show(cx: &Context, visit: &Visit) -> impl Future<Output = Result<Response, Problem>> + Send;

    /// Answers POST with a valid form.
    fn submit(_: &Context, _: &Visit) -> impl Future<Output = Result<Response, Problem>> + Send {
        async { Err(Problem::new(Code::MethodNotAllowed, "This page has no form.")) }
    }
}

/// The operation of a page; `module` is its file's `module_path!()`.
pub(crate) const fn operation<P: Page>(module: &'static str) -> Operation {
    Operation::raw::<OnDeskPage<P>>(module)
}

/// A page as an endpoint.
struct OnDeskPage<P>(PhantomData<P>);

impl<P: Page> RawEndpoint for OnDeskPage<P> {
    const NAME: &'static str = P::NAME;
    const METHOD: Method = Method::GET;
    const FORMS: bool = true;
    const DESCRIBED: bool = false;
    const PATH: &'static str = P::PATH;
    const SUMMARY: &'static str = P::SUMMARY;
    const PERMISSIONS: &'static [Permission] = P::PERMISSIONS;
    const ERRORS: &'static [Code] = P::ERRORS;
    const LIMIT: Option<RateLimit> = P::LIMIT;
    const NAMES: Option<NamedKind> = P::NAMES;
    const MEMORY: Memory = P::MEMORY;
    const BODY_LIMIT: usize = P::BODY_LIMIT;
    const SECONDS: Option<u16> = P::SECONDS;
    const CONSUMES: &'static str = "application/x-www-form-urlencoded";
    const PRODUCES: &'static str = "text/html; charset=utf-8";
    const ERROR_MEDIA_TYPE: &'static str = "text/html; charset=utf-8";
    const CROSS_ORIGIN: bool = false;
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] = P::EXAMPLE_PATH;
    const EXAMPLE_QUERY: &'static [(&'static str, &'static str)] = P::EXAMPLE_QUERY;

    type Auth = OnDesk<P::Needs>;

    fn reject(cx: &Context, problem: Problem) -> Response {
        if P::FRAME { layout::failed_in_frame(cx, problem) } else { layout::failed(cx, problem) }
    }

    fn prepare(cx: &Context) {
        drop(layout::failed(cx, Problem::no_such_path()));
        P::prepare();
    }

    async fn handle(
        cx: &Context,
        caller: Option<Caller>,
        request: Request,
    ) -> Result<Response, Problem> {
        let is_form = request.method() == Method::POST;
        let target = request.uri().path_and_query().map_or("/desk", |target| target.as_str());
        if is_form {
            require_own_form(cx, &request)?;
        }
        let (form, files) =
            if is_form { Fields::of_form(&request).await? } else { Default::default() };
        let Some(caller) = caller else {
            if !is_form {
                return Ok(sign_in_first(target));
            }
            if is_script(&request) {
                return Ok(signed_out::told());
            }
            cx.settings.read().await?;
            return Ok(match P::FRAME && is_for_frame(&request) {
                true => signed_out::frame(cx),
                false => signed_out::page(cx, target, &form, !files.is_empty()),
            });
        };
        let mut visit = Visit::new(cx, (P::PATH, P::DONE), caller, &request, (form, files)).await?;
        if !is_form {
            return P::show(cx, &visit)
                .await
                .or_else(|problem| not_found::<P>(cx, &visit, problem));
        }
        if browser::is_form_token(cx, &visit.session.id, visit.form.text("form_token")).await? {
            let done = P::submit(cx, &visit).await;
            return done.or_else(|problem| not_found::<P>(cx, &visit, problem));
        }
        if visit.is_script {
            return Ok(signed_out::told_again());
        }
        visit.notice = Some(Notice::CheckAgain);
        let mut response = P::show(cx, &visit).await?;
        *response.status_mut() = StatusCode::CONFLICT;
        Ok(response)
    }
}

/// The page for what is not there, with the menu: where a person reads it.
fn not_found<P: Page>(cx: &Context, visit: &Visit, problem: Problem) -> Result<Response, Problem> {
    match problem.code == Code::NotFound && !P::FRAME && !visit.is_script {
        true => Ok(layout::not_found(cx, visit, &problem)),
        false => Err(problem),
    }
}

/// Whether a browser shows the answer in a frame.
fn is_for_frame(request: &Request) -> bool {
    request.headers().get("sec-fetch-dest").is_some_and(|place| place == "iframe")
}

/// The page that keeps what was sent and asks for a sign-in, if the visitor did not sign in a moment ago.
/// Without a form, there is nothing to keep.
pub(crate) fn recent_sign_in(cx: &Context, visit: &Visit) -> Option<Response> {
    let is_recent = byline_shared::auth::require_recent(cx, &visit.caller).is_ok();
    let is_needed = !is_recent && !visit.form.is_empty();
    is_needed.then(|| signed_out::again(cx, &visit.target, &visit.form))
}
