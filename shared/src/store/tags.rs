//! Tags, in `content`, with the number of live posts of each.

use serde::Deserialize;

pub use super::tag_items::{NewTag, TagItem};

use super::change::Change;
use super::keys::Key;
use super::propagation::PropagationJob;
use super::rights::{Held, Right};
use super::tag_names::{NameWrite, TagNameItem};
use super::transact::{Condition, ConditionFailed};
use super::{List, SCHEMA_VERSION, Store, StoreError, Write, WriteError, keys};
use crate::http::page::{Page, PageParams};
use crate::model::audit::AuditEntry;
use crate::model::{Slug, TagName, Time};
use crate::permission::Table::Content;

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
    /// Who moves it has lost the right to.
    RightLost,
}

/// One of both, told apart by what only a tag has: the time when it was created.
#[derive(Deserialize)]
#[serde(untagged)]
enum TagOrName {
    Tag(TagItem),
    Name(TagNameItem),
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
        let keys: Vec<Key> = slugs.iter().map(keys::tag).collect();
        self.0.get_many(Content, &keys, true).await
    }

    /// The tags with these slugs and the entries of these names, each in its folded form, in one call.
    pub async fn get_with_names(
        self,
        slugs: &[Slug],
        folded: &[String],
    ) -> Result<(Vec<TagItem>, Vec<TagNameItem>), StoreError> {
        let names = folded.iter().map(|name| keys::tag_name(name));
        let keys: Vec<Key> = slugs.iter().map(keys::tag).chain(names).collect();
        let (mut tags, mut entries) = (Vec::new(), Vec::new());
        for item in self.0.get_many(Content, &keys, true).await? {
            match item {
                TagOrName::Tag(tag) => tags.push(tag),
                TagOrName::Name(entry) => entries.push(entry),
            }
        }
        Ok((tags, entries))
    }

    /// Creates tags with the entries of their names: all of them, or none. Returns `false` if a slug
    /// is taken or an entry has changed since it was read. At most 50.
    pub async fn create(self, tags: &[NewTag]) -> Result<bool, StoreError> {
        let mut writes = Vec::with_capacity(2 * tags.len());
        for NewTag { tag, dead, name } in tags {
            let made = Self::made(tag, dead.as_ref())?;
            writes.push(made.write(self.0, Content, &keys::tag(&tag.slug)));
            if let Some(name) = name {
                writes.push(name.write(self.0)?);
            }
        }
        self.0.commit(writes).await
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
        let change = change.set("slug", &tag.slug)?.set("name", &tag.name)?;
        let change = match &tag.id {
            Some(id) => change.set("id", id)?,
            None => change.remove("id"),
        };
        let change = change.set("description", &tag.description)?.set("version", &tag.version)?;
        change.set("created_at", &tag.created_at)
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
        let change = change.with(":removed", &true)?.remove("removed").remove("id");
        let change = change.add("post_count", 0);
        let change = change.set("schema", &SCHEMA_VERSION)?.set("slug", slug)?;
        let change = change.set("name", &TagName::trusted(slug.as_str()))?;
        let change = change.set("moved_to", to)?.set("created_at", &now)?;
        self.0.change(Content, &keys::tag(slug), change).await
    }

    /// Changes the name and description of a tag, and where names lead. Returns `false` if something
    /// of it has changed since it was read.
    pub async fn update(
        self,
        before: &TagItem,
        tag: &TagItem,
        names: &[NameWrite],
        job: &PropagationJob,
        (right, entry): (&Right, &AuditEntry),
    ) -> Held {
        let change = Self::unchanged(before)?.set("name", &tag.name)?;
        let change = change.set("description", &tag.description)?.set("version", &tag.version)?;
        let mut writes = vec![
            change.write(self.0, Content, &keys::tag(&tag.slug)),
            self.0.propagation_jobs().write(job)?,
            self.0.audit_log().write(entry)?,
        ];
        for name in names {
            writes.push(name.write(self.0)?);
        }
        self.0.commit_by(right, writes).await
    }

    /// A change of a tag, if its name and description have not changed since it was read.
    fn unchanged(tag: &TagItem) -> Result<Change, StoreError> {
        let change = Change::new().only_where(IS_TAG).only_if("name", &tag.name)?;
        change.only_if("description", &tag.description)
    }

    /// Replaces a tag with another. With `new`, creates the other one, which may replace one that
    /// redirects to `free`, and changes where names lead.
    pub async fn move_to(
        self,
        from: &TagItem,
        to: &Slug,
        new: Option<(&TagItem, &Slug, &[NameWrite])>,
        job: &PropagationJob,
        (right, entry): (&Right, &AuditEntry),
    ) -> Result<(), WriteError<NotMoved>> {
        let target = match new {
            Some((tag, free, _)) => {
                Self::made(tag, Some(free))?.write(self.0, Content, &keys::tag(to))
            }
            None => Write::check_that(self.0, Content, &keys::tag(to), Condition::new(IS_TAG)),
        };
        let moved = Self::unchanged(from)?.set("moved_to", to)?;
        let mut writes = vec![
            moved.write(self.0, Content, &keys::tag(&from.slug)),
            target,
            self.0.propagation_jobs().write(job)?,
            self.0.audit_log().write(entry)?,
        ];
        for name in new.iter().flat_map(|(_, _, names)| *names) {
            writes.push(name.write(self.0)?);
        }
        let own = writes.len();
        writes.extend(self.0.checks_of(std::slice::from_ref(right)));
        // The others that can fail are the tag itself and the entries of names.
        let reason = |failed: ConditionFailed| match failed.at(1) {
            true => NotMoved::NoTarget,
            false if (0..own).any(|place| failed.at(place)) => NotMoved::Changed,
            false => NotMoved::RightLost,
        };
        self.0.transact(writes, reason).await
    }

    /// Deletes a tag. Returns `false` if it did not exist.
    pub async fn delete(
        self,
        slug: &Slug,
        job: &PropagationJob,
        (right, entry): (&Right, &AuditEntry),
    ) -> Held {
        let removed = Change::new().only_where(IS_TAG).set("removed", &true)?;
        let writes = vec![
            removed.write(self.0, Content, &keys::tag(slug)),
            self.0.propagation_jobs().write(job)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit_by(right, writes).await
    }
}
