//! The schemas of tools as `tools/list` publishes them: with what a model needs to fill in the
//! arguments, without what only a validator needs. Every keyword costs each connected model tokens.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

/// Keywords that are left out. The server validates arguments against the complete schema.
const OMITTED: [&str; 8] = [
    "$schema",
    "contentMediaType",
    "pattern",
    "title",
    "x-error",
    "x-visible",
    "x-url",
    "maxLength",
];

/// The output schema of a type. Absent values may be omitted.
pub(super) fn output<T: JsonSchema>() -> Option<Value> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    Some(settings.into_generator().into_root_schema_for::<T>().to_value())
}

/// The published form of an input schema.
pub(super) fn published_input(schema: &Value) -> Map<String, Value> {
    let mut published = reduced(schema, &OMITTED);
    // The tool has a description of its own.
    published.shift_remove("description");
    published
}

/// The published form of an output schema, without descriptions: the names of its fields are enough.
pub(super) fn published_output(schema: &Value) -> Map<String, Value> {
    reduced(
        schema,
        &[&OMITTED[..], &["default", "description", "format", "minLength", "minimum"]].concat(),
    )
}

fn reduced(schema: &Value, omitted: &[&str]) -> Map<String, Value> {
    let Value::Object(keywords) = schema else { return Map::new() };
    let published = keywords.iter().filter(|(keyword, value)| {
        // Formats such as `uint8` are Rust types, unknown to JSON Schema.
        let is_rust_format =
            *keyword == "format" && value.as_str().is_some_and(|f| f.contains("int"));
        let is_null_default = *keyword == "default" && value.is_null();
        !omitted.contains(&keyword.as_str()) && !is_rust_format && !is_null_default
    });
    let reduced = |value: &Value| match value {
        Value::Object(_) => Value::Object(reduced(value, omitted)),
        other => other.clone(),
    };
    let published = published.map(|(keyword, value)| {
        let value = match (keyword.as_str(), value) {
            // The keys are names of fields, not keywords.
            ("properties", Value::Object(fields)) => {
                let fields = fields.iter().map(|(name, field)| (name.clone(), reduced(field)));
                Value::Object(fields.collect())
            }
            ("anyOf" | "oneOf" | "allOf", Value::Array(options)) => {
                Value::Array(options.iter().map(reduced).collect())
            }
            ("items" | "additionalProperties", value) => reduced(value),
            (_, value) => value.clone(),
        };
        (keyword.clone(), value)
    });
    simplified(published.collect())
}

/// Merges the variants of an enum into one list, and removes null: an optional field is left out
/// instead.
fn simplified(mut schema: Map<String, Value>) -> Map<String, Value> {
    for several in ["anyOf", "oneOf"] {
        let Some(Value::Array(mut options)) = schema.shift_remove(several) else { continue };
        options.retain(|option| option["type"] != "null");
        let names: Vec<Value> =
            options.iter().filter_map(|option| option.get("const").cloned()).collect();
        if names.len() == options.len() {
            schema.insert("type".to_owned(), "string".into());
            schema.insert("enum".to_owned(), names.into());
        } else if let [Value::Object(only)] = &options[..] {
            for (keyword, value) in only {
                schema.entry(keyword.clone()).or_insert_with(|| value.clone());
            }
        } else {
            schema.insert(several.to_owned(), options.into());
        }
    }
    if let Some(Value::Array(types)) = schema.get("type") {
        let types: Vec<Value> = types.iter().filter(|name| **name != "null").cloned().collect();
        let types = if let [only] = &types[..] { only.clone() } else { types.clone().into() };
        schema.insert("type".to_owned(), types);
    }
    schema
}
