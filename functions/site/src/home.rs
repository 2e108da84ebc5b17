//! `GET /`: leads people to the Desk, and programs to the description of the API.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_STANDARD, Engine};
use byline_shared::config::Config;
use byline_shared::http::{Request, Response, document};
use byline_shared::prelude::*;
use http::header::{CONTENT_SECURITY_POLICY, HeaderValue, LINK};
use maud::{DOCTYPE, Markup, PreEscaped, html};

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
    const CACHE: Cache = Cache::Public;
    const PRODUCES: &'static str = "text/html; charset=utf-8";

    type Auth = Public;

    async fn handle(cx: &Context, (): (), _: Request) -> Result<Response, Problem> {
        let mut response = document(Self::PRODUCES, page(&cx.config).into_string());
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, POLICY.clone());
        response.headers_mut().insert(LINK, HeaderValue::from_static(FOR_PROGRAMS));
        Ok(response)
    }
}

const FOR_PROGRAMS: &str = "</openapi.json>; rel=\"service-desc\"; type=\"application/json\", </docs>; rel=\"service-doc\"";

const STYLE: &str = ":root{color-scheme:light dark}body{font:1rem/1.6 system-ui,sans-serif;\
                     max-width:40rem;margin:3rem auto;padding:0 1rem}";

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = BASE64_STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).expect("the policy is plain ASCII")
});

fn page(config: &Config) -> Markup {
    let Config { site_name, site_url, public_url, mailbox, .. } = config;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (site_name) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { (site_name) }
                    p { "To write, review and publish, open " a href="/desk" { "the Desk" } ". To \
                        read, go to " a href=(site_url) { (site_url) } "." }
                    h2 { "For apps" }
                    ul {
                        li { a href="/docs" { "API reference" } ": every endpoint, with examples" }
                        li { a href="/openapi.json" { "openapi.json" } ": the same for apps" }
                        li { a href="/feed.xml" { "Atom feed" } " and "
                            a href="/feed.json" { "JSON Feed" } ": the newest posts" }
                        @if let Some(path) = mailbox {
                            li { a href=(path) { "Mailbox" } ": every mail that Byline sent. None \
                                leaves this machine" }
                        }
                        li { "For an AI assistant, add the MCP server " code { (public_url) "/mcp" } }
                    }
                }
            }
        }
    }
}
