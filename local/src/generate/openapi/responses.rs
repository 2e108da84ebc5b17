//! Responses: the success, redirects, and every error.

use byline_shared::endpoint::{ExampleValues, Operation, OtherAnswer, RawContract};
use byline_shared::http::cache::Cache;
use byline_shared::http::problem::{Code, PROBLEM_JSON, ProblemBody};
use http::header::{ETAG, LOCATION};
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::headers;

/// The media type of a stream of events.
const EVENTS: &str = "text/event-stream";

/// The responses of an operation. Problems that many operations share go to `components`.
pub(super) fn responses(
    operation: &Operation,
    generator: &mut SchemaGenerator,
    components: &mut Map<String, Value>,
    example: &ExampleValues,
    contract: RawContract,
) -> Value {
    let mut responses = Map::new();
    let RawContract { response, example: shown, error, others, .. } = contract;
    let schema = (operation.output)(generator).or(response);
    let schema = schema.map(schemars::Schema::to_value);
    let shown = example.output.clone().or(shown);
    responses.insert(operation.status.to_string(), success(operation, example, schema, shown));
    if operation.may_move {
        let description = "It has moved: request the URL in `Location` instead.";
        let moved = json!({ "description": description, "headers": headers::of(&["Location"]) });
        responses.insert("301".to_owned(), moved);
    }
    if operation.cache == Cache::Public {
        let description = "Unchanged: `If-None-Match` names the current `ETag`.";
        let unchanged = json!({ "description": description, "headers": headers::of(&["ETag"]) });
        responses.insert("304".to_owned(), unchanged);
    }
    let errors = operation.errors();
    for status in errors.iter().map(|code| code.status()) {
        let codes: Vec<&Code> = errors.iter().filter(|code| code.status() == status).collect();
        let words: Vec<String> =
            codes.iter().map(|code| format!("`{}`: {}.", code.as_str(), code.title())).collect();
        let schema = match &error {
            // An endpoint of another protocol has its own form of errors.
            Some(error) if operation.error_media_type != PROBLEM_JSON => error.clone().to_value(),
            _ => generator.subschema_for::<ProblemBody>().to_value(),
        };
        let mut response = json!({
            "description": words.join(" "),
            "headers": headers::of(&error_headers(status, &codes)),
            "content": { operation.error_media_type: { "schema": schema } },
        });
        if operation.error_media_type == PROBLEM_JSON {
            let names: Vec<String> = codes.iter().map(|code| pascal(code.as_str())).collect();
            let name = names.join("Or");
            let reference = json!({ "$ref": format!("#/components/responses/{name}") });
            components.insert(name, std::mem::replace(&mut response, reference));
        }
        responses.insert(status.to_string(), response);
    }
    for other in others {
        let entry = responses.entry(other.status.to_string());
        let known = entry.or_insert_with(|| json!({ "description": "" }));
        add(known, other);
    }
    responses.sort_keys();
    responses.into()
}

fn success(
    operation: &Operation,
    example: &ExampleValues,
    schema: Option<Value>,
    shown: Option<Value>,
) -> Value {
    let mut names = Vec::new();
    if !matches!(operation.cache, Cache::NoStore | Cache::Private)
        || example.headers.contains_key(ETAG)
    {
        names.push("ETag");
    }
    if example.headers.contains_key(LOCATION) {
        names.push("Location");
    }
    if operation.idempotent {
        names.push("Idempotency-Replayed");
    }
    let mut success =
        json!({ "description": reason(operation.status), "headers": headers::of(&names) });
    if operation.status == 204 || (operation.input.is_some() && schema.is_none()) {
        return success;
    }
    let schema = schema.unwrap_or_else(|| match operation.produces {
        json if json.ends_with("json") => json!({ "type": "object" }),
        _ => json!({ "type": "string" }),
    });
    let mut content = json!({ "schema": schema });
    if let Some(example) = shown {
        content["example"] = example;
    }
    success["content"] = json!({ operation.produces: content });
    if operation.may_stream {
        success["content"][EVENTS] = json!({ "schema": { "type": "string" } });
    }
    success
}

fn error_headers(status: u16, codes: &[&Code]) -> Vec<&'static str> {
    let challenged = codes.iter().any(|code| {
        matches!(code, Code::Unauthenticated | Code::RecentSignInRequired | Code::Forbidden)
    });
    match status {
        401 | 403 if challenged => vec!["WWW-Authenticate"],
        429 => vec!["Retry-After", "RateLimit", "RateLimit-Policy"],
        409 if codes.contains(&&Code::IdempotencyKeyInUse) => vec!["Retry-After"],
        503 => vec!["Retry-After"],
        _ => Vec::new(),
    }
}

/// Adds a further answer to one that is there under the same status, or to an empty one.
fn add(known: &mut Value, other: OtherAnswer) {
    let before = known["description"].as_str().unwrap_or_default();
    known["description"] = format!("{before} {}", other.description).trim().into();
    let names: &[&str] = if other.location { &["Location"] } else { &[] };
    let mut all = headers::of(names);
    if let (Some(all), Some(there)) = (all.as_object_mut(), known["headers"].as_object()) {
        all.extend(there.clone());
    }
    known["headers"] = all;
    if let Some((media_type, schema)) = other.body {
        known["content"][media_type] = json!({ "schema": schema });
    }
}

/// `invalid_input` as `InvalidInput`.
fn pascal(code: &str) -> String {
    let words = code.split('_').map(|word| {
        let (first, rest) = word.split_at(usize::from(!word.is_empty()));
        first.to_uppercase() + rest
    });
    words.collect()
}

fn reason(status: u16) -> &'static str {
    match status {
        201 => "Created.",
        202 => "Accepted: the rest happens soon.",
        204 => "Done. There is no body.",
        _ => "Success.",
    }
}
