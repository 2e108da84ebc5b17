//! The tables of an export, as far as they are used: only that is kept in memory.

use serde::Deserialize;
use serde_json::Value;

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
    pub(super) posts: Vec<PostRow>,
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
