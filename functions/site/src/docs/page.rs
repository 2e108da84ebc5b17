//! The page itself.

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_STANDARD, Engine};
use byline_shared::http::problem::Code;
use http::header::HeaderValue;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

use crate::openapi::DOCUMENT;

static STYLE: &str = include_str!("style.css");

/// The page and the policy it is served under.
pub(super) struct Page {
    pub(super) html: String,
    pub(super) policy: HeaderValue,
}

impl Page {
    /// Writes the page. Its policy lets in its own style and nothing else.
    pub(super) fn write() -> Self {
        let api: Value =
            serde_json::from_str(DOCUMENT).expect("the embedded description is valid JSON");
        let style = BASE64_STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
        let policy = format!(
            "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'"
        );
        Self {
            html: document(&api).into_string(),
            policy: HeaderValue::try_from(policy).expect("the policy is plain ASCII"),
        }
    }
}

fn document(api: &Value) -> Markup {
    let operations: Vec<(&String, &String, &Value)> = entries(&api["paths"])
        .flat_map(|(path, item)| entries(item).map(move |(method, op)| (method, path, op)))
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
                    p { (text(&api["info"]["description"])) }
                    p { "For programs: " a href="/openapi.json" { "openapi.json" } }
                }
                nav aria-label="Operations" {
                    ul {
                        @for (method, path, operation) in &operations {
                            li { a href={ "#" (text(&operation["operationId"])) } {
                                span.method { (method.to_uppercase()) } " " (path)
                            } }
                        }
                    }
                }
                main {
                    @for (method, path, operation) in &operations {
                        (operation_section(api, method, path, operation))
                    }
                    (problems())
                }
            }
        }
    }
}

fn operation_section(api: &Value, method: &str, path: &str, operation: &Value) -> Markup {
    let body = &operation["requestBody"]["content"];
    html! {
        section id=(text(&operation["operationId"])) {
            h2 { span.method { (method.to_uppercase()) } " " (path) }
            p { (text(&operation["summary"])) "." }
            p.access { (access(operation)) }
            @if let Some(parameters) = operation["parameters"].as_array() {
                h3 { "Parameters" }
                (fields(parameters.iter().map(|parameter| Field {
                    name: text(&parameter["name"]),
                    place: Some(text(&parameter["in"])),
                    required: parameter["required"] == true,
                    schema: &parameter["schema"],
                    description: text(&parameter["description"]),
                })))
            }
            @for (media_type, content) in entries(body) {
                h3 { "Body " small { (media_type) } }
                (object_fields(resolve(api, &content["schema"])))
                (example(&content["example"]))
            }
            h3 { "Answers" }
            @for (status, answer) in entries(&operation["responses"]) {
                @let content = &answer["content"]["application/json"];
                details open[status.starts_with('2')] {
                    summary { code { (status) } " " (text(&answer["description"])) }
                    @if !content.is_null() {
                        (object_fields(resolve(api, &content["schema"])))
                        (example(&content["example"]))
                    }
                }
            }
        }
    }
}

fn access(operation: &Value) -> String {
    match operation["security"][0]["bearer"][0].as_str() {
        Some(scope) => format!("Needs an access token with the scope {scope}."),
        None => "Open to everybody.".to_owned(),
    }
}

struct Field<'a> {
    name: &'a str,
    place: Option<&'a str>,
    required: bool,
    schema: &'a Value,
    description: &'a str,
}

fn object_fields(schema: &Value) -> Markup {
    let required = schema["required"].as_array();
    fields(entries(&schema["properties"]).map(|(name, schema)| Field {
        name,
        place: None,
        required: required.is_some_and(|names| names.iter().any(|required| required == name)),
        schema,
        description: text(&schema["description"]),
    }))
}

fn fields<'a>(fields: impl Iterator<Item = Field<'a>>) -> Markup {
    html! {
        dl {
            @for field in fields {
                dt {
                    code { (field.name) }
                    @if let Some(place) = field.place { " " small { "in " (place) } }
                    @if field.required { " " small { "required" } }
                    " " small { (constraints(field.schema)) }
                }
                dd { (field.description) }
            }
        }
    }
}

/// A schema's type and limits in a few words.
fn constraints(schema: &Value) -> String {
    let mut words = Vec::new();
    match &schema["type"] {
        Value::String(name) => words.push(name.clone()),
        Value::Array(names) => {
            words.push(names.iter().map(text).collect::<Vec<_>>().join(" or "));
        }
        _ => {}
    }
    for (keyword, before, after) in [
        ("format", "", ""),
        ("minLength", "at least ", " characters"),
        ("maxLength", "at most ", " characters"),
        ("minimum", "at least ", ""),
        ("maximum", "at most ", ""),
        ("maxItems", "at most ", " entries"),
        ("default", "by default ", ""),
    ] {
        match &schema[keyword] {
            Value::Null => {}
            Value::String(value) => words.push(format!("{before}{value}{after}")),
            value => words.push(format!("{before}{value}{after}")),
        }
    }
    words.join(", ")
}

fn example(value: &Value) -> Markup {
    let pretty = serde_json::to_string_pretty(value).unwrap_or_default();
    html! { @if !value.is_null() { pre { code { (pretty) } } } }
}

fn problems() -> Markup {
    html! {
        section id="problems" {
            h2 { "Problems" }
            p { "Every error is a problem (RFC 9457). " code { "code" } " is one of these:" }
            dl {
                @for code in Code::ALL {
                    dt id={ "problem-" (code.as_str()) } {
                        code { (code.as_str()) } " " small { (code.status()) }
                    }
                    dd { (code.title()) "." }
                }
            }
        }
    }
}

/// The schema that a `$ref` names, or the schema itself.
fn resolve<'a>(api: &'a Value, schema: &'a Value) -> &'a Value {
    let named = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    named.and_then(|pointer| api.pointer(pointer)).unwrap_or(schema)
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
