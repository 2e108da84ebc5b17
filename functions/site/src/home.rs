//! `GET /`: leads people to the Desk, and programs to the description of the API.

use byline_shared::config::Config;
use byline_shared::http::{Request, Response};
use byline_shared::known_settings::SETTINGS_PERMISSION;
use byline_shared::model::Settings;
use byline_shared::prelude::*;
use http::StatusCode;
use http::header::{HeaderValue, LINK};
use maud::{Markup, html};

use crate::plain_page::plain_page;

/// Serves the first page.
pub struct Home;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Home>(module_path!());

impl RawEndpoint for Home {
    const NAME: &'static str = "home";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/";
    const SUMMARY: &'static str = "Show where everything is";
    const DESCRIPTION: &'static str = "An HTML page for people, with links to the Desk, the publication \
        and the API reference. Its `Link` header leads apps to this description and to the reference \
        (RFC 8631).";
    const PERMISSIONS: &'static [Permission] = &[SETTINGS_PERMISSION];
    const CACHE: Cache = Cache::Public;
    const PRODUCES: &'static str = "text/html; charset=utf-8";

    type Auth = Public;

    async fn handle(cx: &Context, (): (), _: Request) -> Result<Response, Problem> {
        let settings = cx.settings.read().await?;
        let main = main(&cx.config, &settings);
        let mut response = plain_page(StatusCode::OK, settings.title.as_str(), &main);
        response.headers_mut().insert(LINK, HeaderValue::from_static(FOR_PROGRAMS));
        Ok(response)
    }
}

const FOR_PROGRAMS: &str = "</openapi.json>; rel=\"service-desc\"; type=\"application/json\", </docs>; rel=\"service-doc\"";

fn main(config: &Config, settings: &Settings) -> Markup {
    let Config { public_url, mailbox, .. } = config;
    let url = &settings.url;
    html! {
        p { "To write, review and publish, open " a href="/desk" { "the Desk" } ". To read, go to "
            a href=(url) { (url) } "." }
        h2 { "For apps" }
        ul {
            li { a href="/docs" { "API reference" } ": every endpoint, with examples" }
            li { a href="/openapi.json" { "openapi.json" } ": the same for apps" }
            li { a href="/feed.xml" { "Atom feed" } " and " a href="/feed.json" { "JSON Feed" }
                ": the newest posts" }
            @if let Some(path) = mailbox {
                li { a href=(path) { "Mailbox" } ": every mail that Byline sent. None leaves this machine" }
            }
            li { "For an AI assistant, add the MCP server " code { (public_url) "/mcp" } }
        }
    }
}
