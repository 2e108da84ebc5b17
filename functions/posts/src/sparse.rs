//! A page of published posts, each with the fields that were asked for.

use byline_shared::model::PublicPostSummary;
use byline_shared::model::Representation;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::included::Included;

/// A page of published posts.
#[derive(Serialize, JsonSchema)]
pub struct PostList {
    /// The posts.
    pub items: Vec<SparsePost>,
    /// What to send as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
    /// The tags and authors of the posts, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub included: Option<Included>,
}

impl Representation for PostList {}

/// A published post, or some fields of it.
#[derive(Serialize)]
#[serde(untagged)]
pub enum SparsePost {
    /// All of it.
    Whole(Box<PublicPostSummary>),
    /// The fields that were asked for.
    Part(Map<String, Value>),
}

/// The fields that can be asked for.
const FIELDS: [&str; 13] = [
    "id",
    "title",
    "slug",
    "excerpt",
    "tags",
    "author",
    "cover",
    "canonical_url",
    "language",
    "featured",
    "revision_id",
    "published_at",
    "updated_at",
];

/// Names of fields, separated by commas.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(String);

impl Fields {
    fn name(&self, field: &str) -> bool {
        self.0.split(',').any(|name| name == field)
    }
}

impl JsonSchema for Fields {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Fields".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names = FIELDS.join("|");
        json_schema!({
            "type": "string",
            "maxLength": 200,
            "pattern": format!("^({names})(,({names}))*$"),
            "x-error": format!("Must be some of these, with commas between: {}.", FIELDS.join(", ")),
        })
    }
}

impl SparsePost {
    /// The post, or these fields of it.
    pub(crate) fn new(post: PublicPostSummary, fields: Option<&Fields>) -> Self {
        let Some(fields) = fields else { return Self::Whole(Box::new(post)) };
        let Ok(Value::Object(mut all)) = serde_json::to_value(&post) else {
            return Self::Whole(Box::new(post));
        };
        all.retain(|name, _| fields.name(name));
        Self::Part(all)
    }
}

impl JsonSchema for SparsePost {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PublicPostFields".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = PublicPostSummary::json_schema(generator);
        schema.remove("required");
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_can_be_asked_for() {
        let post = byline_shared::examples::public_post().summary;
        let Ok(Value::Object(all)) = serde_json::to_value(post) else { panic!("no object") };
        assert_eq!(all.keys().collect::<Vec<_>>(), FIELDS.iter().collect::<Vec<_>>());
    }
}
