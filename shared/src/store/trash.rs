//! Emptying the trash, in `content`.

use aws_sdk_dynamodb::types::AttributeValue;

use super::posts::PostItem;
use super::transact::Condition;
use super::{List, Store, StoreError, Write, keys};
use crate::endpoint::Table::Content;
use crate::http::page::{Page, PageParams};
use crate::http::problem::Problem;
use crate::model::{PostSummary, Slug};

#[derive(serde::Deserialize)]
struct SortKey {
    sk: String,
}

impl Store {
    /// The posts in the trash, the longest there first.
    ///
    /// # Errors
    /// As any list.
    pub async fn trash(&self, params: &PageParams) -> Result<Page<PostSummary>, Problem> {
        self.page(&List::of_gsi1(Content, keys::TRASH).oldest_first(), params).await
    }

    /// Removes a post that is in the trash and everything of it: its parts first and its head last,
    /// so that what is cut off can be begun again. Nothing happens to one that was taken out.
    ///
    /// # Errors
    /// As any list.
    pub async fn purge_post(&self, post: &PostItem) -> Result<(), Problem> {
        let id = &post.summary.id;
        let parts = List::of_table(Content, keys::of_post(id));
        for prefix in [keys::REVISION_PREFIX, keys::PUBLICATION_PREFIX] {
            let parts = parts.clone().beginning_with(prefix);
            let first = PageParams { limit: 100, cursor: None };
            loop {
                let page: Page<SortKey> = self.page(&parts, &first).await?;
                for part in &page.items {
                    self.delete(Content, &keys::part_of_post(id, &part.sk)).await?;
                }
                if page.next_cursor.is_none() {
                    break;
                }
            }
        }
        let slugs: Vec<&Slug> =
            std::iter::once(&post.summary.fields.slug).chain(&post.last_slug).collect();
        let text = AttributeValue::S(id.as_str().to_owned());
        let mut writes = Vec::new();
        let unchanged = Condition::new("version = :version")
            .with(":version", AttributeValue::N(post.summary.version.to_string()));
        writes.push(Write::delete_if(self, Content, &keys::post(id), Some(unchanged)));
        for (place, slug) in slugs.iter().enumerate() {
            if slugs[..place].contains(slug) {
                continue;
            }
            let ours = Condition::new("attribute_not_exists(pk) OR post_id = :post");
            let ours = ours.with(":post", text.clone());
            writes.push(Write::delete_if(self, Content, &keys::slug(slug), Some(ours)));
        }
        let purged: Result<_, StoreError> = self.transact(writes).await;
        // Refused: it was taken out in the meantime, or purged.
        purged?.or(Ok(()))
    }
}
