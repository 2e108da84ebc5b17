//! The `If-Match` header (RFC 9110 §13.1.1) of writes.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::problem::{Code, Problem};

/// The `If-Match` header as an input field: name the field `if_match`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IfMatch(pub String);

impl IfMatch {
    /// The name of a field of this type.
    pub const FIELD: &'static str = "if_match";

    /// The header value that names `version`.
    #[must_use]
    pub fn version(version: u64) -> Self {
        Self(format!("\"v{version}\""))
    }

    /// Whether it names `version`; a list may hold several.
    ///
    /// Weak validators match, too. RFC 9110 §13.1.1 wants a strong comparison, but proxies and clients
    /// that compress turn `"v2"` into `W/"v2"`, and a version names one state whatever its encoding is.
    #[must_use]
    pub fn names(&self, version: u64) -> bool {
        let expected = format!("\"v{version}\"");
        let candidates = self.0.split(',').map(str::trim);
        candidates.map(|tag| tag.strip_prefix("W/").unwrap_or(tag)).any(|tag| tag == expected)
    }
}

impl JsonSchema for IfMatch {
    fn schema_name() -> Cow<'static, str> {
        "IfMatch".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "maxLength": 1024,
            "pattern": r#"^(W/)?"v[0-9]+"(\s*,\s*(W/)?"v[0-9]+")*$"#,
            "x-error": "Must be the ETag of what the write is based on, with its quotes, such as \"v3\".",
            "description": "The ETag of the state that this write is based on, such as \"v3\".",
        })
    }
}

/// 412: the resource has another version than the caller saw. `resource` begins the sentence, such as
/// "The post".
#[must_use]
pub fn stale(resource: &str, version: u64) -> Problem {
    let detail = format!(
        "{resource} has changed and now has the version \"v{version}\". Read it again, apply your \
         change to it, and send If-Match with its ETag."
    );
    Problem::new(Code::PreconditionFailed, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_named_strongly_weakly_or_in_a_list() {
        for value in ["\"v2\"", "W/\"v2\"", "\"v1\", W/\"v2\"", "\"v2\",\"v3\""] {
            assert!(IfMatch(value.to_owned()).names(2), "{value}");
        }
        for value in ["\"v22\"", "W/\"v1\"", "v2", "w/\"v2\"", "*", ""] {
            assert!(!IfMatch(value.to_owned()).names(2), "{value}");
        }
    }
}
