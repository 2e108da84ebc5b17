//! Everything that is no operation: a redirect for a known path with extra slashes, 404 for an unknown
//! one (for people, where a page of the Desk could be), 405 with `Allow` for a known path with another
//! method. Preflights reach it too; the CORS layer in front answers those.

use std::sync::LazyLock;

use byline_shared::endpoint::{Route, unrouted};
use byline_shared::http::{Request, Response};
use byline_shared::prelude::*;
use http::StatusCode;
use maud::html;

use crate::plain_page::plain_page;

/// Answers what no operation does.
pub struct Fallback;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Fallback>(module_path!());

impl RawEndpoint for Fallback {
    const NAME: &'static str = "fallback";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = Operation::DEFAULT_PATH;
    const DESCRIBED: bool = false;
    const SUMMARY: &'static str = "Answers what no operation does";
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::MethodNotAllowed];
    const PRODUCES: &'static str = "application/problem+json";
    const STATUS: u16 = 404;

    type Auth = Public;

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        match unrouted(cx, &request, &ROUTES) {
            Err(problem) if problem.code == Code::NotFound && is_of_desk(request.uri().path()) => {
                Ok(nothing_here())
            }
            answer => answer,
        }
    }
}

/// Whether people look for a page there.
fn is_of_desk(path: &str) -> bool {
    path.strip_prefix("/desk").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The page for somebody who mistyped an address of the Desk, or followed an old link.
fn nothing_here() -> Response {
    let main = html! {
        p { "The address may be mistyped, or the page is from another version of Byline. Go to "
            a href="/desk" { "what waits for you" } ", to " a href="/desk/posts" { "the posts" } " or to "
            a href="/desk/account" { "your account" } "." }
    };
    plain_page(StatusCode::NOT_FOUND, "There is nothing here", &main)
}

/// Every operation's route, as `cargo gen` writes them: linking the operations themselves would put
/// the whole product into this function.
static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let lines = include_str!("routes.txt").lines().filter(|line| line.starts_with('/'));
    let routes = lines.map(|line| {
        let mut words = line.split(' ');
        let path = words.next().unwrap_or_default();
        Route { path, methods: words.filter_map(|word| word.parse().ok()).collect() }
    });
    routes.collect()
});
