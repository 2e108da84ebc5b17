//! Writing posts: every change of a post is one transaction, so that its parts never disagree.

mod indexed;
mod page;

use aws_sdk_dynamodb::types::{AttributeValue, Update};

use self::indexed::Indexed;
use super::media::MediaItem;
use super::posts::{PostItem, Posts};
use super::propagation::PropagationJob;
use super::proposals::Deciding;
use super::rights::Right;
use super::transact::{Condition, ConditionFailed};
use super::{SCHEMA_VERSION, Store, StoreError, Write, WriteError, item, keys};
use crate::model::audit::AuditEntry;
use crate::model::{News, PostId, PublicPost, Publication, Revision, Slug, UserId};
use crate::permission::Table::{Content, Identity};

/// One change of a post.
pub struct PostTransaction<'a> {
    /// The post as it was read; `None` creates it.
    pub before: Option<&'a PostItem>,
    /// The new state of the post.
    pub after: &'a PostItem,
    /// A new revision.
    pub revision: Option<&'a Revision>,
    /// Another new revision, which `revision` was made from: a proposal that is approved with edits.
    pub base: Option<&'a Revision>,
    /// The change of the public page.
    pub live: LiveChange<'a>,
    /// A new record in the history of publications.
    pub publication: Option<&'a Publication>,
    /// The proposal that this decides.
    pub proposal: Option<Deciding<'a>>,
    /// The rights that it rests on.
    pub rights: &'a [Right],
    /// The account whose name a new post is signed with: it must still be there, or its erasure could miss the post.
    pub signed_by: Option<&'a UserId>,
    /// What people are told of it.
    pub news: Option<&'a News>,
    /// What has to follow it.
    pub job: Option<&'a PropagationJob>,
    /// The audit entry.
    pub entry: Option<&'a AuditEntry>,
}

impl<'a> PostTransaction<'a> {
    /// A change of the head only.
    #[must_use]
    pub fn new(before: Option<&'a PostItem>, after: &'a PostItem) -> Self {
        Self {
            before,
            after,
            revision: None,
            base: None,
            live: LiveChange::Keep,
            publication: None,
            proposal: None,
            rights: &[],
            signed_by: None,
            news: None,
            job: None,
            entry: None,
        }
    }

    /// The new state with everyone whom this write names.
    fn with_people(&self) -> PostItem {
        let mut after = self.after.clone();
        for revision in self.base.into_iter().chain(self.revision) {
            let summary = &revision.summary;
            after.people.insert(summary.created_by.user_id.clone());
            after.people.extend(summary.approval.as_ref().map(|approval| approval.by.clone()));
        }
        let people = [
            self.publication.map(|publication| &publication.by.user_id),
            self.after.scheduled_by.as_ref().map(|by| &by.user_id),
        ];
        after.people.extend(people.into_iter().flatten().cloned());
        after
    }
}

/// The change of the public page of a post.
pub enum LiveChange<'a> {
    /// Leave it as it is.
    Keep,
    /// Replace it with this page.
    Publish {
        /// The page.
        page: &'a PublicPost,
        /// The file of its cover, where it was read anew for this page: nobody may have described it
        /// anew since.
        cover: Option<&'a MediaItem>,
    },
    /// Remove it.
    Unpublish,
}

impl<'a> LiveChange<'a> {
    /// Replaces the page with one that has the cover and its words as they were on it.
    #[must_use]
    pub fn with_same_cover(page: &'a PublicPost) -> Self {
        Self::Publish { page, cover: None }
    }
}

/// Which condition of a post transaction failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteConflict {
    /// The post has another version than the one that was read.
    Stale,
    /// Another post has the slug.
    SlugTaken,
    /// A tag was renamed or deleted in between.
    TagsMoved,
    /// The cover was described anew, or is being deleted.
    CoverChanged,
    /// The proposal was already decided.
    Decided,
    /// An account has no longer a right that the change rests on.
    RightLost,
    /// The account whose name the post is signed with was deleted.
    AuthorGone,
}

