//! Posts in `content`: their heads. [`super::post_transaction`] writes them.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Deserializer, Serialize};

use super::keys::Key;
use super::live::LivePlace;
use super::{Item, List, Store, StoreError, keys};
use crate::http::page::{Page, PageParams};
use crate::model::{
    By, ContentDigest, MediaId, PostId, PostStatus, PostSummary, PostType, Revision, RevisionId,
    Settings, Slug, Time, UserId,
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
    /// The account that approved it. Approvals from before this was recorded have none.
    #[serde(default)]
    pub by: Option<UserId>,
    /// From when on it may be live, if the person who approved it chose a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Time>,
}

impl PostItem {
    /// The account whose approval counts. None if nothing is approved, or if it is not known any more.
    #[must_use]
    pub fn approver(&self) -> Option<&UserId> {
        let approved = self.approved.as_ref()?;
        let told = self.summary.approval.as_ref();
        let told = told.filter(|approval| approval.revision_id == approved.revision_id);
        approved.by.as_ref().or_else(|| told.map(|approval| &approval.by))
    }
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
    /// Only posts, or only pages, by the draft.
    pub post_type: Option<PostType>,
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

impl Posts<'_> {
    /// The heads of these posts, unordered, and the settings if they were ever changed, in one call;
    /// may be slightly out of date. Posts that are gone are left out.
    pub async fn some_with_settings(
        self,
        ids: &BTreeSet<PostId>,
    ) -> Result<(Vec<PostSummary>, Option<Settings>), StoreError> {
        let settings = keys::settings();
        let mut keys: Vec<Key> = ids.iter().map(keys::post).collect();
        keys.push(settings.clone());
        let items = self.0.get_items(Content, &keys, false).await?;
        let settings = settings.attributes();
        let (own, posts): (Vec<Item>, Vec<Item>) = items
            .into_iter()
            .partition(|item| settings.iter().all(|(name, value)| item.get(name) == Some(value)));
        let posts = posts.into_iter().map(serde_dynamo::aws_sdk_dynamodb_1::from_item);
        Ok((posts.collect::<Result<_, _>>()?, super::read(own.into_iter().next())?))
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
        match filter.post_type {
            Some(PostType::Page) => {
                list = list.only("type", AttributeValue::S(PostType::Page.as_str().to_owned()));
            }
            // Posts from before there were pages have no type.
            Some(PostType::Post) => list = list.other_than("type", PostType::Page.as_str()),
            None => {}
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

    /// Whether readers have or had it. A date alone does not say so: a draft can have one for its first publishing.
    #[must_use]
    pub fn was_live(&self) -> bool {
        self.live.is_some() || self.last_slug.is_some()
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
