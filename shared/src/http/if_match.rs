//! The `If-Match` header (RFC 9110 §13.1.1) of writes.

use std::borrow::Cow;

use http::header::{ETAG, HeaderValue};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::problem::{Code, Problem};
use crate::model::{ReviewTag, listed};

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
        entity_tags(&self.0).any(|tag| tag == expected)
    }
}

/// The entity tags of a header's value with their quotes, weak ones as if they were strong.
fn entity_tags(value: &str) -> impl Iterator<Item = &str> {
    let tags = value.split(',').map(str::trim);
    tags.map(|tag| tag.strip_prefix("W/").unwrap_or(tag))
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

/// The `If-Match` header that names a review which was read, as an input field: name the field
/// `if_match`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IfReviewed(pub String);

impl IfReviewed {
    /// Whether it names the review with this tag. A cache on the way may have made the tag a weak
    /// one; it still names the same digest. `*` names no review that anybody has read.
    #[must_use]
    pub fn names(&self, review: &ReviewTag) -> bool {
        self.tags().any(|tag| tag == review.as_str())
    }

    /// The tags, without quotes.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        entity_tags(&self.0).map(|tag| tag.trim_matches('"'))
    }
}

impl JsonSchema for IfReviewed {
    fn schema_name() -> Cow<'static, str> {
        "IfReviewed".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "maxLength": 1024,
            "pattern": r#"^(W/)?"[0-9a-f]{96}"(\s*,\s*(W/)?"[0-9a-f]{96}")*$"#,
            "x-error": "Must be the ETag of the review that you read, with its quotes.",
            "description": "The ETag of the review that the caller read.",
        })
    }
}

/// 428: an approval that names no review.
#[must_use]
pub fn no_review() -> Problem {
    let detail = "Send If-Match with the ETag of the review that you read: it says what you approve. \
                  GET answers the proposal with its review and this ETag.";
    Problem::new(Code::PreconditionRequired, detail)
}

/// 412: what would go live is not what the caller read in a review. `now` is the tag of the review
/// as it is now, which the answer carries, too.
#[must_use]
pub fn other_review(seen: &IfReviewed, now: &ReviewTag) -> Problem {
    let seen = seen.tags().next().unwrap_or_default();
    let changed = now.changed_since(seen);
    let what = if changed.is_empty() { "something".to_owned() } else { listed(&changed) };
    // The new tag is in the header alone: copied from a sentence, it would approve what nobody read.
    let detail = format!(
        "The review has changed since you read it: {what}. Read it again, and send its new ETag."
    );
    let header =
        HeaderValue::try_from(now.header()).expect("hex digits and quotes are visible ASCII");
    Problem::new(Code::PreconditionFailed, detail).with_header(ETAG, header)
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
