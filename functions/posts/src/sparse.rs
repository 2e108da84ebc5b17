//! A page of published posts, each with the fields that were asked for.

use byline_shared::http::page::Page;
use byline_shared::model::PublicPostSummary;
use byline_shared::model::Representation;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::included::Included;

/// A page of published posts, or of the requested fields of them.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum PostList {
    /// Without `fields`.
    Whole(PostPage),
    /// With `fields`.
    Sparse(SparsePostPage),
}

impl Representation for PostList {}

/// A page of published posts.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PublicPostPage")]
pub struct PostPage {
    /// The posts.
    pub items: Vec<PublicPostSummary>,
    /// Send this as `cursor` to get the next page. Null on the last page.
    pub next_cursor: Option<String>,
    /// The tags and authors of these posts; only with `include`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub included: Option<Included>,
}

/// A page of published posts with the requested fields only. Its member `fields` tells it apart
/// from a page of whole posts.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SparsePublicPostPage")]
pub struct SparsePostPage {
    /// The posts, each with the requested fields.
    pub items: Vec<SparsePost>,
    /// Send this as `cursor` to get the next page. Null on the last page.
    pub next_cursor: Option<String>,
    /// The tags and authors of these posts; only with `include`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub included: Option<Included>,
    /// The requested fields.
    pub fields: Vec<&'static str>,
}

/// Some fields of a published post.
#[derive(Serialize)]
#[serde(transparent)]
pub struct SparsePost(Map<String, Value>);

/// The fields that can be asked for.
const FIELDS: [&str; 15] = [
    "id",
    "title",
    "slug",
    "type",
    "excerpt",
    "excerpt_source",
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

impl PostList {
    /// A page of these posts, whole or with these fields only.
    pub(crate) fn new(
        posts: Page<PublicPostSummary>,
        included: Option<Included>,
        fields: Option<&Fields>,
    ) -> Result<Self, serde_json::Error> {
        let Page { items, next_cursor } = posts;
        let Some(fields) = fields else {
            return Ok(Self::Whole(PostPage { items, next_cursor, included }));
        };
        let items = items.iter().map(|post| SparsePost::new(post, fields));
        let items = items.collect::<Result<_, _>>()?;
        let fields = FIELDS.into_iter().filter(|name| fields.name(name)).collect();
        Ok(Self::Sparse(SparsePostPage { items, next_cursor, included, fields }))
    }
}

impl SparsePost {
    fn new(post: &PublicPostSummary, fields: &Fields) -> Result<Self, serde_json::Error> {
        let mut all: Map<String, Value> = serde_json::from_value(serde_json::to_value(post)?)?;
        all.retain(|name, _| fields.name(name));
        Ok(Self(all))
    }
}

impl JsonSchema for SparsePost {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SparsePublicPost".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = PublicPostSummary::json_schema(generator);
        schema.remove("required");
        schema.insert("description".to_owned(), "The requested fields of a published post.".into());
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
