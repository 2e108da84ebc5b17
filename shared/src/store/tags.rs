//! Tags and the authors of published posts, in `content`, with how many live posts each has.

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::keys::Key;
use super::transact::Condition;
use super::upkeep::UpkeepItem;
use super::{Change, List, Refused, Store, StoreError, Write, item, keys};
use crate::auth::audit::Entry;
use crate::endpoint::Table::Content;
use crate::http::page::{Page, PageParams};
use crate::http::problem::Problem;
use crate::model::{Description, PublicAuthor, PublicTag, Slug, TagName, Time};

/// A stored tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagItem {
    /// Its slug.
    pub slug: Slug,
    /// Its name.
    pub name: TagName,
    /// What it is about.
    #[serde(default)]
    pub description: Option<Description>,
    /// How many live posts carry it.
    #[serde(default)]
    pub post_count: u64,
    /// When it was made.
    pub created_at: Time,
    /// The tag that it became; then all else is of the past.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<Slug>,
}

impl TagItem {
    /// A tag that no post carries yet.
    #[must_use]
    pub fn new(slug: Slug, name: TagName, now: Time) -> Self {
        Self { slug, name, description: None, post_count: 0, created_at: now, moved_to: None }
    }

    /// It as readers see it.
    #[must_use]
    pub fn public(self) -> PublicTag {
        let Self { slug, name, description, post_count, .. } = self;
        PublicTag { slug, name, description, post_count }
    }
}

/// DynamoDB reads this many items in one batch.
const BATCH: usize = 100;

impl Store {
    /// A tag, or what it became.
    ///
    /// # Errors
    /// As any call.
    pub async fn tag(&self, slug: &Slug) -> Result<Option<TagItem>, StoreError> {
        self.get(Content, &keys::tag(slug)).await
    }

    /// The tags with these slugs, as many as there are, in no order.
    ///
    /// # Errors
    /// As any call.
    pub async fn tags_named(&self, slugs: &[Slug]) -> Result<Vec<TagItem>, StoreError> {
        self.named(slugs, keys::tag).await
    }

    /// The authors with these slugs, as many as there are, in no order.
    ///
    /// # Errors
    /// As any call.
    pub async fn authors_named(&self, slugs: &[Slug]) -> Result<Vec<PublicAuthor>, StoreError> {
        self.named(slugs, keys::author).await
    }

    async fn named<T: DeserializeOwned>(
        &self,
        slugs: &[Slug],
        key: fn(&Slug) -> Key,
    ) -> Result<Vec<T>, StoreError> {
        let table = self.table(Content).to_owned();
        let mut found = Vec::with_capacity(slugs.len());
        for slugs in slugs.chunks(BATCH) {
            let keys = slugs.iter().map(|slug| key(slug).attributes()).collect();
            let wanted = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true);
            let wanted = wanted.build().expect("the keys are given");
            let mut wanted = Some((table.clone(), wanted));
            while let Some((table, keys)) = wanted.take() {
                let request = self.client.batch_get_item().request_items(table, keys);
                let answer = request.send().await?;
                let items = answer.responses.into_iter().flatten().flat_map(|(_, items)| items);
                for item in items {
                    found.push(serde_dynamo::aws_sdk_dynamodb_1::from_item(item)?);
                }
                // What a busy table left out is asked for again.
                wanted = answer.unprocessed_keys.into_iter().flatten().next();
            }
        }
        Ok(found)
    }

    /// Keeps a new tag; says whether its slug was free.
    ///
    /// # Errors
    /// As any call.
    pub async fn put_tag(&self, tag: &TagItem) -> Result<bool, StoreError> {
        self.put_new(Content, &keys::tag(&tag.slug), tag).await
    }

    /// All tags by slug, without those that became others; with `used`, those that live posts
    /// carry.
    ///
    /// # Errors
    /// As any list.
    pub async fn tags(&self, used: bool, params: &PageParams) -> Result<Page<TagItem>, Problem> {
        let mut list = List::of_table(Content, keys::TAGS).oldest_first().without("moved_to");
        if used {
            list = list.above("post_count", 0);
        }
        self.page(&list, params).await
    }

    /// The authors of live posts, by slug.
    ///
    /// # Errors
    /// As any list.
    pub async fn authors(&self, params: &PageParams) -> Result<Page<PublicAuthor>, Problem> {
        let list = List::of_table(Content, keys::AUTHORS).oldest_first().above("post_count", 0);
        self.page(&list, params).await
    }

    /// An author who has or had live posts.
    ///
    /// # Errors
    /// As any call.
    pub async fn author(&self, slug: &Slug) -> Result<Option<PublicAuthor>, StoreError> {
        self.get_eventually(Content, &keys::author(slug)).await
    }

    /// Changes the name and description of a tag, if it is still there; says whether it was.
    ///
    /// # Errors
    /// As any call.
    pub async fn describe_tag(
        &self,
        tag: &TagItem,
        upkeep: &UpkeepItem,
        entry: &Entry,
    ) -> Result<bool, StoreError> {
        let change = Change::new().only_if_absent("moved_to").set("name", &tag.name)?;
        let change = change.set("description", &tag.description)?;
        let writes = vec![
            change.write(self, Content, &keys::tag(&tag.slug)),
            self.upkeep_write(upkeep)?,
            self.audit_write(entry)?,
        ];
        Ok(self.transact(writes).await?.is_ok())
    }

    /// Makes a tag lead to another; with `new`, to one that is made with it.
    ///
    /// # Errors
    /// As any call.
    pub async fn move_tag(
        &self,
        from: &Slug,
        to: &Slug,
        new: Option<&TagItem>,
        upkeep: &UpkeepItem,
        entry: &Entry,
    ) -> Result<Result<(), Refused>, StoreError> {
        let target = match new {
            Some(tag) => {
                // A slug that led here may be taken back.
                let free = Condition::new("attribute_not_exists(pk) OR moved_to = :from")
                    .with(":from", AttributeValue::S(from.as_str().to_owned()));
                Write::put_if(self, Content, item(&keys::tag(to), tag)?, Some(free))
            }
            None => {
                let there = "attribute_exists(pk) AND attribute_not_exists(moved_to)";
                Write::check_that(self, Content, &keys::tag(to), Condition::new(there))
            }
        };
        let moved = Change::new().only_if_absent("moved_to").set("moved_to", to)?;
        let writes = vec![
            moved.write(self, Content, &keys::tag(from)),
            target,
            self.upkeep_write(upkeep)?,
            self.audit_write(entry)?,
        ];
        self.transact(writes).await
    }

    /// Removes a tag; says whether it was there.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete_tag(
        &self,
        slug: &Slug,
        upkeep: &UpkeepItem,
        entry: &Entry,
    ) -> Result<bool, StoreError> {
        let there = Condition::new("attribute_exists(pk) AND attribute_not_exists(moved_to)");
        let writes = vec![
            Write::delete_if(self, Content, &keys::tag(slug), Some(there)),
            self.upkeep_write(upkeep)?,
            self.audit_write(entry)?,
        ];
        Ok(self.transact(writes).await?.is_ok())
    }
}
