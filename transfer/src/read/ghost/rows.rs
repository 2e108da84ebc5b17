//! The tables of an export, as far as they are used, and what their values mean: only that is kept
//! in memory.

use byline_shared::model::Time;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

use super::super::{clean, dates};
use crate::model::PostTag;

#[derive(Deserialize)]
pub(super) struct Export {
    #[serde(default)]
    pub(super) db: Vec<Database>,
    // Exports of some tools have no list around it.
    pub(super) data: Option<Data>,
}

#[derive(Deserialize)]
pub(super) struct Database {
    pub(super) data: Data,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Data {
    // Each is read by itself, so that one that is broken does not cost the others.
    pub(super) posts: Vec<Value>,
    pub(super) posts_meta: Vec<MetaRow>,
    pub(super) posts_tags: Vec<TagOfPost>,
    pub(super) posts_authors: Vec<AuthorOfPost>,
    pub(super) tags: Vec<TagRow>,
    pub(super) users: Vec<UserRow>,
    pub(super) settings: Vec<Setting>,
}

#[derive(Deserialize)]
pub(super) struct PostRow {
    pub(super) id: Value,
    pub(super) title: Option<String>,
    pub(super) slug: Option<String>,
    pub(super) html: Option<String>,
    pub(super) lexical: Option<String>,
    pub(super) mobiledoc: Option<String>,
    pub(super) markdown: Option<String>,
    pub(super) feature_image: Option<String>,
    pub(super) image: Option<String>,
    pub(super) featured: Option<Value>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) page: Option<Value>,
    pub(super) status: Option<String>,
    pub(super) locale: Option<String>,
    pub(super) language: Option<String>,
    pub(super) visibility: Option<String>,
    pub(super) created_at: Option<Value>,
    pub(super) updated_at: Option<Value>,
    pub(super) published_at: Option<Value>,
    pub(super) custom_excerpt: Option<String>,
    pub(super) canonical_url: Option<String>,
    pub(super) codeinjection_head: Option<String>,
    pub(super) codeinjection_foot: Option<String>,
    pub(super) author_id: Option<Value>,
    pub(super) meta_title: Option<String>,
    pub(super) meta_description: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct MetaRow {
    pub(super) post_id: Value,
    pub(super) meta_title: Option<String>,
    pub(super) meta_description: Option<String>,
    pub(super) feature_image_alt: Option<String>,
    pub(super) feature_image_caption: Option<String>,
    pub(super) email_only: Option<Value>,
}

#[derive(Deserialize)]
pub(super) struct TagOfPost {
    pub(super) post_id: Value,
    pub(super) tag_id: Value,
    pub(super) sort_order: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct AuthorOfPost {
    pub(super) post_id: Value,
    pub(super) author_id: Value,
    pub(super) sort_order: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct TagRow {
    pub(super) id: Value,
    pub(super) name: String,
    pub(super) slug: Option<String>,
    pub(super) description: Option<String>,
    pub(super) visibility: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct UserRow {
    pub(super) id: Value,
    pub(super) name: Option<String>,
    pub(super) slug: Option<String>,
    pub(super) email: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Setting {
    pub(super) key: String,
    pub(super) value: Option<Value>,
}

/// Text that is there.
pub(super) fn text(value: &Option<String>) -> Option<String> {
    value.as_deref().and_then(clean::text)
}

/// Ids were numbers once.
pub(super) fn id(value: &Value) -> String {
    clean::text_of(value).unwrap_or_default()
}

pub(super) fn is_internal(tag: &TagRow) -> bool {
    tag.visibility.as_deref() == Some("internal") || tag.name.starts_with('#')
}

pub(super) fn post_tag(tag: &TagRow) -> Option<PostTag> {
    clean::tag_at(text(&tag.slug), &tag.name)
}

pub(super) fn is_true(value: Option<&Value>) -> bool {
    value.is_some_and(|value| matches!(value, Value::Bool(true)) || value.as_i64() == Some(1))
}

pub(super) fn is_page(row: &PostRow) -> bool {
    row.kind.as_deref() == Some("page") || is_true(row.page.as_ref())
}

pub(super) fn time(value: Option<&Value>) -> Option<Time> {
    match value? {
        Value::Number(number) => number.as_i64().map(Time::from_millis),
        Value::String(text) => dates::time(text, &TimeZone::UTC),
        _ => None,
    }
}
