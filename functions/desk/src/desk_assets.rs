//! `GET /desk/assets/{file}`: the style sheet and the scripts of the pages.

use byline_shared::http::{Request, Response, document, path};
use byline_shared::prelude::*;

use crate::assets;

/// Serves an asset.
pub struct Assets;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Assets>(module_path!());

impl RawEndpoint for Assets {
    const NAME: &'static str = "desk-assets";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/desk/assets/{file}";
    const DESCRIBED: bool = false;
    const SUMMARY: &'static str = "Get a style sheet or script of the pages";
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const CACHE: Cache = Cache::Immutable;
    const PRODUCES: &'static str = "text/css";
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] = &[("file", "desk.css")];
    const STATUS: u16 = 404;

    type Auth = Public;

    async fn handle(_: &Context, (): (), request: Request) -> Result<Response, Problem> {
        let file = path::first_value(Self::PATH, request.uri().path());
        // A page of another release may ask for a file that is gone; loaded again, it asks for the new one.
        let asset = assets::find(&file).ok_or_else(|| Problem::not_found("file"))?;
        Ok(document(asset.media_type, asset.content))
    }
}
