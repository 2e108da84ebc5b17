//! The public side of a post transaction: the page under its slug, the rows of the public lists,
//! and the number of live posts of each tag and author.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{WriteConflict, Writes};
use crate::model::{PostId, PublicPost, Slug};
use crate::permission::Table::Content;
use crate::store::change::Change;
use crate::store::live::{LivePlace, SlugItem, row};
use crate::store::posts::PostItem;
use crate::store::tags::IS_TAG;
use crate::store::transact::Condition;
use crate::store::{SCHEMA_VERSION, StoreError, Write, item, keys};

impl Writes<'_> {
    /// Writes the page under its slug and its rows in the public lists, and removes the previous
    /// ones. A previous slug then redirects to the new one.
    pub(super) fn put_page(
        &mut self,
        page: &PublicPost,
        before: Option<&PostItem>,
    ) -> Result<(), StoreError> {
        let (store, id, slug) = (self.store, &page.summary.id, &page.summary.slug);
        let free_or_ours = Condition::new("attribute_not_exists(pk) OR post_id = :post")
            .with(":post", AttributeValue::S(id.as_str().to_owned()));
        let put = item(&keys::slug(slug), &SlugItem::live(page))?;
        self.push(Write::put_if(store, Content, put, Some(free_or_ours)), WriteConflict::SlugTaken);
        let place = LivePlace::new(page, Vec::new());
        for partition in &place.partitions {
            let key = keys::live_row(partition, page.summary.published_at, id);
            self.push(Write::put(store, Content, &key, &row(&page.summary))?, WriteConflict::Stale);
        }
        if let Some(old) = before.and_then(|before| before.live.as_ref()) {
            for partition in &old.partitions {
                let moved = old.published_at != page.summary.published_at;
                if moved || !place.partitions.contains(partition) {
                    let key = keys::live_row(partition, old.published_at, id);
                    self.push(Write::delete(store, Content, &key), WriteConflict::Stale);
                }
            }
        }
        let old = before.and_then(|before| before.last_slug.as_ref());
        if let Some(old) = old.filter(|old| *old != slug) {
            self.lead(id, old, SlugItem::moved(id, slug))?;
        }
        Ok(())
    }

    /// Removes the page and its rows. The post keeps the slug.
    pub(super) fn take_down(&mut self, id: &PostId, place: &LivePlace) -> Result<(), StoreError> {
        self.lead(id, &place.slug, SlugItem::held(id))?;
        for partition in &place.partitions {
            let key = keys::live_row(partition, place.published_at, id);
            self.push(Write::delete(self.store, Content, &key), WriteConflict::Stale);
        }
        Ok(())
    }

    /// Replaces the item under a slug of the post.
    fn lead(&mut self, id: &PostId, slug: &Slug, to: SlugItem) -> Result<(), StoreError> {
        let ours = Condition::new("post_id = :post")
            .with(":post", AttributeValue::S(id.as_str().to_owned()));
        let put = item(&keys::slug(slug), &to)?;
        self.push(Write::put_if(self.store, Content, put, Some(ours)), WriteConflict::Stale);
        Ok(())
    }

    /// Adds the post to the counts of its tags and author, and removes it from previous ones. Pages
    /// are not counted. A tag that stays or comes must not have been renamed or deleted in between, so
    /// that no post stays behind under an old name. Removing the others never fails, so that the count
    /// is right if the slug becomes a tag again.
    pub(super) fn count(
        &mut self,
        before: Option<&LivePlace>,
        after: Option<&LivePlace>,
        page: Option<&PublicPost>,
    ) -> Result<(), StoreError> {
        let store = self.store;
        let before = before.filter(|place| place.is_counted());
        let is_counted = after.is_some_and(LivePlace::is_counted);
        let had = |slug: &Slug| before.is_some_and(|place| place.tags.contains(slug));
        for tag in page.iter().flat_map(|page| &page.summary.tags) {
            let key = keys::tag(&tag.slug);
            let more = i64::from(is_counted) - i64::from(had(&tag.slug));
            let write = if more == 0 {
                let unchanged = "#name = :name AND attribute_not_exists(moved_to) AND \
                                 attribute_not_exists(removed)";
                let unchanged = Condition::new(unchanged)
                    .naming("#name", "name")
                    .with(":name", AttributeValue::S(tag.name.as_str().to_owned()));
                Write::check_that(store, Content, &key, unchanged)
            } else {
                let change = Change::new().add("post_count", more).only_where(IS_TAG);
                change.only_if("name", &tag.name)?.write(store, Content, &key)
            };
            self.push(write, WriteConflict::TagsMoved);
        }
        let has = |slug: &Slug| after.is_some_and(|place| place.tags.contains(slug));
        let gone = before.into_iter().flat_map(|place| &place.tags).filter(|slug| !has(slug));
        for slug in gone {
            let one_less = Change::new().add("post_count", -1);
            let write = one_less.write(store, Content, &keys::tag(slug));
            self.push(write, WriteConflict::TagsMoved);
        }
        let old = before.map(|place| &place.author);
        if let Some(page) = page {
            let author = &page.summary.author;
            let more = i64::from(is_counted) - i64::from(old == Some(&author.slug));
            let change = Change::new().or_create().add("post_count", more);
            let change = change.set("id", &author.id)?.set("name", &author.name)?;
            let change = change.set("slug", &author.slug)?.set("schema", &SCHEMA_VERSION)?;
            let write = change.write(store, Content, &keys::author(&author.slug));
            self.push(write, WriteConflict::Stale);
        }
        let new = page.map(|page| &page.summary.author.slug);
        if let Some(old) = old.filter(|old| Some(*old) != new) {
            let write = Change::new().add("post_count", -1);
            self.push(write.write(store, Content, &keys::author(old)), WriteConflict::Stale);
        }
        Ok(())
    }
}
