//! Everything that is no operation: a redirect for a known path with extra slashes, 404 for an unknown
//! one (for people, where a page of the Desk could be), 405 with `Allow` for a known path with another
//! method. Preflights reach it too; the CORS layer in front answers those.

use std::sync::LazyLock;

use byline_shared::http::{Request, Response, path};
use byline_shared::prelude::*;
use http::StatusCode;
use http::header::{ALLOW, HeaderValue, LOCATION};
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

    async fn handle(_: &Context, (): (), request: Request) -> Result<Response, Problem> {
        let uri = request.uri();
        let methods = methods(uri.path());
        if methods.is_empty() {
            return match path::without_extra_slashes(uri.path()) {
                Some(plain) if !self::methods(&plain).is_empty() => moved(&plain, uri.query()),
                _ if is_of_desk(uri.path()) => Ok(nothing_here()),
                _ => Err(Problem::no_such_path()),
            };
        }
        let allow = methods.join(", ");
        let detail = format!("This path takes {allow}.");
        let allow = HeaderValue::try_from(allow).map_err(Problem::internal)?;
        Err(Problem::new(Code::MethodNotAllowed, detail).with_header(ALLOW, allow))
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

/// The methods of a path, sorted; none for a path that no operation has.
fn methods(path: &str) -> Vec<&'static str> {
    let routes = ROUTES.iter().filter(|route| path::capture(route.path, path).is_some());
    let mut methods: Vec<&str> = routes.flat_map(|route| route.methods.iter().copied()).collect();
    methods.sort_unstable();
    methods.dedup();
    methods
}

/// 308, which keeps the method and the body, to a path of this server.
fn moved(path: &str, query: Option<&str>) -> Result<Response, Problem> {
    let to = match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut response = Response::default();
    *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
    let to = HeaderValue::try_from(to).map_err(Problem::internal)?;
    response.headers_mut().insert(LOCATION, to);
    Ok(response)
}

struct Route {
    path: &'static str,
    methods: Vec<&'static str>,
}

/// Every operation's route, as `cargo gen` writes them: linking the operations themselves would put
/// the whole product into this function.
static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let lines = include_str!("routes.txt").lines().filter(|line| line.starts_with('/'));
    let routes = lines.map(|line| {
        let mut words = line.split(' ');
        Route { path: words.next().unwrap_or_default(), methods: words.collect() }
    });
    routes.collect()
});
