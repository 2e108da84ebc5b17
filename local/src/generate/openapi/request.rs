//! Parameters and request bodies.

use byline_shared::endpoint::{ExampleValues, InputContract, Location, Operation};
use byline_shared::http::idempotency_key::MAX_KEY;
use schemars::Schema;
use serde_json::{Map, Value, json};

/// The parameters of a typed endpoint.
pub(super) fn parameters(contract: &InputContract, example: &ExampleValues) -> Vec<Value> {
    let places =
        [(Location::Path, "path"), (Location::Query, "query"), (Location::Header, "header")];
    let mut parameters = Vec::new();
    for (location, place) in places {
        for (field, schema) in contract.fields(location) {
            let name = if location == Location::Header { "If-Match" } else { field };
            let required = location == Location::Path || contract.requires(field);
            let value = example.input.get(field).filter(|value| !value.is_null());
            parameters.push(parameter(name, place, required, schema, value));
        }
    }
    parameters
}

/// The header with which a client names its request.
pub(super) fn idempotency_key() -> Value {
    let schema = json!({
        "type": "string",
        "minLength": 1,
        "maxLength": MAX_KEY,
        "description": "A new random text for each request, such as a UUID. Sent again with the same key within 24 \
            hours, the request is not carried out again: the answer is that of the first one, with the header \
            `Idempotency-Replayed`.",
    });
    let example = json!("8e03978e-40d5-43dd-bc93-6894a57f9324");
    parameter("Idempotency-Key", "header", false, &schema, Some(&example))
}

/// The parameters of a raw endpoint: those of its contract, or else those of its example.
pub(super) fn raw_parameters(
    operation: &Operation,
    contract: Option<&Schema>,
    example: &ExampleValues,
) -> Vec<Value> {
    let schema = contract.map(|schema| schema.clone().to_value()).unwrap_or_default();
    let example_of = |name: &str| {
        let mut all = example.path.iter().chain(example.query);
        all.find(|(known, _)| *known == name).map(|(_, value)| Value::from(*value))
    };
    let fields = schema["properties"].as_object().into_iter().flatten();
    let parameters = fields.map(|(name, field)| {
        let in_path = operation.path.contains(&format!("{{{name}}}"));
        let listed = schema["required"].as_array();
        let required = in_path || listed.is_some_and(|names| names.iter().any(|n| n == name));
        let place = if in_path { "path" } else { "query" };
        parameter(name, place, required, field, example_of(name).as_ref())
    });
    parameters.collect()
}

/// One parameter. Its schema never allows null, which a path, query or header cannot express.
fn parameter(
    name: &str,
    place: &str,
    required: bool,
    schema: &Value,
    example: Option<&Value>,
) -> Value {
    let mut schema = schema.clone();
    let described = schema.as_object_mut().and_then(|schema| schema.remove("description"));
    strip_null(&mut schema);
    let mut parameter = json!({ "name": name, "in": place, "required": required });
    parameter["description"] = described.unwrap_or_default();
    parameter["schema"] = schema;
    if let Some(example) = example {
        parameter["example"] = example.clone();
    }
    parameter
}

fn strip_null(schema: &mut Value) {
    if let Some(types) = schema["type"].as_array() {
        let mut types: Vec<Value> = types.iter().filter(|name| *name != "null").cloned().collect();
        schema["type"] = if types.len() == 1 { types.remove(0) } else { types.into() };
    }
    let options = schema.get("anyOf").and_then(Value::as_array);
    let options: Vec<Value> =
        options.into_iter().flatten().filter(|option| option["type"] != "null").cloned().collect();
    if let [only] = options.as_slice() {
        let mut only = only.clone();
        if let (Some(only), Some(schema)) = (only.as_object_mut(), schema.as_object()) {
            let kept = schema.iter().filter(|(keyword, _)| *keyword != "anyOf");
            only.extend(kept.map(|(keyword, value)| (keyword.clone(), value.clone())));
        }
        *schema = only;
    }
    if let Some(schema) = schema.as_object_mut()
        && schema.get("default").is_some_and(Value::is_null)
    {
        schema.remove("default");
    }
}

/// The body of a typed endpoint.
pub(super) fn body(contract: &InputContract, example: &Value) -> Option<Value> {
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

/// The body of a raw endpoint. The example of a form is shown as an object, as OpenAPI wants it.
pub(super) fn raw_body(
    operation: &Operation,
    contract: Option<&Schema>,
    example: &ExampleValues,
) -> Option<Value> {
    if !operation.takes_body() {
        return None;
    }
    let schema = contract.map_or_else(|| json!({ "type": "object" }), |s| s.clone().to_value());
    let mut content = json!({ "schema": schema });
    let sent = match &example.input {
        Value::String(form) => {
            let pairs = url::form_urlencoded::parse(form.as_bytes());
            let pairs = pairs.map(|(name, value)| (name.into_owned(), value.into_owned().into()));
            pairs.collect::<Map<String, Value>>().into()
        }
        other => other.clone(),
    };
    if !sent.is_null() {
        content["example"] = sent;
    }
    Some(json!({ "required": true, "content": { operation.consumes: content } }))
}
