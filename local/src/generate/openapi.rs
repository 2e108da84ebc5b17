//! `openapi.json`: OpenAPI 3.1 (<https://spec.openapis.org/oas/v3.1.1>).

use byline_shared::auth::requirement::Access;
use byline_shared::endpoint::{InputContract, Location, Operation};
use byline_shared::http::cache::Cache;
use byline_shared::http::problem::{Code, PROBLEM_JSON, ProblemBody};
use byline_shared::model::Scope;
use schemars::SchemaGenerator;
use schemars::generate::{Contract, SchemaSettings};
use serde_json::{Map, Value, json};

const DESCRIPTION: &str = "A publishing backend for people and their AI agents. Every error is a \
    problem (RFC 9457); lists come in pages; writes to a post need If-Match.";

pub(super) fn document(operations: &[Operation]) -> String {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
            settings.contract = Contract::Serialize;
        })
        .into_generator();
    let problem = generator.subschema_for::<ProblemBody>().to_value();
    let mut paths = Map::new();
    for operation in operations.iter().filter(|operation| !operation.is_default()) {
        let item = paths.entry(operation.path).or_insert_with(|| json!({}));
        item[operation.method.as_str().to_lowercase()] =
            describe(operation, &mut generator, &problem);
    }
    let schemas = generator.take_definitions(true);
    let document = json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Byline",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
            },
        },
    });
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn describe(operation: &Operation, generator: &mut SchemaGenerator, problem: &Value) -> Value {
    let example = (operation.example)();
    let mut description = json!({
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [super::domain(operation.module)],
    });
    if operation.input.is_none() && !(example.path.is_empty() && example.query.is_empty()) {
        let in_path = example.path.iter().map(|parameter| raw_parameter(parameter, "path"));
        let query = example.query.iter().map(|parameter| raw_parameter(parameter, "query"));
        description["parameters"] = in_path.chain(query).collect();
    }
    if let Some(contract) = InputContract::from_operation(operation) {
        let parameters = parameters(&contract);
        if !parameters.is_empty() {
            description["parameters"] = parameters.into();
        }
        if let Some(body) = request_body(&contract, &example.input) {
            description["requestBody"] = body;
        }
    } else if operation.takes_body() {
        description["requestBody"] = json!({
            "required": true,
            "content": { operation.consumes: { "schema": {}, "example": example.input } },
        });
    }
    description["responses"] = responses(operation, generator, problem, example.output);
    let security = match operation.access {
        Access::Public => json!([]),
        Access::Person { .. } => json!([{ "bearer": [Scope::Profile.as_str()] }]),
        Access::Scope(scope) => json!([{ "bearer": [scope.as_str()] }]),
    };
    description["security"] = security;
    description
}

/// A parameter of a raw endpoint, which is text.
fn raw_parameter((name, example): &(&str, &str), place: &str) -> Value {
    let (schema, required) = (json!({ "type": "string" }), place == "path");
    json!({ "name": name, "in": place, "required": required, "schema": schema, "example": example })
}

fn parameters(contract: &InputContract) -> Vec<Value> {
    let places =
        [(Location::Path, "path"), (Location::Query, "query"), (Location::Header, "header")];
    let mut parameters = Vec::new();
    for (location, place) in places {
        for (name, schema) in contract.fields(location) {
            let mut schema = schema.clone();
            let description =
                schema.as_object_mut().and_then(|schema| schema.remove("description"));
            let name = if location == Location::Header { "If-Match" } else { name };
            let required = location == Location::Path
                || contract.requires(name)
                || (location == Location::Header && contract.requires("if_match"));
            parameters.push(json!({
                "name": name,
                "in": place,
                "required": required,
                "description": description.unwrap_or_default(),
                "schema": schema,
            }));
        }
    }
    parameters
}

fn request_body(contract: &InputContract, example: &Value) -> Option<Value> {
    let properties: Map<String, Value> = contract
        .fields(Location::Body)
        .map(|(name, schema)| (name.to_owned(), schema.clone()))
        .collect();
    if properties.is_empty() {
        return None;
    }
    let sent = properties.keys().filter_map(|name| {
        let value = example.get(name).filter(|value| !value.is_null())?;
        Some((name.clone(), value.clone()))
    });
    let sent: Map<String, Value> = sent.collect();
    let required: Vec<&String> = properties.keys().filter(|name| contract.requires(name)).collect();
    let mut schema = json!({ "type": "object", "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema["properties"] = properties.into();
    Some(json!({
        "required": true,
        "content": { "application/json": { "schema": schema, "example": sent } },
    }))
}

fn responses(
    operation: &Operation,
    generator: &mut SchemaGenerator,
    problem: &Value,
    example: Option<Value>,
) -> Value {
    let mut success = json!({ "description": reason(operation.status) });
    if let Some(schema) = (operation.output)(generator) {
        let mut content = json!({ "schema": schema });
        if let Some(example) = example {
            content["example"] = example;
        }
        success["content"] = json!({ operation.produces: content });
    } else if operation.input.is_none() {
        success["content"] = json!({ operation.produces: {} });
    }
    let mut responses = Map::new();
    responses.insert(operation.status.to_string(), success);
    if operation.may_move {
        let location = json!({ "description": "Where it is now", "schema": { "type": "string" } });
        let moved = json!({ "description": reason(301), "headers": { "Location": location } });
        responses.insert("301".to_owned(), moved);
    }
    if operation.cache == Cache::Public {
        responses.insert("304".to_owned(), json!({ "description": reason(304) }));
    }
    let errors = operation.errors();
    for status in errors.iter().map(|code| code.status()) {
        let codes: Vec<&Code> = errors.iter().filter(|code| code.status() == status).collect();
        let words: Vec<String> =
            codes.iter().map(|code| format!("{} (`{}`)", code.title(), code.as_str())).collect();
        // What is not a problem has the form of its own protocol.
        let is_problem = operation.refuses == PROBLEM_JSON;
        let form = if is_problem { json!({ "schema": problem }) } else { json!({}) };
        let content = json!({ operation.refuses: form });
        let response = json!({ "description": words.join("; "), "content": content });
        responses.insert(status.to_string(), response);
    }
    responses.into()
}

fn reason(status: u16) -> &'static str {
    let status = http::StatusCode::from_u16(status).ok();
    status.and_then(|status| status.canonical_reason()).unwrap_or("Success")
}
