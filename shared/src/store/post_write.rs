//! Writing posts: one transaction, whatever is done to a post, so that its parts never differ.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{AttributeValue, Update};
use serde::Serialize;

use super::live::{LivePlace, SlugItem, row};
use super::posts::PostItem;
use super::proposals::ProposalItem;
use super::tags::IS_TAG;
use super::transact::Condition;
use super::{Change, Refused, SCHEMA_VERSION, Store, StoreError, Write, item, keys};
use crate::auth::audit::Entry;
use crate::endpoint::Table::Content;
use crate::model::{MediaId, PostId, PostStatus, PublicPost, Publication, Revision, Slug};

/// Everything that happens to a post in one transaction.
pub struct PostWrite<'a> {
    /// The post as it was read; `None` for a new one.
    pub before: Option<&'a PostItem>,
    /// The post as it is to be.
    pub after: &'a PostItem,
    /// A further revision.
    pub revision: Option<&'a Revision>,
    /// What becomes of the page that readers see.
    pub live: Live<'a>,
    /// What to add to the history of what readers saw.
    pub publication: Option<&'a Publication>,
    /// The proposal that is decided with it: as it was, and as it is to be.
    pub proposal: Option<(&'a ProposalItem, &'a ProposalItem)>,
    /// The audit entry.
    pub entry: Option<&'a Entry>,
}

/// What becomes of the page that readers see.
pub enum Live<'a> {
    /// Nothing.
    Stays,
    /// It is this one from now on.
    Becomes(&'a PublicPost),
    /// It is taken down.
    Ends,
}

/// Why a write to a post did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotWritten {
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
    meanings: Vec<NotWritten>,
}

impl Writes<'_> {
    fn push(&mut self, write: Write, refused: NotWritten) {
        self.writes.push(write);
        self.meanings.push(refused);
    }

    /// The first of the refused ones says why.
    fn meaning(meanings: &[NotWritten], refused: &Refused) -> NotWritten {
        let mut places = meanings.iter().enumerate();
        let first = places.find(|(place, _)| refused.names(*place));
        first.map_or(NotWritten::Stale, |(_, meaning)| *meaning)
    }
}

/// A post as it stands in the indexes.
#[derive(Serialize)]
struct Indexed<'a> {
    #[serde(flatten)]
    item: &'a PostItem,
    gsi1pk: &'static str,
    gsi1sk: String,
    gsi2pk: String,
    gsi2sk: String,
    /// The slugs of the tags of the draft and of what is live.
    tag_slugs: Vec<&'a Slug>,
    /// The files that the draft and what is live show.
    media_ids: Vec<&'a MediaId>,
    /// What a search in titles looks at.
    title_lower: String,
}

impl<'a> Indexed<'a> {
    fn new(item: &'a PostItem) -> Self {
        let head = &item.summary;
        let position = keys::position(head.updated_at, &head.id);
        let trashed = head.status == PostStatus::Trashed;
        let live = item.live.iter();
        let tags = head.fields.tags.iter().map(|tag| &tag.slug);
        let tags: BTreeSet<&Slug> = tags.chain(live.clone().flat_map(|live| &live.tags)).collect();
        let media = item.draft_media.iter().chain(live.flat_map(|live| &live.media));
        let media: BTreeSet<&MediaId> = media.collect();
        Self {
            item,
            gsi1pk: if trashed { keys::TRASH } else { keys::POSTS },
            gsi1sk: position.clone(),
            gsi2pk: if trashed {
                keys::trash_of(&head.author.id)
            } else {
                keys::posts_by(&head.author.id)
            },
            gsi2sk: position,
            tag_slugs: tags.into_iter().collect(),
            media_ids: media.into_iter().collect(),
            title_lower: head.fields.title.as_str().to_lowercase(),
        }
    }
}

