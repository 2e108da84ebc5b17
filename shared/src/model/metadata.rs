//! Whatever else a site keeps with a post: a bounded JSON object.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A JSON object, at most [`Metadata::MAX_BYTES`] as text and [`Metadata::MAX_DEPTH`] deep.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Metadata(Map<String, Value>);

impl Metadata {
    /// How long it may be as JSON text, in bytes.
    pub const MAX_BYTES: usize = 8 * 1024;
    /// How deep values may stand in each other.
    pub const MAX_DEPTH: usize = 5;
    /// DynamoDB keeps numbers up to 9.99e125; all that anybody counts is below this.
    const MAX_NUMBER: f64 = 1e100;

    /// Wraps an object that is already within the limits.
    #[must_use]
    pub fn trusted(object: Map<String, Value>) -> Self {
        Self(object)
    }

    /// The object.
    #[must_use]
    pub fn as_object(&self) -> &Map<String, Value> {
        &self.0
    }

    /// What is wrong with it, in words for its author.
    ///
    /// # Errors
    /// Where it is too large, too deep or cannot be stored.
    pub fn check(&self) -> Result<(), String> {
        let size = serde_json::to_string(&self.0).map_or(usize::MAX, |text| text.len());
        if size > Self::MAX_BYTES {
            return Err(format!("Has {size} bytes as JSON; it may have {}.", Self::MAX_BYTES));
        }
        self.0.iter().try_for_each(|(name, value)| storable(name, value, 1))
    }
}

fn storable(name: &str, value: &Value, depth: usize) -> Result<(), String> {
    if name.is_empty() {
        return Err("Has an empty name; every value needs one.".to_owned());
    }
    if depth > Metadata::MAX_DEPTH {
        return Err(format!("Is nested deeper than {} levels.", Metadata::MAX_DEPTH));
    }
    match value {
        Value::Number(number) => {
            let size = number.as_f64().unwrap_or(f64::INFINITY).abs();
            let fits =
                size == 0.0 || (1.0 / Metadata::MAX_NUMBER..Metadata::MAX_NUMBER).contains(&size);
            if fits { Ok(()) } else { Err(format!("Holds {number}, which is out of range.")) }
        }
        Value::Array(values) => values.iter().try_for_each(|v| storable(name, v, depth + 1)),
        Value::Object(fields) => fields.iter().try_for_each(|(n, v)| storable(n, v, depth + 1)),
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

impl JsonSchema for Metadata {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Metadata".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: Value) -> Result<(), String> {
        Metadata(value.as_object().unwrap().clone()).check()
    }

    #[test]
    fn is_bounded() {
        use serde_json::json;
        of(json!({ "mood": "calm", "scores": [1, 2.5, 0], "nested": { "a": { "b": null } } }))
            .unwrap();
        assert!(of(json!({ "long": "x".repeat(9000) })).is_err());
        assert!(of(json!({ "a": { "b": { "c": { "d": { "e": { "f": 1 } } } } } })).is_err());
        assert!(of(json!({ "n": 1e300 })).is_err());
        assert!(of(json!({ "n": 1e-300 })).is_err());
        assert!(of(json!({ "": 1 })).is_err());
    }
}
