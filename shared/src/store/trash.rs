//! Permanent deletion of trashed posts, in `content`.

use aws_sdk_dynamodb::types::AttributeValue;

use super::keys::Key;
use super::posts::{PostItem, Posts};
use super::transact::Condition;
use super::{List, StoreError, Write, keys};
use crate::http::page::{Page, PageParams};
use crate::model::audit::AuditEntry;
use crate::model::{PostId, PostSummary, Slug};
use crate::permission::Table::Content;

/// A revision, a publication record or a preview link.
#[derive(serde::Deserialize)]
struct Part {
    sk: String,
    /// The slug of the post in this revision.
    #[serde(default)]
    slug: Option<Slug>,
}

impl Posts<'_> {
    /// The trashed posts, oldest first.
    pub async fn list_trash(self, params: &PageParams) -> Result<Page<PostSummary>, StoreError> {
        self.0.page(&List::from_gsi1(Content, keys::TRASH).oldest_first(), params).await
    }

    /// Deletes a trashed post: its parts first and its head last, with the audit entry, so that an
    /// interrupted deletion can be repeated. A post that was restored in between keeps its head.
    pub async fn purge(self, post: &PostItem, entry: &AuditEntry) -> Result<(), StoreError> {
        let id = &post.summary.id;
        let parts = List::from_table(Content, keys::of_post(id));
        let prefixes = [keys::REVISION_PREFIX, keys::PUBLICATION_PREFIX, keys::PREVIEW_LINK_PREFIX];
        for prefix in prefixes {
            let parts = parts.clone().beginning_with(prefix);
            let first = PageParams { limit: 100, cursor: None };
            loop {
                let page: Page<Part> = self.0.page(&parts, &first).await?;
                for part in &page.items {
                    if let Some(slug) = &part.slug {
                        self.free_slug(slug, id).await?;
                    }
                    self.0.delete(Content, &keys::part_of_post(id, &part.sk)).await?;
                }
                if page.next_cursor.is_none() {
                    break;
                }
            }
        }
        let unchanged = Condition::new("version = :version")
            .with(":version", AttributeValue::N(post.summary.version.to_string()));
        let head = Write::delete_if(self.0, Content, &keys::post(id), Some(unchanged));
        // If the condition fails, the post was restored or deleted in between.
        self.0.commit(vec![head, self.0.audit_log().write(entry)?]).await.map(drop)
    }

    /// Frees a slug of the post.
    async fn free_slug(self, slug: &Slug, post: &PostId) -> Result<(), StoreError> {
        let ours = Condition::new("post_id = :post")
            .with(":post", AttributeValue::S(post.as_str().to_owned()));
        self.delete_if(&keys::slug(slug), ours).await
    }

    async fn delete_if(self, key: &Key, condition: Condition) -> Result<(), StoreError> {
        let write = Write::delete_if(self.0, Content, key, Some(condition));
        // If the condition fails, there is nothing to delete.
        self.0.commit(vec![write]).await.map(drop)
    }
}
