//! `GET /openapi.json`: the description of the API (OpenAPI 3.1).

use byline_shared::http::{Request, Response, document};
use byline_shared::prelude::*;

/// The description, as `cargo gen` writes it.
pub(crate) static DOCUMENT: &str = include_str!("../../../openapi.json");

/// Serves the description.
pub struct OpenApi;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<OpenApi>(module_path!());

impl RawEndpoint for OpenApi {
    const NAME: &'static str = "openapi";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/openapi.json";
    const SUMMARY: &'static str = "Get this description";
    const DESCRIPTION: &'static str = "OpenAPI 3.1, as JSON.";
    const CACHE: Cache = Cache::Public;
    const PRODUCES: &'static str = "application/json";

    type Auth = Public;

    async fn handle(_: &Context, (): (), _: Request) -> Result<Response, Problem> {
        Ok(document(Self::PRODUCES, DOCUMENT))
    }
}
