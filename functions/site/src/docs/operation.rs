//! One operation: what it takes and answers, a curl command, and a form that sends a request.

use maud::{Markup, html};
use serde_json::Value;

use super::json::{entries, list, text};
use super::prose;
use super::schema::{self, Field};

/// Stands for the URL of the API in the rendered page.
pub(super) const SERVER: &str = "https://byline.invalid";

/// An operation of the description.
pub(super) struct Operation<'a> {
    method: String,
    path: &'a str,
    pub(super) id: &'a str,
    pub(super) tag: &'a Value,
    pub(super) summary: &'a str,
    json: &'a Value,
}

impl<'a> Operation<'a> {
    /// All operations in the order of the description.
    pub(super) fn all(api: &'a Value) -> Vec<Self> {
        let operations = entries(&api["paths"]).flat_map(|(path, item)| {
            entries(item).map(move |(method, json)| Self {
                method: method.to_uppercase(),
                path,
                id: text(&json["operationId"]),
                tag: &json["tags"][0],
                summary: text(&json["summary"]),
                json,
            })
        });
        operations.collect()
    }

    pub(super) fn render(&self, api: &Value) -> Markup {
        let parameters: Vec<&Value> = list(&self.json["parameters"]).collect();
        html! {
            details.operation id=(self.id) {
                summary {
                    h3 { (self.summary) }
                    " " span.route { span.method { (self.method) } " " (self.breakable_path()) }
                }
                (prose::blocks(text(&self.json["description"])))
                p.access { (self.access()) }
                @if !parameters.is_empty() {
                    h4 { "Parameters" }
                    (schema::fields(parameters.iter().map(|parameter| Field {
                        name: text(&parameter["name"]),
                        place: Some(text(&parameter["in"])),
                        note: schema::required(parameter["required"] == true),
                        schema: &parameter["schema"],
                        description: text(&parameter["description"]),
                    }), schema::required))
                }
                @for (media_type, content) in entries(&self.json["requestBody"]["content"]) {
                    h4 { "Request body " small { (media_type) } }
                    (schema::sent(&content["schema"]))
                }
                h4 { "Request" }
                pre.curl tabindex="0" aria-label="curl command" { code { (self.curl()) } }
                (self.form(&parameters))
                h4 { "Answers" }
                dl.answers {
                    @for (status, answer) in entries(&self.json["responses"]) {
                        dt { code { (status) } }
                        dd { (answer_of(api, schema::resolve(api, answer))) }
                    }
                }
            }
        }
    }

    /// The path, which may break before each segment.
    fn breakable_path(&self) -> Markup {
        html! { @for part in self.path.split_inclusive('/') { (part) wbr; } }
    }

    fn access(&self) -> Markup {
        let security = &self.json["security"];
        let scope = text(&security[0]["bearer"][0]);
        html! {
            @if security[0]["client"].is_array() { "Needs client authentication." }
            @else if scope.is_empty() { "Public: no token is needed." }
            @else if security[1].is_null() { "Needs the access token of a signed-in person." }
            @else { "Needs a token with the scope " code { (scope) } "." }
        }
    }

    /// The media type and the example of the request body.
    fn body(&self) -> Option<(&str, String)> {
        let (media_type, content) = entries(&self.json["requestBody"]["content"]).next()?;
        let example = &content["example"];
        let body = if media_type == "application/json" {
            serde_json::to_string_pretty(example).unwrap_or_default()
        } else {
            let pairs = entries(example).map(|(name, value)| (name, text(value)));
            serde_urlencoded::to_string(pairs.collect::<Vec<_>>()).unwrap_or_default()
        };
        Some((media_type.as_str(), body))
    }

