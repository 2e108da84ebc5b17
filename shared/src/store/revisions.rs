//! Revisions of posts, and the history of what readers saw of them, in `content`.
//! [`super::post_transaction`] writes both.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;

use super::names::{APPROVAL, CREATED_BY, PUBLICATION_BY};
use super::{List, Store, StoreError, keys};
use crate::http::page::{Page, PageParams};
use crate::model::{
    Approval, By, PostId, Publication, Revision, RevisionId, RevisionSummary, Settings, Time,
    UserId,
};
use crate::permission::Table::Content;

/// Revisions of posts.
#[derive(Clone, Copy, Debug)]
pub struct Revisions<'a>(pub(super) &'a Store);

impl Revisions<'_> {
    /// A revision of a post.
    pub async fn get(self, post: &PostId, id: &RevisionId) -> Result<Option<Revision>, StoreError> {
        self.0.get(Content, &keys::revision(post, id)).await
    }

    /// A revision of a post, and the settings if they were ever changed, in one call.
    pub async fn get_with_settings(
        self,
        post: &PostId,
        id: &RevisionId,
    ) -> Result<(Option<Revision>, Option<Settings>), StoreError> {
        self.0.get_both(Content, [keys::revision(post, id), keys::settings()]).await
    }

    /// Removes a user's name from a revision that they made or approved.
    pub async fn forget(self, revision: &RevisionSummary, user: &UserId) -> Result<(), StoreError> {
        let key = keys::revision(&revision.post_id, &revision.id);
        if revision.created_by.user_id == *user {
            self.0.forget(&key, CREATED_BY, user.as_str()).await?;
        }
        if revision.approval.as_ref().is_some_and(|approval| approval.by == *user) {
            self.0.forget(&key, APPROVAL, user.as_str()).await?;
        }
        Ok(())
    }

    /// The revisions of a post, newest first.
    pub async fn list(
        self,
        post: &PostId,
        params: &PageParams,
    ) -> Result<Page<RevisionSummary>, StoreError> {
        let list = List::from_table(Content, keys::of_post(post));
        self.0.page(&list.beginning_with(keys::REVISION_PREFIX), params).await
    }
}

/// Where a revision comes from.
#[derive(Clone, Debug, Deserialize)]
pub struct RevisionOrigin {
    /// The revision that it was made from; `None` for the first.
    pub parent_id: Option<RevisionId>,
    /// Who made it.
    pub created_by: By,
    /// When it was made.
    pub created_at: Time,
    /// Whether a person made it who had the right to publish.
    #[serde(default)]
    pub by_publisher: bool,
    /// The approval, if it was proposed.
    #[serde(default)]
    pub approval: Option<Approval>,
}

impl Revisions<'_> {
    /// Where the newest revisions of a post come from, by id. At most `limit` of them are read, and
    /// without their texts.
    pub async fn origins(
        self,
        post: &PostId,
        limit: usize,
    ) -> Result<HashMap<RevisionId, RevisionOrigin>, StoreError> {
        #[derive(Deserialize)]
        struct Row {
            id: RevisionId,
            #[serde(flatten)]
            origin: RevisionOrigin,
        }
        let mut origins = HashMap::new();
        let mut start = None;
        loop {
            let missing = i32::try_from(limit - origins.len()).unwrap_or(i32::MAX);
            let answer = self
                .0
                .client
                .query()
                .table_name(self.0.table(Content))
                .key_condition_expression("pk = :post AND begins_with(sk, :revision)")
                .expression_attribute_values(":post", AttributeValue::S(keys::of_post(post)))
                .expression_attribute_values(
                    ":revision",
                    AttributeValue::S(keys::REVISION_PREFIX.to_owned()),
                )
                .projection_expression(
                    "id, parent_id, created_by, created_at, by_publisher, approval",
                )
                .scan_index_forward(false)
                .consistent_read(true)
                .limit(missing)
                .set_exclusive_start_key(start)
                .send()
                .await?;
            for item in answer.items.unwrap_or_default() {
                let row: Row = serde_dynamo::aws_sdk_dynamodb_1::from_item(item)?;
                origins.insert(row.id, row.origin);
            }
            start = answer.last_evaluated_key;
            if start.is_none() || origins.len() >= limit {
                return Ok(origins);
            }
        }
    }
}

/// The history of what readers saw of a post.
#[derive(Clone, Copy, Debug)]
pub struct Publications<'a>(pub(super) &'a Store);

impl Publications<'_> {
    /// Removes a user's name from an entry of theirs.
    pub async fn forget(
        self,
        post: &PostId,
        entry: &Publication,
        user: &UserId,
    ) -> Result<(), StoreError> {
        self.0.forget(&keys::publication(post, &entry.id), PUBLICATION_BY, user.as_str()).await
    }

    /// The publications of a post, newest first.
    pub async fn list(
        self,
        post: &PostId,
        params: &PageParams,
    ) -> Result<Page<Publication>, StoreError> {
        let list = List::from_table(Content, keys::of_post(post));
        self.0.page(&list.beginning_with(keys::PUBLICATION_PREFIX), params).await
    }
}
