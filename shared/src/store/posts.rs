//! Posts in `content`: heads, revisions and the history of publications.
//! [`super::post_transaction`] writes them.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Deserializer, Serialize};

use super::live::LivePlace;
use super::names::{APPROVAL, CREATED_BY, PUBLICATION_BY};
use super::{List, Store, StoreError, keys};
use crate::http::page::{Page, PageParams};
use crate::model::{
    Approval, By, ContentDigest, MediaId, PostId, PostStatus, PostSummary, Publication, Revision,
    RevisionId, RevisionSummary, Settings, Slug, Time, UserId,
};
use crate::permission::Table::Content;

/// The head of a post: its current state.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PostItem {
    /// The fields of the API.
    #[serde(flatten)]
    pub summary: PostSummary,
    /// Where it is published; needed to unpublish it.
    pub live: Option<LivePlace>,
    /// The slug under which it was last published.
    #[serde(default)]
    pub last_slug: Option<Slug>,
    /// What a person with the right to publish approved last.
    #[serde(default, deserialize_with = "with_content")]
    pub approved: Option<Approved>,
    /// Who scheduled it.
    #[serde(default)]
    pub scheduled_by: Option<By>,
    /// What readers would have got of the scheduled revision when it was scheduled. Schedules from
    /// before this was recorded have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_content: Option<ContentDigest>,
    /// The files in the latest revision.
    #[serde(default)]
    pub draft_media: Vec<MediaId>,
    /// The files in the scheduled revision, if there is a schedule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scheduled_media: Vec<MediaId>,
    /// Everyone whom its revisions and its history name, so that a deleted account's name is found
    /// there. Each write adds to it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub people: BTreeSet<UserId>,
}

/// An approval: of one revision, and of what readers would get of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The revision.
    pub revision_id: RevisionId,
    /// What was shown as what readers would get.
    pub content: ContentDigest,
}

/// Reads an approval. One that is a revision's id alone is from before content was recorded: it
/// says nothing about what was shown, so it counts for none.
fn with_content<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Approved>, D::Error> {
    let stored = Option::<serde_json::Value>::deserialize(from)?;
    Ok(stored.and_then(|stored| serde_json::from_value(stored).ok()))
}

/// A filter for lists of posts.
#[derive(Clone, Debug, Default)]
pub struct PostFilter {
    /// Only posts of this author.
    pub author: Option<UserId>,
    /// Only posts with this status. Default: every status but trashed.
    pub status: Option<PostStatus>,
    /// Only posts whose draft or live revision has this tag.
    pub tag: Option<Slug>,
    /// Only posts whose revisions or history name this account.
    pub person: Option<UserId>,
    /// Only posts whose title contains this, ignoring case.
    pub title: Option<String>,
    /// Whether the least recently changed come first.
    pub oldest_first: bool,
}

/// Posts, live or not.
#[derive(Clone, Copy, Debug)]
pub struct Posts<'a>(pub(super) &'a Store);

impl Posts<'_> {
    /// The head of a post.
    pub async fn get(self, id: &PostId) -> Result<Option<PostItem>, StoreError> {
        self.0.get(Content, &keys::post(id)).await
    }

    /// The head of a post and one of its revisions, in one call.
    pub async fn get_with_revision(
        self,
        id: &PostId,
        revision: &RevisionId,
    ) -> Result<(Option<PostItem>, Option<Revision>), StoreError> {
        self.0.get_both(Content, [keys::post(id), keys::revision(id, revision)]).await
    }
}

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
            self.0.forget(&key, CREATED_BY, user).await?;
        }
        if revision.approval.as_ref().is_some_and(|approval| approval.by == *user) {
            self.0.forget(&key, APPROVAL, user).await?;
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
        self.0.forget(&keys::publication(post, &entry.id), PUBLICATION_BY, user).await
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

impl Posts<'_> {
    /// The posts that match a filter, most recently changed first.
    pub async fn list(
        self,
        filter: &PostFilter,
        params: &PageParams,
    ) -> Result<Page<PostSummary>, StoreError> {
        let trashed = filter.status == Some(PostStatus::Trashed);
        let mut list = match &filter.author {
            Some(author) if trashed => List::from_gsi2(Content, keys::trash_of(author)),
            Some(author) => List::from_gsi2(Content, keys::posts_by(author)),
            None if trashed => List::from_gsi1(Content, keys::TRASH),
            None => List::from_gsi1(Content, keys::POSTS),
        };
        if let Some(status) = filter.status.filter(|_| !trashed) {
            list = list.only("status", AttributeValue::S(status.as_str().to_owned()));
        }
        if let Some(tag) = &filter.tag {
            list = list.containing("tag_slugs", tag.as_str());
        }
        if let Some(person) = &filter.person {
            list = list.containing("people", person.as_str());
        }
        if let Some(title) = &filter.title {
            list = list.containing("title_lower", title.to_lowercase());
        }
        if filter.oldest_first {
            list = list.oldest_first();
        }
        self.0.page(&list, params).await
    }
}

impl PostItem {
    /// The status, derived from the other fields.
    #[must_use]
    pub fn status(&self) -> PostStatus {
        match (&self.summary.trashed_at, &self.live, &self.summary.schedule) {
            (Some(_), _, _) => PostStatus::Trashed,
            (None, Some(_), _) => PostStatus::Published,
            (None, None, Some(_)) => PostStatus::Scheduled,
            (None, None, None) => PostStatus::Draft,
        }
    }

    /// A copy with the next version, changed at `now`.
    #[must_use]
    pub fn next(&self, now: Time) -> Self {
        let mut next = self.clone();
        next.summary.version += 1;
        next.summary.updated_at = now;
        next
    }
}
