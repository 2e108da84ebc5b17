//! Writing posts: one transaction, whatever is done to a post, so that its parts never differ.

mod indexed;
mod page;

use aws_sdk_dynamodb::types::{AttributeValue, Update};

use self::indexed::Indexed;
use super::posts::{PostItem, Posts};
use super::proposals::ProposalItem;
use super::transact::{Condition, ConditionFailed};
use super::{SCHEMA_VERSION, Store, StoreError, Write, WriteError, item, keys};
use crate::auth::audit::Entry;
use crate::endpoint::Table::Content;
use crate::model::{PostId, PublicPost, Publication, Revision, Slug};

/// Everything that happens to a post in one transaction.
pub struct PostTransaction<'a> {
    /// The post as it was read; `None` for a new one.
    pub before: Option<&'a PostItem>,
    /// The post as it is to be.
    pub after: &'a PostItem,
    /// A further revision.
    pub revision: Option<&'a Revision>,
    /// What becomes of the page that readers see.
    pub live: LiveChange<'a>,
    /// What to add to the history of what readers saw.
    pub publication: Option<&'a Publication>,
    /// The proposal that is decided with it: as it was, and as it is to be.
    pub proposal: Option<(&'a ProposalItem, &'a ProposalItem)>,
    /// The audit entry.
    pub entry: Option<&'a Entry>,
}

impl<'a> PostTransaction<'a> {
    /// A write of the head alone.
    #[must_use]
    pub fn new(before: Option<&'a PostItem>, after: &'a PostItem) -> Self {
        let (revision, publication, proposal, entry) = (None, None, None, None);
        Self { before, after, revision, live: LiveChange::Keep, publication, proposal, entry }
    }
}

/// What becomes of the page that readers see.
pub enum LiveChange<'a> {
    /// Nothing.
    Keep,
    /// It is this one from now on.
    Publish(&'a PublicPost),
    /// It is taken down.
    Unpublish,
}

/// Why a write to a post did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteConflict {
    /// Its version is another one by now.
    Stale,
    /// Another post holds the slug.
    SlugTaken,
    /// A tag was renamed or removed in the meantime.
    TagsMoved,
    /// The proposal has been decided.
    Decided,
}

/// The writes of a transaction, each with what it means if its condition does not hold.
struct Writes<'a> {
    store: &'a Store,
    writes: Vec<Write>,
    conflicts: Vec<WriteConflict>,
}

impl Writes<'_> {
    fn push(&mut self, write: Write, conflict: WriteConflict) {
        self.writes.push(write);
        self.conflicts.push(conflict);
    }
}

impl Posts<'_> {
    /// Does all of a write, or nothing.
    ///
    /// # Errors
    /// As any call.
    pub async fn write(self, write: &PostTransaction<'_>) -> Result<(), WriteError<WriteConflict>> {
        let (id, after) = (&write.after.summary.id, write.after);
        let mut all = Writes { store: self.0, writes: Vec::new(), conflicts: Vec::new() };
        let condition = match write.before {
            None => Condition::new("attribute_not_exists(pk)"),
            Some(before) => Condition::new("version = :version")
                .with(":version", AttributeValue::N(before.summary.version.to_string())),
        };
        let head = item(&keys::post(id), &Indexed::new(after))?;
        all.push(Write::put_if(self.0, Content, head, Some(condition)), WriteConflict::Stale);
        self.move_slug(write, &mut all)?;
        if let Some(revision) = write.revision {
            let key = keys::revision(id, &revision.summary.id);
            all.push(Write::put_new(self.0, Content, &key, revision)?, WriteConflict::Stale);
        }
        match &write.live {
            LiveChange::Keep => {}
            LiveChange::Publish(page) => {
                let before = write.before.and_then(|before| before.live.as_ref());
                all.put_page(page, write.before)?;
                all.count(before, after.live.as_ref(), Some(page))?;
            }
            LiveChange::Unpublish => {
                if let Some(before) = write.before.and_then(|before| before.live.as_ref()) {
                    all.take_down(id, before)?;
                    all.count(Some(before), None, None)?;
                }
            }
        }
        if let Some(publication) = write.publication {
            let key = keys::publication(id, &publication.id);
            all.push(Write::put_new(self.0, Content, &key, publication)?, WriteConflict::Stale);
        }
        if let Some((before, after)) = write.proposal {
            all.push(self.0.proposals().decide_write(before, after)?, WriteConflict::Decided);
        }
        if let Some(entry) = write.entry {
            all.push(self.0.audit_log().write(entry)?, WriteConflict::Stale);
        }
        let Writes { writes, conflicts, .. } = all;
        let first = |failed: ConditionFailed| {
            let mut conflicts = conflicts.iter().enumerate();
            let first = conflicts.find(|(index, _)| failed.at(*index));
            first.map_or(WriteConflict::Stale, |(_, conflict)| *conflict)
        };
        self.0.transact(writes, first).await
    }

    /// A new slug is held from now on. The old one is let go, unless readers may know it, as the
    /// post has been live, or are about to, as a revision with it is to go live or may.
    fn move_slug(
        self,
        write: &PostTransaction<'_>,
        all: &mut Writes<'_>,
    ) -> Result<(), StoreError> {
        let (id, new) = (&write.after.summary.id, &write.after.summary.fields.slug);
        let old = write.before.map(|before| &before.summary.fields.slug);
        // A page that goes live under the slug takes it by itself.
        let is_page = matches!(&write.live, LiveChange::Publish(page) if page.summary.slug == *new);
        if old != Some(new) && !is_page {
            all.push(self.hold_slug(new, id), WriteConflict::SlugTaken);
        }
        if let (Some(old), Some(before)) = (old.filter(|old| *old != new), write.before)
            && before.summary.published_at.is_none()
            && before.summary.schedule.is_none()
            && before.approved.is_none()
        {
            all.push(Write::delete(self.0, Content, &keys::slug(old)), WriteConflict::Stale);
        }
        Ok(())
    }

    /// Takes a slug that is free or this post's already. What readers find there stays.
    fn hold_slug(self, slug: &Slug, post: &PostId) -> Write {
        let update = Update::builder()
            .table_name(self.0.table(Content))
            .set_key(Some(keys::slug(slug).attributes()))
            .update_expression("SET post_id = :post, #schema = :schema")
            .condition_expression("attribute_not_exists(pk) OR post_id = :post")
            .expression_attribute_names("#schema", "schema")
            .expression_attribute_values(":post", AttributeValue::S(post.as_str().to_owned()))
            .expression_attribute_values(":schema", AttributeValue::N(SCHEMA_VERSION.to_string()))
            .build()
            .expect("the table, key and expression are given");
        Write::update(update)
    }
}
