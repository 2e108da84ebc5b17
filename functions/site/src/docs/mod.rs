//! `GET /docs`: the API reference, one page rendered from the description. It is complete without
//! scripts; its own small script adds search and a form that sends requests.

mod json;
mod operation;
mod page;
mod problems;
mod prose;
mod schema;

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
    const SUMMARY: &'static str = "Show the API reference";
    const DESCRIPTION: &'static str = "An HTML page, rendered from this description.";
    const CACHE: Cache = Cache::Public;
    const PRODUCES: &'static str = "text/html; charset=utf-8";

    type Auth = Public;

    async fn handle(cx: &Context, (): (), _: Request) -> Result<Response, Problem> {
        let mut response = document(Self::PRODUCES, PAGE.at(&cx.config.public_url));
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, PAGE.policy.clone());
        Ok(response)
    }
}

static PAGE: LazyLock<page::Page> = LazyLock::new(page::Page::new);
