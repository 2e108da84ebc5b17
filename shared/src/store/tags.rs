//! Tags and authors of published posts, in `content`, with the number of live posts of each.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::keys::Key;
use super::propagation::PropagationJob;
use super::transact::{Condition, ConditionFailed};
use super::{List, SCHEMA_VERSION, Store, StoreError, Write, WriteError, keys};
use crate::http::page::{Page, PageParams};
use crate::model::audit::AuditEntry;
use crate::model::{Description, PublicAuthor, PublicTag, Slug, TagName, Time};
use crate::permission::Table::Content;

/// A stored tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagItem {
    /// The slug.
    pub slug: Slug,
    /// The name.
    pub name: TagName,
    /// The description.
    #[serde(default)]
    pub description: Option<Description>,
    /// How many live posts have this slug. Renaming or deleting the tag does not change it: posts
    /// decrement it as they leave.
    #[serde(default)]
    pub post_count: u64,
    /// When it was created.
    pub created_at: Time,
    /// The tag that replaced it. If set, the other fields are historical.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<Slug>,
    /// Whether it was deleted. The item stays, because posts may still have to decrement its count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// The condition that an item is a current tag: it exists, and was not replaced or deleted.
pub(super) const IS_TAG: &str =
    "attribute_exists(pk) AND attribute_not_exists(moved_to) AND attribute_not_exists(removed)";

/// A filter for lists of tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagFilter {
    /// Every tag.
    All,
    /// Only tags of published posts.
    Live,
}

/// Why a tag was not moved to another slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotMoved {
    /// The tag has changed since it was read.
    Changed,
    /// The target cannot be used: a new slug is taken, or an existing tag is gone.
    NoTarget,
}

impl TagItem {
    /// A tag that no post has yet.
    #[must_use]
    pub fn new(slug: Slug, name: TagName, now: Time) -> Self {
        let (description, post_count, moved_to, removed) = (None, 0, None, false);
        Self { slug, name, description, post_count, created_at: now, moved_to, removed }
    }

    /// Whether it is a current tag: not replaced, not deleted.
    #[must_use]
    pub fn is_tag(&self) -> bool {
        self.moved_to.is_none() && !self.removed
    }

    /// The public representation.
    #[must_use]
    pub fn public(self) -> PublicTag {
        let Self { slug, name, description, post_count, .. } = self;
        PublicTag { slug, name, description, post_count }
    }
}

/// Tags.
#[derive(Clone, Copy, Debug)]
pub struct Tags<'a>(pub(super) &'a Store);

impl Tags<'_> {
    /// A tag, current or replaced; `None` if it was deleted.
    pub async fn get(self, slug: &Slug) -> Result<Option<TagItem>, StoreError> {
        let tag: Option<TagItem> = self.0.get(Content, &keys::tag(slug)).await?;
        Ok(tag.filter(|tag| !tag.removed))
    }

    /// The tags with these slugs, unordered: current, replaced and deleted ones.
    pub async fn get_many(self, slugs: &[Slug]) -> Result<Vec<TagItem>, StoreError> {
        self.0.get_by_slugs(slugs, keys::tag).await
    }
}

/// Authors of published posts.
#[derive(Clone, Copy, Debug)]
pub struct Authors<'a>(pub(super) &'a Store);

impl Authors<'_> {
    /// The authors with these slugs, unordered; missing ones are left out.
    pub async fn get_many(self, slugs: &[Slug]) -> Result<Vec<PublicAuthor>, StoreError> {
        self.0.get_by_slugs(slugs, keys::author).await
    }
}

impl Store {
    pub(super) async fn get_by_slugs<T: DeserializeOwned>(
        &self,
        slugs: &[Slug],
        key: fn(&Slug) -> Key,
    ) -> Result<Vec<T>, StoreError> {
        let keys: Vec<Key> = slugs.iter().map(key).collect();
        self.get_many(Content, &keys, true).await
    }
}

