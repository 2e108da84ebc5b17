//! The Function URL of the agent: every operation of this domain, where answers come piece by piece.

use std::sync::LazyLock;

use byline_shared::endpoint::{FunctionUrl, Route, unrouted};
use byline_shared::http::{Request, Response};
use byline_shared::prelude::*;

use crate::OPERATIONS;

/// The function.
pub const FUNCTION_URL: FunctionUrl =
    FunctionUrl { fallback: Operation::raw::<Unrouted>(module_path!()), operations: &OPERATIONS };

/// Answers what no operation of this domain does.
pub struct Unrouted;

impl RawEndpoint for Unrouted {
    const NAME: &'static str = "agent-url";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = Operation::DEFAULT_PATH;
    const DESCRIBED: bool = false;
    const SUMMARY: &'static str = "Answers what no operation of the agent does";
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::MethodNotAllowed];
    /// A turn ends by itself before.
    const SECONDS: Option<u16> = Some(300);
    const PRODUCES: &'static str = "application/problem+json";
    const STATUS: u16 = 404;

    type Auth = Public;

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        unrouted(cx, &request, &ROUTES)
    }
}

static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| OPERATIONS.iter().map(Route::of).collect());
