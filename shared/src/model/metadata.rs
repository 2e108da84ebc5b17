//! Whatever else a site keeps with a post: a bounded JSON object.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use super::hidden::{self, Hidden};

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

    /// Checks the limits that its JSON Schema does not express.
    ///
    /// # Errors
    /// The first limit that it exceeds, and where.
    pub fn check(&self) -> Result<(), MetadataError> {
        let size = serde_json::to_string(&self.0).map_or(usize::MAX, |text| text.len());
        if size > Self::MAX_BYTES {
            return Err(MetadataFault::TooLarge(size).at(""));
        }
        members(&self.0, "", 1)
    }
}

/// A limit that metadata exceeds.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{fault}")]
pub struct MetadataError {
    /// A JSON Pointer (RFC 6901) from the metadata to the value; empty for all of it.
    pub pointer: String,
    /// What is wrong.
    pub fault: MetadataFault,
}

/// What is wrong with metadata, in words for its author.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MetadataFault {
    /// Too long as JSON text; its length in bytes.
    #[error("Has {0} bytes as JSON; it may have {max}.", max = Metadata::MAX_BYTES)]
    TooLarge(usize),
    /// A name of no characters.
    #[error("Has an empty name; every value needs one.")]
    EmptyName,
    /// Too deep.
    #[error("Is nested deeper than {max} levels.", max = Metadata::MAX_DEPTH)]
    TooDeep,
    /// A number that cannot be stored.
    #[error("Holds {0}, which is out of range.")]
    OutOfRange(Number),
    /// A name or a text with a character that readers do not see.
    #[error(transparent)]
    Hidden(#[from] Hidden),
}

impl MetadataFault {
    fn at(self, pointer: &str) -> MetadataError {
        MetadataError { pointer: pointer.to_owned(), fault: self }
    }
}

fn members(object: &Map<String, Value>, pointer: &str, depth: usize) -> Result<(), MetadataError> {
    object.iter().try_for_each(|(name, value)| {
        if name.is_empty() {
            return Err(MetadataFault::EmptyName.at(pointer));
        }
        hidden::check(name).map_err(|hidden| MetadataFault::from(hidden).at(pointer))?;
        let name = name.replace('~', "~0").replace('/', "~1");
        storable(value, &format!("{pointer}/{name}"), depth)
    })
}

fn storable(value: &Value, pointer: &str, depth: usize) -> Result<(), MetadataError> {
    if depth > Metadata::MAX_DEPTH {
        return Err(MetadataFault::TooDeep.at(pointer));
    }
    match value {
        Value::Number(number) => {
            let size = number.as_f64().unwrap_or(f64::INFINITY).abs();
            let fits =
                size == 0.0 || (1.0 / Metadata::MAX_NUMBER..Metadata::MAX_NUMBER).contains(&size);
            if fits { Ok(()) } else { Err(MetadataFault::OutOfRange(number.clone()).at(pointer)) }
        }
        Value::Array(values) => values.iter().enumerate().try_for_each(|(place, value)| {
            storable(value, &format!("{pointer}/{place}"), depth + 1)
        }),
        Value::Object(fields) => members(fields, pointer, depth + 1),
        Value::String(text) => {
            hidden::check(text).map_err(|hidden| MetadataFault::from(hidden).at(pointer))
        }
        Value::Null | Value::Bool(_) => Ok(()),
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

    fn of(value: Value) -> Result<(), MetadataError> {
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
        let error = of(json!({ "a": [1, { "b/c": "x\u{e0041}" }] })).unwrap_err();
        assert_eq!(error.pointer, "/a/1/b~1c");
        assert!(error.to_string().starts_with("Holds U+E0041"), "{error}");
        assert_eq!(of(json!({ "a\u{3164}": 1 })).unwrap_err().pointer, "");
    }
}