/// The writes of a transaction, each with the conflict that its failed condition means.
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

    /// Holds the accounts to their rights, and the author's to be there.
    fn hold(&mut self, rights: &[Right], signed_by: Option<&UserId>) {
        for check in self.store.checks_of(rights) {
            self.push(check, WriteConflict::RightLost);
        }
        // Who has a right is there.
        let is_held = |id: &&UserId| rights.iter().any(|right| right.user_id == **id);
        if let Some(id) = signed_by.filter(|id| !is_held(id)) {
            let there = Condition::new("attribute_exists(pk)");
            let check = Write::check_that(self.store, Identity, &keys::user(id), there);
            self.push(check, WriteConflict::AuthorGone);
        }
    }
}

impl Posts<'_> {
    /// Writes all of a change, or nothing.
    pub async fn write(self, write: &PostTransaction<'_>) -> Result<(), WriteError<WriteConflict>> {
        let after = &write.with_people();
        let id = &after.summary.id;
        let mut all = Writes { store: self.0, writes: Vec::new(), conflicts: Vec::new() };
        let condition = match write.before {
            None => Condition::new("attribute_not_exists(pk)"),
            Some(before) => Condition::new("version = :version")
                .with(":version", AttributeValue::N(before.summary.version.to_string())),
        };
        let head = item(&keys::post(id), &Indexed::new(after))?;
        all.push(Write::put_if(self.0, Content, head, Some(condition)), WriteConflict::Stale);
        self.move_slug(write, &mut all)?;
        for revision in write.base.into_iter().chain(write.revision) {
            let key = keys::revision(id, &revision.summary.id);
            all.push(Write::put_new(self.0, Content, &key, revision)?, WriteConflict::Stale);
        }
        match &write.live {
            LiveChange::Keep => {}
            LiveChange::Publish { page, cover } => {
                let before = write.before.and_then(|before| before.live.as_ref());
                all.put_page(page, write.before)?;
                all.count(before, after.live.as_ref(), Some(page))?;
                if let Some(cover) = cover {
                    all.push(self.0.media().is_as_read(cover), WriteConflict::CoverChanged);
                }
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
        if let Some(decision) = write.proposal {
            for write in self.0.proposals().decide_writes(decision)? {
                all.push(write, WriteConflict::Decided);
            }
        }
        if let Some(news) = write.news {
            all.push(self.0.news().write(news)?, WriteConflict::Stale);
        }
        if let Some(job) = write.job {
            all.push(self.0.propagation_jobs().write(job)?, WriteConflict::Stale);
        }
        if let Some(entry) = write.entry {
            all.push(self.0.audit_log().write(entry)?, WriteConflict::Stale);
        }
        all.hold(write.rights, write.signed_by);
        let Writes { writes, conflicts, .. } = all;
        let first = |failed: ConditionFailed| {
            let mut conflicts = conflicts.iter().enumerate();
            let first = conflicts.find(|(index, _)| failed.at(*index));
            first.map_or(WriteConflict::Stale, |(_, conflict)| *conflict)
        };
        self.0.transact(writes, first).await
    }

    /// Takes the new slug and frees the old one. The old one stays taken if readers know it (the
    /// post was published), or may soon (it is scheduled or approved).
    fn move_slug(
        self,
        write: &PostTransaction<'_>,
        all: &mut Writes<'_>,
    ) -> Result<(), StoreError> {
        let (id, new) = (&write.after.summary.id, &write.after.summary.fields.slug);
        let old = write.before.map(|before| &before.summary.fields.slug);
        // Publishing a page under the slug takes it.
        let is_page =
            matches!(&write.live, LiveChange::Publish { page, .. } if page.summary.slug == *new);
        if old != Some(new) && !is_page {
            all.push(self.hold_slug(new, id), WriteConflict::SlugTaken);
        }
        if let (Some(old), Some(before)) = (old.filter(|old| *old != new), write.before)
            && before.summary.published_at.is_none()
            && !before.was_live()
            && before.summary.schedule.is_none()
            && before.approved.is_none()
        {
            all.push(Write::delete(self.0, Content, &keys::slug(old)), WriteConflict::Stale);
        }
        Ok(())
    }

    /// Takes a slug that is free or belongs to this post. Keeps what readers find there.
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