impl Tags<'_> {
    /// Creates a tag. Returns `false` if its slug is taken. A slug that redirects to `dead`, a tag
    /// that no longer exists, is free.
    pub async fn create(self, tag: &TagItem, dead: Option<&Slug>) -> Result<bool, StoreError> {
        let made = Self::made(tag, dead)?;
        self.0.change(Content, &keys::tag(&tag.slug), made).await
    }

    /// Creates a tag if its slug is free or redirects to `free`. Keeps the count.
    fn made(tag: &TagItem, free: Option<&Slug>) -> Result<Change, StoreError> {
        let change = Change::new().or_create();
        let change = match free {
            None => change.only_where("attribute_not_exists(pk) OR removed = :removed"),
            Some(free) => change
                .only_where("attribute_not_exists(pk) OR removed = :removed OR moved_to = :free")
                .with(":free", free)?,
        };
        let change = change.with(":removed", &true)?.remove("moved_to").remove("removed");
        let change = change.add("post_count", 0).set("schema", &SCHEMA_VERSION)?;
        let change = change.set("slug", &tag.slug)?;
        let change = change.set("name", &tag.name)?.set("name_slug", &tag.name.slug())?;
        change.set("description", &tag.description)?.set("created_at", &tag.created_at)
    }

    /// The tag whose name has this slug, whatever its own slug is.
    pub async fn find_by_name(self, name: &Slug) -> Result<Option<TagItem>, StoreError> {
        let list = List::from_table(Content, keys::TAGS).oldest_first();
        let list = list.without("moved_to").without("removed");
        let list = list.only("name_slug", AttributeValue::S(name.as_str().to_owned()));
        let mut params = PageParams { limit: 1, cursor: None };
        loop {
            let page: Page<TagItem> = self.0.page(&list, &params).await?;
            if !page.items.is_empty() || page.next_cursor.is_none() {
                return Ok(page.items.into_iter().next());
            }
            params.cursor = page.next_cursor;
        }
    }

    /// Current tags by slug.
    pub async fn list(
        self,
        filter: TagFilter,
        params: &PageParams,
    ) -> Result<Page<TagItem>, StoreError> {
        let list = List::from_table(Content, keys::TAGS).oldest_first();
        let mut list = list.without("moved_to").without("removed");
        if filter == TagFilter::Live {
            list = list.above("post_count", 0);
        }
        self.0.page(&list, params).await
    }

    /// The replaced tags, by slug.
    pub async fn list_moved(self, params: &PageParams) -> Result<Page<TagItem>, StoreError> {
        let list = List::from_table(Content, keys::TAGS).oldest_first();
        let page: Page<TagItem> = self.0.page(&list.without("removed"), params).await?;
        let items = page.items.into_iter().filter(|tag| tag.moved_to.is_some()).collect();
        Ok(Page { items, next_cursor: page.next_cursor })
    }

    /// Makes a free slug redirect to a tag. Returns `false` if it is taken.
    pub async fn create_moved(self, slug: &Slug, to: &Slug, now: Time) -> Result<bool, StoreError> {
        let change = Change::new().or_create();
        let change = change.only_where("attribute_not_exists(pk) OR removed = :removed");
        let change = change.with(":removed", &true)?.remove("removed").add("post_count", 0);
        let change = change.set("schema", &SCHEMA_VERSION)?.set("slug", slug)?;
        let change = change.set("name", &TagName::trusted(slug.as_str()))?;
        let change = change.set("moved_to", to)?.set("created_at", &now)?;
        self.0.change(Content, &keys::tag(slug), change).await
    }
}

impl Authors<'_> {
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

impl Tags<'_> {
    /// Changes the name and description of a tag. Returns `false` if it has changed since it was
    /// read.
    pub async fn update(
        self,
        before: &TagItem,
        tag: &TagItem,
        job: &PropagationJob,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let change = Self::unchanged(before)?;
        let change = change.set("name", &tag.name)?.set("name_slug", &tag.name.slug())?;
        let change = change.set("description", &tag.description)?;
        let writes = vec![
            change.write(self.0, Content, &keys::tag(&tag.slug)),
            self.0.propagation_jobs().write(job)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await
    }

    /// A change of a tag, if its name and description have not changed since it was read.
    fn unchanged(tag: &TagItem) -> Result<Change, StoreError> {
        let change = Change::new().only_where(IS_TAG).only_if("name", &tag.name)?;
        change.only_if("description", &tag.description)
    }

    /// Replaces a tag with another. With `new`, creates the other one; it may replace one that
    /// redirects to `free`.
    pub async fn move_to(
        self,
        from: &TagItem,
        to: &Slug,
        new: Option<(&TagItem, &Slug)>,
        job: &PropagationJob,
        entry: &AuditEntry,
    ) -> Result<(), WriteError<NotMoved>> {
        let target = match new {
            Some((tag, free)) => {
                Self::made(tag, Some(free))?.write(self.0, Content, &keys::tag(to))
            }
            None => Write::check_that(self.0, Content, &keys::tag(to), Condition::new(IS_TAG)),
        };
        let moved = Self::unchanged(from)?.set("moved_to", to)?;
        let writes = vec![
            moved.write(self.0, Content, &keys::tag(&from.slug)),
            target,
            self.0.propagation_jobs().write(job)?,
            self.0.audit_log().write(entry)?,
        ];
        let reason = |failed: ConditionFailed| match failed.at(0) {
            true => NotMoved::Changed,
            false => NotMoved::NoTarget,
        };
        self.0.transact(writes, reason).await
    }

    /// Deletes a tag. Returns `false` if it did not exist.
    pub async fn delete(
        self,
        slug: &Slug,
        job: &PropagationJob,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let removed = Change::new().only_where(IS_TAG).set("removed", &true)?;
        let writes = vec![
            removed.write(self.0, Content, &keys::tag(slug)),
            self.0.propagation_jobs().write(job)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await
    }
}
