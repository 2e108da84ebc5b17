//! `GET /posts/{file}`: a published post or page as a Markdown file, `/posts/<slug>.md`.

use byline_shared::http::{Request, Response, document, path};
use byline_shared::model::Slug;
use byline_shared::prelude::*;
use byline_shared::store::keys;
use byline_shared::store::live::Found;
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use schemars::json_schema;

use crate::markdown;

/// Serves a post as Markdown.
pub struct PostMarkdown;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<PostMarkdown>(module_path!());

impl RawEndpoint for PostMarkdown {
    const NAME: &'static str = "post-markdown";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/posts/{file}";
    const SUMMARY: &'static str = "Get a published post as a Markdown file";
    const DESCRIPTION: &'static str = "Of a post or a page: a heading with the title, an empty line, and the Markdown source byte for byte. A post \
        whose slug has changed answers 301.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Content, keys::SLUG_PREFIX, &[GetItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const CACHE: Cache = Cache::Public;
    const PRODUCES: &'static str = "text/markdown";
    const MAY_MOVE: bool = true;
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] = &[("file", "hello-world.md")];

    type Auth = Public;

    fn contract(_: &mut SchemaGenerator) -> RawContract {
        RawContract {
            parameters: Some(json_schema!({
                "type": "object",
                "properties": { "file": {
                    "type": "string",
                    "description": "The slug of the post, followed by `.md`.",
                } },
            })),
            ..RawContract::default()
        }
    }

    async fn handle(cx: &Context, (): (), request: Request) -> Result<Response, Problem> {
        let none = || Problem::not_found("post");
        let file = path::first_value(Self::PATH, request.uri().path());
        let slug = file.strip_suffix(".md").and_then(|slug| slug.parse::<Slug>().ok());
        match cx.store.live_posts().find(&slug.ok_or_else(none)?).await?.ok_or_else(none)? {
            Found::Post(post) => {
                Ok(document("text/markdown; charset=utf-8", markdown::file(&post)))
            }
            Found::MovedTo(slug) => {
                let mut response = Response::default();
                *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
                let location = HeaderValue::try_from(format!("/posts/{slug}.md"));
                let location = location.map_err(Problem::internal)?;
                response.headers_mut().insert(LOCATION, location);
                Ok(response)
            }
        }
    }
}
