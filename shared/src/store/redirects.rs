//! Addresses that the publication had elsewhere or before, in `content`.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::live::{SlugItem, Slugs};
use super::{Store, StoreError, Write, item, keys};
use crate::endpoint::Table::Content;
use crate::model::{PostId, Slug, WebUrl};

/// Where an old address leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedirectItem {
    /// The path, from its slash on.
    pub path: String,
    /// Where to.
    pub to: RedirectTarget,
}

/// Where an old address leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectTarget {
    /// To a post, wherever it is found.
    Post(PostId),
    /// To another page.
    Url(WebUrl),
}

/// A slug that leads to another.
#[derive(Deserialize)]
struct OldSlug {
    pk: String,
    post_id: PostId,
}

impl RedirectItem {
    /// How long a path may be, in bytes.
    pub const MAX_PATH: usize = 1024;
}

/// Redirects from paths that the publication had elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Redirects<'a>(pub(super) &'a Store);

impl Redirects<'_> {
    /// Where an old path leads.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(self, path: &str) -> Result<Option<RedirectItem>, StoreError> {
        // Keys end at 2,048 bytes, and so no longer path can have been kept.
        if path.len() > RedirectItem::MAX_PATH {
            return Ok(None);
        }
        self.0.get_eventually(Content, &keys::redirect(path)).await
    }

    /// All redirects, in no order. It reads the whole table, so it is for what is done by hand.
    ///
    /// # Errors
    /// As any call.
    pub async fn list(self) -> Result<Vec<RedirectItem>, StoreError> {
        self.0.scan("begins_with(pk, :prefix)", keys::REDIRECT_PREFIX).await
    }
}

impl Slugs<'_> {
    /// All slugs that posts had before and that lead to where they are, in no order. It reads the
    /// whole table, as [`Store::redirects`] does.
    ///
    /// # Errors
    /// As any call.
    pub async fn list_moved(self) -> Result<Vec<(Slug, PostId)>, StoreError> {
        let filter = "begins_with(pk, :prefix) AND attribute_exists(moved_to)";
        let found: Vec<OldSlug> = self.0.scan(filter, keys::SLUG_PREFIX).await?;
        let slugs = found.into_iter().filter_map(|item| {
            let slug = item.pk.strip_prefix(keys::SLUG_PREFIX)?;
            Some((Slug::trusted(slug), item.post_id))
        });
        Ok(slugs.collect())
    }

    /// Makes a slug that is free lead to the one that a post has; says whether it was free.
    ///
    /// # Errors
    /// As any call.
    pub async fn create_moved(
        self,
        slug: &Slug,
        post: &PostId,
        to: &Slug,
    ) -> Result<bool, StoreError> {
        let moved = SlugItem::moved(post, to);
        let write = Write::put_new(self.0, Content, &keys::slug(slug), &moved)?;
        self.0.commit(vec![write]).await
    }
}

impl Store {
    /// The items of the table that a filter with `:prefix` lets through.
    pub(super) async fn scan<T: DeserializeOwned>(
        &self,
        filter: &str,
        prefix: &str,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        let mut start = None;
        loop {
            let prefix = AttributeValue::S(prefix.to_owned());
            let request = self.client.scan().table_name(self.table(Content));
            let request = request.filter_expression(filter);
            let request = request.expression_attribute_values(":prefix", prefix);
            let answer = request.set_exclusive_start_key(start).send().await?;
            for item in answer.items.unwrap_or_default() {
                found.push(serde_dynamo::aws_sdk_dynamodb_1::from_item(item)?);
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(found);
            }
        }
    }
}

impl Redirects<'_> {
    /// Keeps a redirect, in place of another for its path.
    ///
    /// # Errors
    /// As any call.
    pub async fn put(self, redirect: &RedirectItem) -> Result<(), StoreError> {
        let request = self.0.client.put_item().table_name(self.0.table(Content));
        let item = item(&keys::redirect(&redirect.path), redirect)?;
        request.set_item(Some(item)).send().await?;
        Ok(())
    }
}