impl Store {
    /// Does all of a write, or nothing.
    ///
    /// # Errors
    /// As any call.
    pub async fn write_post(
        &self,
        write: &PostWrite<'_>,
    ) -> Result<Result<(), NotWritten>, StoreError> {
        let (id, after) = (&write.after.summary.id, write.after);
        let mut all = Writes { store: self, writes: Vec::new(), meanings: Vec::new() };
        let condition = match write.before {
            None => Condition::new("attribute_not_exists(pk)"),
            Some(before) => Condition::new("version = :version")
                .with(":version", AttributeValue::N(before.summary.version.to_string())),
        };
        let head = item(&keys::post(id), &Indexed::new(after))?;
        all.push(Write::put_if(self, Content, head, Some(condition)), NotWritten::Stale);
        self.move_slug(write, &mut all)?;
        if let Some(revision) = write.revision {
            let key = keys::revision(id, &revision.summary.id);
            all.push(Write::put_new(self, Content, &key, revision)?, NotWritten::Stale);
        }
        match &write.live {
            Live::Stays => {}
            Live::Becomes(page) => {
                let before = write.before.and_then(|before| before.live.as_ref());
                all.put_page(page, write.before)?;
                all.count(before, after.live.as_ref(), Some(page))?;
            }
            Live::Ends => {
                if let Some(before) = write.before.and_then(|before| before.live.as_ref()) {
                    all.take_down(id, before)?;
                    all.count(Some(before), None, None)?;
                }
            }
        }
        if let Some(publication) = write.publication {
            let key = keys::publication(id, &publication.id);
            all.push(Write::put_new(self, Content, &key, publication)?, NotWritten::Stale);
        }
        if let Some((before, after)) = write.proposal {
            all.push(self.decide_proposal(before, after)?, NotWritten::Decided);
        }
        if let Some(entry) = write.entry {
            all.push(self.audit_write(entry)?, NotWritten::Stale);
        }
        let Writes { writes, meanings, .. } = all;
        let outcome = self.transact(writes).await?;
        Ok(outcome.map_err(|refused| Writes::meaning(&meanings, &refused)))
    }

    /// A new slug is held from now on. The old one is let go, unless the post has been live: then
    /// readers may know it.
    fn move_slug(&self, write: &PostWrite<'_>, all: &mut Writes<'_>) -> Result<(), StoreError> {
        let (id, new) = (&write.after.summary.id, &write.after.summary.fields.slug);
        let old = write.before.map(|before| &before.summary.fields.slug);
        // A page that goes live under the slug takes it by itself.
        let is_page = matches!(&write.live, Live::Becomes(page) if page.summary.slug == *new);
        if old != Some(new) && !is_page {
            all.push(self.hold_slug(new, id), NotWritten::SlugTaken);
        }
        if let (Some(old), Some(before)) = (old.filter(|old| *old != new), write.before)
            && before.summary.published_at.is_none()
        {
            all.push(Write::delete(self, Content, &keys::slug(old)), NotWritten::Stale);
        }
        Ok(())
    }

