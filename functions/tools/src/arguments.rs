//! Arguments as clients send them, in the form that the schemas ask for.
//!
//! OpenAI's strict mode makes every argument required and fills those that the model leaves out with
//! null; CrewAI, Langflow and others send an empty text. Python and JavaScript write whole numbers as
//! `5.0` where they passed through a float.

use serde_json::{Map, Value};

/// The arguments without those that stand for "left out", and with whole numbers as such. What the schema
/// does not know stays, for the validation to name it.
pub(crate) fn as_meant(schema: &Value, value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(members(schema, fields)),
        Value::Array(entries) => {
            let of_entry = variants(schema).find_map(|schema| schema.get("items"));
            let entries = entries.into_iter().map(|entry| match of_entry {
                Some(schema) => as_meant(schema, entry),
                None => entry,
            });
            Value::Array(entries.collect())
        }
        Value::Number(number) if wants(schema, "integer") => {
            whole(&number).map_or(Value::Number(number), Value::from)
        }
        other => other,
    }
}

fn members(schema: &Value, fields: Map<String, Value>) -> Map<String, Value> {
    let of_object = variants(schema).find(|schema| schema.get("properties").is_some());
    let Some(schema) = of_object else { return fields };
    let required = schema["required"].as_array();
    let is_required =
        |name: &str| required.is_some_and(|names| names.iter().any(|known| known == name));
    let fields = fields.into_iter().filter_map(|(name, value)| {
        let Some(of_field) = schema["properties"].get(&name) else { return Some((name, value)) };
        let is_empty = value.is_null() || value.as_str() == Some("");
        if is_empty && !is_required(&name) {
            return None;
        }
        let value = as_meant(of_field, value);
        Some((name, value))
    });
    fields.collect()
}

/// A schema, or those that it combines.
fn variants(schema: &Value) -> impl Iterator<Item = &Value> {
    let combined = ["anyOf", "oneOf"].into_iter().filter_map(|keyword| schema[keyword].as_array());
    std::iter::once(schema).chain(combined.flatten())
}

fn wants(schema: &Value, wanted: &str) -> bool {
    variants(schema).any(|schema| match &schema["type"] {
        Value::String(name) => name == wanted,
        Value::Array(names) => names.iter().any(|name| name == wanted),
        _ => false,
    })
}

/// A number with nothing behind the point that a float holds exactly.
fn whole(number: &serde_json::Number) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let float = number.as_f64().filter(|_| number.is_f64())?;
    let fits = float.fract() == 0.0 && float.abs() <= EXACT;
    // Within these bounds the text of the float is that of the integer.
    fits.then(|| format!("{float:.0}").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_stands_for_left_out_is_left_out() {
        let schema = json!({
            "type": "object",
            "required": ["find"],
            "properties": {
                "find": { "type": "string" },
                "limit": { "type": "integer" },
                "cursor": { "type": ["string", "null"] },
                "edits": { "type": "array", "items": {
                    "type": "object",
                    "required": ["replace"],
                    "properties": { "replace": { "type": "string" }, "line": { "type": ["integer", "null"] } },
                } },
            },
        });
        let sent = json!({
            "find": "", "limit": 5.0, "cursor": null, "other": null,
            "edits": [{ "replace": "", "line": 2.0 }, { "replace": null, "line": "" }, 7],
        });
        let meant = json!({
            "find": "", "limit": 5, "other": null,
            "edits": [{ "replace": "", "line": 2 }, { "replace": null }, 7],
        });
        assert_eq!(as_meant(&schema, sent), meant);
        for number in [json!(5.5), json!(1e300), json!(-3)] {
            assert_eq!(as_meant(&json!({ "type": "integer" }), number.clone()), number);
        }
        assert_eq!(as_meant(&json!({ "type": "integer" }), json!(-3.0)), json!(-3));
        assert_eq!(as_meant(&json!({ "type": "number" }), json!(3.0)), json!(3.0));
    }
}
