//! The schemas of tools as clients are shown them: what a model needs to fill in the arguments, and
//! not what only a validator reads. Every model that is offered the tools pays for each word.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

/// What a list of tools leaves out. The server holds arguments to all of it.
const UNSHOWN: [&str; 6] =
    ["$schema", "contentMediaType", "pattern", "title", "x-error", "maxLength"];

/// The schema of an answer, where what is not there may be left out.
pub(super) fn of<T: JsonSchema>() -> Option<Value> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    Some(settings.into_generator().into_root_schema_for::<T>().to_value())
}

/// The schema of arguments as it is shown.
pub(super) fn shown(schema: &Value) -> Map<String, Value> {
    let mut shown = lighter(schema, &UNSHOWN);
    // What it is of, its tool says.
    shown.shift_remove("description");
    shown
}

/// The schema of an answer as it is shown: without words, which its fields' names are enough of.
pub(super) fn bare(schema: &Value) -> Map<String, Value> {
    lighter(
        schema,
        &[&UNSHOWN[..], &["default", "description", "format", "minLength", "minimum"]].concat(),
    )
}

fn lighter(schema: &Value, unshown: &[&str]) -> Map<String, Value> {
    let Value::Object(keywords) = schema else { return Map::new() };
    let shown = keywords.iter().filter(|(keyword, value)| {
        // Formats of numbers are Rust's own.
        let of_numbers = *keyword == "format" && value.as_str().is_some_and(|f| f.contains("int"));
        let no_default = *keyword == "default" && value.is_null();
        !unshown.contains(&keyword.as_str()) && !of_numbers && !no_default
    });
    let lighter = |value: &Value| match value {
        Value::Object(_) => Value::Object(lighter(value, unshown)),
        other => other.clone(),
    };
    let shown = shown.map(|(keyword, value)| {
        let value = match (keyword.as_str(), value) {
            // The names in it are fields, not keywords.
            ("properties", Value::Object(fields)) => {
                let fields = fields.iter().map(|(name, field)| (name.clone(), lighter(field)));
                Value::Object(fields.collect())
            }
            ("anyOf" | "oneOf" | "allOf", Value::Array(options)) => {
                Value::Array(options.iter().map(lighter).collect())
            }
            ("items" | "additionalProperties", value) => lighter(value),
            (_, value) => value.clone(),
        };
        (keyword.clone(), value)
    });
    simpler(shown.collect())
}

/// The same with the names of an enum in one list, and without null: who has nothing to say leaves
/// a field out.
fn simpler(mut schema: Map<String, Value>) -> Map<String, Value> {
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
        let shown = if let [only] = &types[..] { only.clone() } else { types.clone().into() };
        schema.insert("type".to_owned(), shown);
    }
    schema
}
