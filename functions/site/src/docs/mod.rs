//! `GET /docs`: the API reference, one page without scripts, written from the description.

mod page;

use std::sync::LazyLock;

use byline_shared::http::{Request, Response, document};
use byline_shared::prelude::*;
use http::header::CONTENT_SECURITY_POLICY;

/// Serves the API reference.
pub struct Docs;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Docs>(module_path!());

impl RawEndpoint for Docs {
    const NAME: &'static str = "docs";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/docs";
    const SUMMARY: &'static str = "The API reference, for people";
    const CACHE: Cache = Cache::Public;
    const PRODUCES: &'static str = "text/html; charset=utf-8";

    type Auth = Public;

    async fn handle(_: &Context, (): (), _: Request) -> Result<Response, Problem> {
        let mut response = document(Self::PRODUCES, PAGE.html.clone());
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, PAGE.policy.clone());
        Ok(response)
    }
}

static PAGE: LazyLock<page::Page> = LazyLock::new(page::Page::write);
