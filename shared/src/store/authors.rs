//! Authors of published posts, in `content`, with the number of live posts of each.

use super::keys::Key;
use super::{List, Store, StoreError, keys};
use crate::http::page::{Page, PageParams};
use crate::model::{PublicAuthor, Slug};
use crate::permission::Table::Content;

/// Authors of published posts.
#[derive(Clone, Copy, Debug)]
pub struct Authors<'a>(pub(super) &'a Store);

impl Authors<'_> {
    /// The authors with these slugs, unordered; missing ones are left out.
    pub async fn get_many(self, slugs: &[Slug]) -> Result<Vec<PublicAuthor>, StoreError> {
        let keys: Vec<Key> = slugs.iter().map(keys::author).collect();
        self.0.get_many(Content, &keys, true).await
    }

    /// The authors of live posts, by slug.
    pub async fn list(self, params: &PageParams) -> Result<Page<PublicAuthor>, StoreError> {
        let list = List::from_table(Content, keys::AUTHORS).oldest_first().above("post_count", 0);
        self.0.page(&list, params).await
    }

    /// An author who has or had live posts.
    pub async fn get(self, slug: &Slug) -> Result<Option<PublicAuthor>, StoreError> {
        self.0.get_eventually(Content, &keys::author(slug)).await
    }
}