    /// Takes a slug that is free or this post's already. What readers find there stays.
    fn hold_slug(&self, slug: &Slug, post: &PostId) -> Write {
        let update = Update::builder()
            .table_name(self.table(Content))
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

impl Writes<'_> {
    /// The page under its slug and its entries in the public lists. What was live before it goes
    /// away; its slug, if it was another, leads to the new one.
    fn put_page(&mut self, page: &PublicPost, before: Option<&PostItem>) -> Result<(), StoreError> {
        let (store, id, slug) = (self.store, &page.summary.id, &page.summary.slug);
        let free_or_ours = Condition::new("attribute_not_exists(pk) OR post_id = :post")
            .with(":post", AttributeValue::S(id.as_str().to_owned()));
        let put = item(&keys::slug(slug), &SlugItem::live(page))?;
        self.push(Write::put_if(store, Content, put, Some(free_or_ours)), NotWritten::SlugTaken);
        let place = LivePlace::of(page, Vec::new());
        for partition in &place.partitions {
            let key = keys::live_row(partition, page.summary.published_at, id);
            self.push(Write::put(store, Content, &key, &row(&page.summary))?, NotWritten::Stale);
        }
        if let Some(old) = before.and_then(|before| before.live.as_ref()) {
            for partition in &old.partitions {
                let moved = old.published_at != page.summary.published_at;
                if moved || !place.partitions.contains(partition) {
                    let key = keys::live_row(partition, old.published_at, id);
                    self.push(Write::delete(store, Content, &key), NotWritten::Stale);
                }
            }
        }
        let old = before.and_then(|before| before.last_slug.as_ref());
        if let Some(old) = old.filter(|old| *old != slug) {
            self.lead(id, old, SlugItem::moved(id, slug))?;
        }
        Ok(())
    }

    /// Takes the page and its entries away. The slug stays the post's.
    fn take_down(&mut self, id: &PostId, place: &LivePlace) -> Result<(), StoreError> {
        self.lead(id, &place.slug, SlugItem::held(id))?;
        for partition in &place.partitions {
            let key = keys::live_row(partition, place.published_at, id);
            self.push(Write::delete(self.store, Content, &key), NotWritten::Stale);
        }
        Ok(())
    }

    /// Puts something else under a slug of the post's.
    fn lead(&mut self, id: &PostId, slug: &Slug, to: SlugItem) -> Result<(), StoreError> {
        let ours = Condition::new("post_id = :post")
            .with(":post", AttributeValue::S(id.as_str().to_owned()));
        let put = item(&keys::slug(slug), &to)?;
        self.push(Write::put_if(self.store, Content, put, Some(ours)), NotWritten::Stale);
        Ok(())
    }

    /// Counts the post in its tags and its author, and out of those that it had. A tag that was
    /// renamed or removed meanwhile takes in no post, so that none stays behind under an old name;
    /// it lets every post out, so that what it counts is right if its slug is a tag's again.
    fn count(
        &mut self,
        before: Option<&LivePlace>,
        after: Option<&LivePlace>,
        page: Option<&PublicPost>,
    ) -> Result<(), StoreError> {
        let store = self.store;
        let had = |slug: &Slug| before.is_some_and(|place| place.tags.contains(slug));
        for tag in page.iter().flat_map(|page| &page.summary.tags) {
            let key = keys::tag(&tag.slug);
            let write = if had(&tag.slug) {
                let unchanged = "#name = :name AND attribute_not_exists(moved_to) AND \
                                 attribute_not_exists(removed)";
                let unchanged = Condition::new(unchanged)
                    .naming("#name", "name")
                    .with(":name", AttributeValue::S(tag.name.as_str().to_owned()));
                Write::check_that(store, Content, &key, unchanged)
            } else {
                let one_more = Change::new().add("post_count", 1).only_where(IS_TAG);
                one_more.only_if("name", &tag.name)?.write(store, Content, &key)
            };
            self.push(write, NotWritten::TagsMoved);
        }
        let has = |slug: &Slug| after.is_some_and(|place| place.tags.contains(slug));
        let gone = before.into_iter().flat_map(|place| &place.tags).filter(|slug| !has(slug));
        for slug in gone {
            let one_less = Change::new().add("post_count", -1);
            let write = one_less.write(store, Content, &keys::tag(slug));
            self.push(write, NotWritten::TagsMoved);
        }
        let old = before.map(|place| &place.author);
        if let Some(page) = page {
            let author = &page.summary.author;
            let more = i64::from(old != Some(&author.slug));
            let change = Change::new().or_create().add("post_count", more);
            let change = change.set("id", &author.id)?.set("name", &author.name)?;
            let change = change.set("slug", &author.slug)?.set("schema", &SCHEMA_VERSION)?;
            let write = change.write(store, Content, &keys::author(&author.slug));
            self.push(write, NotWritten::Stale);
        }
        let new = page.map(|page| &page.summary.author.slug);
        if let Some(old) = old.filter(|old| Some(*old) != new) {
            let write = Change::new().add("post_count", -1);
            self.push(write.write(store, Content, &keys::author(old)), NotWritten::Stale);
        }
        Ok(())
    }
}