    fn curl(&self) -> String {
        let mut path = self.path.to_owned();
        let mut query = Vec::new();
        let mut headers = Vec::new();
        for parameter in list(&self.json["parameters"]) {
            let name = text(&parameter["name"]);
            let value = match &parameter["example"] {
                Value::Null => continue,
                Value::String(value) => value.clone(),
                other => other.to_string(),
            };
            match text(&parameter["in"]) {
                "path" => path = path.replace(&format!("{{{name}}}"), &value),
                "query" => query.push((name, value)),
                _ => headers.push(format!("{name}: {value}")),
            }
        }
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        let joint = if query.is_empty() { "" } else { "?" };
        let mut command = String::from("curl");
        if self.method != "GET" {
            command.push_str(&format!(" -X {}", self.method));
        }
        command.push_str(&format!(" '{SERVER}{path}{joint}{query}'"));
        if self.json["security"][0]["bearer"].is_array() {
            command.push_str(" \\\n  -H \"Authorization: Bearer $TOKEN\"");
        }
        if let Some((media_type, body)) = self.body() {
            headers.push(format!("Content-Type: {media_type}"));
            for header in headers {
                command.push_str(&format!(" \\\n  -H '{header}'"));
            }
            command.push_str(&format!(" \\\n  -d '{}'", body.replace('\'', r"'\''")));
        } else {
            for header in headers {
                command.push_str(&format!(" \\\n  -H '{header}'"));
            }
        }
        command
    }

    /// A form that sends the request. The script shows it; pages for people cannot be tried.
    fn form(&self, parameters: &[&Value]) -> Markup {
        let id = self.id;
        let page = !self.json["responses"]["200"]["content"]["text/html; charset=utf-8"].is_null();
        html! { @if !page {
            form.send hidden data-method=(self.method) data-path=(self.path) {
                @for parameter in parameters {
                    @let name = text(&parameter["name"]);
                    @let input = format!("{id}-{name}");
                    label for=(input) { (name) }
                    (input_of(&input, parameter))
                }
                @if let Some((media_type, body)) = self.body() {
                    label for={ (id) "-body" } { "Request body" }
                    textarea id={ (id) "-body" } name="body" data-media=(media_type)
                        rows=(body.lines().count().clamp(2, 12)) spellcheck="false" { (body) }
                }
                button { "Send request" }
                div.answer aria-live="polite" {}
            }
        } }
    }
}

/// The input of a parameter: a choice for an enumeration, else a line of text. Required ones are
/// filled with the example.
fn input_of(id: &str, parameter: &Value) -> Markup {
    let (name, place) = (text(&parameter["name"]), text(&parameter["in"]));
    let required = parameter["required"] == true;
    let schema = &parameter["schema"];
    let example = match &parameter["example"] {
        Value::String(value) => value.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let values: Vec<&str> = if schema["type"] == "boolean" {
        vec!["true", "false"]
    } else {
        list(&schema["enum"]).map(text).collect()
    };
    html! {
        @if values.is_empty() {
            input id=(id) name=(name) data-place=(place) required[required] autocomplete="off"
                spellcheck="false" value=[required.then_some(&example)]
                placeholder=[(!required && !example.is_empty()).then_some(&example)];
        } @else {
            select id=(id) name=(name) data-place=(place) {
                @if !required { option value="" { "(not sent)" } }
                @for value in values { option { (value) } }
            }
        }
    }
}

fn answer_of(api: &Value, answer: &Value) -> Markup {
    let headers = entries(&answer["headers"]).map(|(name, _)| name.as_str());
    let headers: Vec<&str> =
        headers.filter(|name| !matches!(*name, "Cache-Control" | "X-Request-Id")).collect();
    html! {
        (prose::blocks(text(&answer["description"])))
        @if !headers.is_empty() { p.headers { "Headers: " (headers.join(", ")) } }
        @for (media_type, content) in entries(&answer["content"]) {
            @if media_type != "application/problem+json" {
                p { small { (media_type) } " " (schema::type_of(&content["schema"])) }
                (schema::shape(api, &content["schema"]))
                @if !content["example"].is_null() {
                    details.example {
                        summary { "Example" }
                        pre tabindex="0" aria-label="Example" {
                            code { (serde_json::to_string_pretty(&content["example"]).unwrap_or_default()) }
                        }
                    }
                }
            }
        }
    }
}
