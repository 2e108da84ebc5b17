//! Access to members of the API description, which is untyped JSON. A missing member is `null`, which has no
//! members, elements or text.

use serde_json::Value;

/// The members of an object. Any other value has none.
pub(super) fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The elements of an array. Any other value has none.
pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A string. Any other value is empty.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
