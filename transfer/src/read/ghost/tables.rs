//! What the rows of posts refer to, and what holds for all of them.

use std::collections::HashMap;

use serde_json::Value;
use shared::model::Time;

use super::rows::{MetaRow, TagRow, id};
use crate::model::Author;

/// Everything but the posts, by id.
pub(super) struct Tables {
    pub(super) meta: HashMap<String, MetaRow>,
    pub(super) tags: HashMap<String, TagRow>,
    pub(super) tags_of: HashMap<String, Vec<(i64, String)>>,
    pub(super) authors_of: HashMap<String, Vec<(i64, String)>>,
    pub(super) authors: Vec<Author>,
    pub(super) now: Time,
    pub(super) permalink: String,
    pub(super) site_url: Option<url::Url>,
}

/// What belongs to each post, in the order it has there.
pub(super) fn sorted<'a>(
    rows: impl Iterator<Item = (&'a Value, Option<i64>, &'a Value)>,
) -> HashMap<String, Vec<(i64, String)>> {
    let mut by_post: HashMap<String, Vec<(i64, String)>> = HashMap::new();
    for (post, order, other) in rows {
        by_post.entry(id(post)).or_default().push((order.unwrap_or(0), id(other)));
    }
    by_post.values_mut().for_each(|others| others.sort_by_key(|(order, _)| *order));
    by_post
}
