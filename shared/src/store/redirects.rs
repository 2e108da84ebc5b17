//! Redirects from former URLs of the publication, in `content`.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::live::{SlugItem, Slugs};
use super::{Store, StoreError, Write, item, keys};
use crate::model::{PostId, Slug, WebUrl, old_path};
use crate::permission::Table::Content;

/// A redirect from a former path. It is kept under the path's normal form ([`old_path::normal`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedirectItem {
    /// The path, with its leading slash.
    pub path: String,
    /// The target.
    pub to: RedirectTarget,
}

/// The target of a redirect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectTarget {
    /// A post, under its current slug.
    Post(PostId),
    /// Another URL.
    Url(WebUrl),
}

/// A former slug of a post.
#[derive(Deserialize)]
struct OldSlug {
    pk: String,
    post_id: PostId,
}

impl RedirectItem {
    /// The longest path, in bytes.
    pub const MAX_PATH: usize = 1024;
}

/// Redirects from paths that the publication had elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Redirects<'a>(pub(super) &'a Store);

impl Redirects<'_> {
    /// The redirect of a path, however it is written.
    pub async fn get(self, path: &str) -> Result<Option<RedirectItem>, StoreError> {
        let normal = old_path::normal(path);
        let found = self.get_exactly(&normal).await?;
        // Until 0.1.0, redirects were kept as the source wrote them.
        if found.is_some() || normal == path { Ok(found) } else { self.get_exactly(path).await }
    }

    async fn get_exactly(self, path: &str) -> Result<Option<RedirectItem>, StoreError> {
        // DynamoDB limits a partition key to 2,048 bytes, so a longer path cannot be stored.
        if path.len() > RedirectItem::MAX_PATH {
            return Ok(None);
        }
        self.0.get_eventually(Content, &keys::redirect(path)).await
    }

    /// All redirects, unordered. Scans the whole table: for maintenance commands only.
    pub async fn list(self) -> Result<Vec<RedirectItem>, StoreError> {
        self.0.scan("begins_with(pk, :prefix)", keys::REDIRECT_PREFIX).await
    }
}

impl Slugs<'_> {
    /// All former slugs and the posts they redirect to, unordered. Scans the whole table, as
    /// [`Redirects::list`] does.
    pub async fn list_moved(self) -> Result<Vec<(Slug, PostId)>, StoreError> {
        let filter = "begins_with(pk, :prefix) AND attribute_exists(moved_to)";
        let found: Vec<OldSlug> = self.0.scan(filter, keys::SLUG_PREFIX).await?;
        let slugs = found.into_iter().filter_map(|item| {
            let slug = item.pk.strip_prefix(keys::SLUG_PREFIX)?;
            Some((Slug::trusted(slug), item.post_id))
        });
        Ok(slugs.collect())
    }

    /// Makes a free slug redirect to a post's current slug. Returns `false` if the slug is taken.
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
    /// All items of `content` that match a filter on `:prefix`.
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
    /// Writes a redirect, replacing any other for its path.
    pub async fn put(self, redirect: &RedirectItem) -> Result<(), StoreError> {
        let redirect =
            RedirectItem { path: old_path::normal(&redirect.path), to: redirect.to.clone() };
        let request = self.0.client.put_item().table_name(self.0.table(Content));
        let item = item(&keys::redirect(&redirect.path), &redirect)?;
        request.set_item(Some(item)).send().await?;
        Ok(())
    }
}
