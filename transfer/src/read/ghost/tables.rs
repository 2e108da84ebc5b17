//! What the rows of posts refer to, and what holds for all of them.

use std::collections::HashMap;

use byline_shared::model::Time;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::rows::{MetaRow, TagRow, id};
use crate::model::Author;

/// Everything but the posts, by id.
pub(super) struct Tables {
    pub(super) meta: HashMap<String, MetaRow>,
    pub(super) tags: HashMap<String, TagRow>,
    pub(super) tags_of: HashMap<String, Vec<String>>,
    pub(super) authors_of: HashMap<String, Vec<String>>,
    pub(super) authors: Vec<Author>,
    pub(super) now: Time,
    pub(super) permalink: String,
    /// The site's, which the dates in addresses are in.
    pub(super) zone: TimeZone,
    pub(super) site_url: Option<url::Url>,
}

/// What belongs to each post, in the order it has there.
pub(super) fn sorted<'a>(
    rows: impl Iterator<Item = (&'a Value, Option<i64>, &'a Value)>,
) -> HashMap<String, Vec<String>> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|(_, order, _)| order.unwrap_or(0));
    let mut by_post: HashMap<String, Vec<String>> = HashMap::new();
    for (post, _, other) in rows {
        by_post.entry(id(post)).or_default().push(id(other));
    }
    by_post
}
