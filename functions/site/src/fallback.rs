//! Everything that is no operation: 404 for an unknown path, 405 with `Allow` for a known path
//! with another method. Preflights reach it too; the CORS layer in front answers those.

use std::sync::LazyLock;

use byline_shared::http::{Request, Response, path};
use byline_shared::prelude::*;
use http::header::{ALLOW, HeaderValue};
use serde_json::Value;

use crate::openapi::DOCUMENT;

/// Answers what no operation does.
pub struct Fallback;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Fallback>(module_path!());

impl RawEndpoint for Fallback {
    const NAME: &'static str = "fallback";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = Operation::DEFAULT_PATH;
    const SUMMARY: &'static str = "Answers what no operation does";
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::MethodNotAllowed];
    const PRODUCES: &'static str = "application/problem+json";
    const STATUS: u16 = 404;

    type Auth = Public;

    async fn handle(_: &Context, (): (), request: Request) -> Result<Response, Problem> {
        let mut methods: Vec<&str> = ROUTES
            .iter()
            .filter(|route| path::capture(&route.path, request.uri().path()).is_some())
            .flat_map(|route| route.methods.iter().map(String::as_str))
            .collect();
        if methods.is_empty() {
            let detail = "There is nothing at this path. GET /openapi.json lists what there is.";
            return Err(Problem::new(Code::NotFound, detail));
        }
        methods.sort_unstable();
        methods.dedup();
        let allow = methods.join(", ");
        let detail = format!("This path takes {allow}.");
        let allow = HeaderValue::try_from(allow).map_err(Problem::internal)?;
        Err(Problem::new(Code::MethodNotAllowed, detail).with_header(ALLOW, allow))
    }
}

struct Route {
    path: String,
    methods: Vec<String>,
}

/// Every operation's route, from the description: linking the operations themselves would put
/// the whole product into this function.
static ROUTES: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let document: Value =
        serde_json::from_str(DOCUMENT).expect("the embedded description is valid JSON");
    let paths = document["paths"].as_object().expect("the description lists paths");
    let methods = |item: &Value| {
        let names = item.as_object().into_iter().flatten().map(|(name, _)| name.to_uppercase());
        names.collect()
    };
    paths.iter().map(|(path, item)| Route { path: path.clone(), methods: methods(item) }).collect()
});
