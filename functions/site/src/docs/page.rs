//! The page around the operations: header, contents, schemas, problems, and its security policy.

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_STANDARD, Engine};
use http::header::HeaderValue;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

use super::json::{entries, list, text};
use super::operation::{self, Operation};
use super::{problems, prose, schema};
use crate::openapi::DOCUMENT;

static STYLE: &str = include_str!("style.css");
static SCRIPT: &str = include_str!("docs.js");

/// The page and the policy it is served under.
pub(super) struct Page {
    html: String,
    pub(super) policy: HeaderValue,
}

impl Page {
    /// Renders the page. Its policy allows its own style and script, and requests to its own origin.
    pub(super) fn new() -> Self {
        let api: Value =
            serde_json::from_str(DOCUMENT).expect("the embedded description is valid JSON");
        let policy = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            source(STYLE),
            source(SCRIPT),
        );
        Self {
            html: document(&api).into_string(),
            policy: HeaderValue::try_from(policy).expect("the policy is plain ASCII"),
        }
    }

    /// The page of the API at this URL, which the curl commands name.
    pub(super) fn at(&self, public_url: &str) -> String {
        self.html.replace(operation::SERVER, &html! { (public_url) }.into_string())
    }
}

/// A style or script as a CSP source.
fn source(text: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

fn document(api: &Value) -> Markup {
    let operations = Operation::all(api);
    let groups: Vec<(&Value, Vec<&Operation<'_>>)> = list(&api["tags"])
        .map(|tag| (tag, operations.iter().filter(|op| op.tag == &tag["name"]).collect()))
        .collect();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Byline API" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Byline API " small { (text(&api["info"]["version"])) } }
                    p { "OpenAPI 3.1: " a href="/openapi.json" { "openapi.json" } }
                }
                div.layout {
                    div.side {
                        form.tools hidden role="search" {
                            label for="search" { "Search operations" }
                            input id="search" type="search" autocomplete="off" spellcheck="false"
                                placeholder="schedule, /v1/posts, If-Match";
                            p id="found" role="status" {}
                            label for="token" { "Token for requests" }
                            input id="token" type="password" autocomplete="off" spellcheck="false"
                                placeholder="access token or API key";
                            p.hint { "Kept in this tab until you close or reload it." }
                        }
                        nav aria-label="Operations" { (contents(&groups)) }
                    }
                    main {
                        // Below the search where the page is narrow.
                        div.intro #intro { (prose::blocks(text(&api["info"]["description"]))) }
                        @for (tag, operations) in &groups {
                            section.group id=(anchor(tag)) {
                                h2 { (text(&tag["name"])) }
                                (prose::blocks(text(&tag["description"])))
                                @for operation in operations { (operation.render(api)) }
                            }
                        }
                        (schemas(api))
                        (problems::section())
                    }
                }
                script type="module" { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

fn contents(groups: &[(&Value, Vec<&Operation<'_>>)]) -> Markup {
    html! {
        @for (tag, operations) in groups {
            details.contents {
                summary { (text(&tag["name"])) }
                ul {
                    @for operation in operations {
                        li data-operation=(operation.id) {
                            a href={ "#" (operation.id) } { (operation.summary) }
                        }
                    }
                }
            }
        }
        ul.more {
            li { a href="#schemas" { "Schemas" } }
            li { a href="#problems" { "Problems" } }
        }
    }
}

fn schemas(api: &Value) -> Markup {
    html! {
        section id="schemas" {
            h2 { "Schemas" }
            @for (name, schema) in entries(&api["components"]["schemas"]) {
                details.schema id={ "schema-" (name) } {
                    summary { code { (name) } }
                    (prose::blocks(text(&schema["description"])))
                    (schema::definition(schema))
                }
            }
        }
    }
}

/// The id of a group: its name in lower case with hyphens.
fn anchor(tag: &Value) -> String {
    format!("group-{}", text(&tag["name"]).to_lowercase().replace(' ', "-"))
}
