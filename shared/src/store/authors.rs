//! Authors, in `content`: the number of live posts of each, and their profiles.
//!
//! An author's item has the account's slug as its key. It is there from the first published post or the
//! first change of the profile on. Readers find it while the author has a live post.

use aws_sdk_dynamodb::types::{AttributeValue, Update};
use serde::{Deserialize, Serialize};

use super::admins::enabled_admin;
use super::change::Change;
use super::keys::Key;
use super::media::MediaItem;
use super::transact::{Condition, ConditionFailed};
use super::{List, SCHEMA_VERSION, Store, StoreError, Write, WriteError, keys};
use crate::http::page::{Page, PageParams};
use crate::model::audit::AuditEntry;
use crate::model::{Author, MediaId, Name, Profile, PublicAuthor, Slug, UserId};
use crate::permission::Table::{Content, Identity};

/// A stored author.
#[derive(Clone, Debug, Deserialize)]
struct AuthorItem {
    id: UserId,
    name: Name,
    slug: Slug,
    #[serde(default)]
    post_count: u64,
    #[serde(default)]
    profile: Option<ProfileOf>,
}

/// A stored profile, with the account that it is of: once an account is deleted, its slug can become another
/// person's.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct ProfileOf {
    user_id: UserId,
    #[serde(flatten)]
    profile: Profile,
}

impl AuthorItem {
    /// Nobody's where the author is the neutral one: the slug is no person's.
    fn profile(&self) -> Profile {
        let own = self.profile.as_ref().filter(|profile| profile.user_id == self.id);
        let own = own.filter(|_| !self.slug.is_former_author());
        own.map(|own| own.profile.clone()).unwrap_or_default()
    }

    fn public(self) -> PublicAuthor {
        let profile = self.profile();
        let Self { id, name, slug, post_count, .. } = self;
        PublicAuthor { id, name, slug, profile, post_count }
    }
}

/// Somebody whose profile shows a picture.
#[derive(Clone, Debug)]
pub struct PicturedPerson {
    /// The account.
    pub id: UserId,
    /// Its name.
    pub name: Name,
    slug: Slug,
}

/// The profile of an account, as it was read.
#[derive(Clone, Debug)]
pub struct ReadProfile {
    /// The profile; an empty one if the account has none.
    pub profile: Profile,
    /// The attribute as it was read, whether it belongs to this account or not: the condition of
    /// the next write.
    stored: Option<AttributeValue>,
}

/// Why a profile was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotProfiled {
    /// The account is gone.
    AccountGone,
    /// The profile is another one by now, or its picture is being deleted or was described anew.
    Changed,
}

/// Why the profile of another person was not removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRemoved {
    /// Who removes it is no longer an admin.
    NotByAdmin,
    /// There is none.
    NoProfile,
}

/// Authors of published posts.
#[derive(Clone, Copy, Debug)]
pub struct Authors<'a>(pub(super) &'a Store);

impl Authors<'_> {
    /// The authors with these slugs, unordered; missing ones are left out.
    pub async fn get_many(self, slugs: &[Slug]) -> Result<Vec<PublicAuthor>, StoreError> {
        let keys: Vec<Key> = slugs.iter().map(keys::author).collect();
        let items: Vec<AuthorItem> = self.0.get_many(Content, &keys, true).await?;
        Ok(items.into_iter().map(AuthorItem::public).collect())
    }

    /// The authors of live posts, by slug.
    pub async fn list(self, params: &PageParams) -> Result<Page<PublicAuthor>, StoreError> {
        let list = List::from_table(Content, keys::AUTHORS).oldest_first().above("post_count", 0);
        let page: Page<AuthorItem> = self.0.page(&list, params).await?;
        Ok(page.map(AuthorItem::public))
    }

    /// An author, with or without live posts.
    pub async fn get(self, slug: &Slug) -> Result<Option<PublicAuthor>, StoreError> {
        let item: Option<AuthorItem> = self.0.get_eventually(Content, &keys::author(slug)).await?;
        Ok(item.map(AuthorItem::public))
    }

    /// The profile of an account; an empty one if it has none.
    pub async fn profile(self, slug: &Slug, id: &UserId) -> Result<ReadProfile, StoreError> {
        let item = self.0.get_item(Content, &keys::author(slug), true).await?;
        let stored = item.and_then(|mut item| item.remove("profile"));
        let read: Option<ProfileOf> = match stored.clone() {
            Some(value) => serde_dynamo::aws_sdk_dynamodb_1::from_attribute_value(value)?,
            None => None,
        };
        let own = read.filter(|profile| profile.user_id == *id);
        Ok(ReadProfile { profile: own.map(|own| own.profile).unwrap_or_default(), stored })
    }

    /// Sets the profile of an account that exists, if it is still as it was read. `picture` is the file of its
    /// picture, which must still be there: nobody may have begun to delete it.
    pub async fn set_profile(
        self,
        author: &Author,
        before: &ReadProfile,
        profile: &Profile,
        picture: Option<&MediaItem>,
        entry: &AuditEntry,
    ) -> Result<(), WriteError<NotProfiled>> {
        let stored = ProfileOf { user_id: author.id.clone(), profile: profile.clone() };
        let change = Change::new().or_create().add("post_count", 0).set("profile", &stored)?;
        let change = change.set("id", &author.id)?.set("name", &author.name)?;
        let change = change.set("slug", &author.slug)?.set("schema", &SCHEMA_VERSION)?;
        let change = change.only_as_read("profile", before.stored.as_ref());
        let present = Condition::new("attribute_exists(pk)");
        let mut writes = vec![
            Write::check_that(self.0, Identity, &keys::user(&author.id), present),
            change.write(self.0, Content, &keys::author(&author.slug)),
            self.0.audit_log().write(entry)?,
        ];
        writes.extend(picture.map(|item| self.0.media().is_as_read(item)));
        let reason = |failed: ConditionFailed| match failed.at(0) {
            true => NotProfiled::AccountGone,
            false => NotProfiled::Changed,
        };
        self.0.transact(writes, reason).await
    }

    /// Removes the profile of an account in the name of an admin, who must be one at that moment.
    pub async fn remove_profile(
        self,
        slug: &Slug,
        id: &UserId,
        by: &UserId,
        entry: &AuditEntry,
    ) -> Result<(), WriteError<NotRemoved>> {
        let change = Change::new().remove("profile").only_where("#profile.user_id = :user");
        let writes = vec![
            Write::check_that(self.0, Identity, &keys::user(by), enabled_admin()),
            change.with(":user", id)?.write(self.0, Content, &keys::author(slug)),
            self.0.audit_log().write(entry)?,
        ];
        let reason = |failed: ConditionFailed| match failed.at(0) {
            true => NotRemoved::NotByAdmin,
            false => NotRemoved::NoProfile,
        };
        self.0.transact(writes, reason).await
    }

    /// Removes the profile of a deleted account. Does nothing if the slug is another person's by now.
    pub async fn erase_profile(self, slug: &Slug, id: &UserId) -> Result<(), StoreError> {
        let change = Change::new().remove("profile").only_where("#profile.user_id = :user");
        let change = change.with(":user", id)?;
        self.0.change(Content, &keys::author(slug), change).await.map(drop)
    }

    /// Deletes what is left of a deleted account as an author, once nothing is published under its slug.
    pub async fn erase(self, slug: &Slug, id: &UserId) -> Result<(), StoreError> {
        let own = Condition::new("id = :user AND post_count = :none")
            .with(":user", AttributeValue::S(id.as_str().to_owned()))
            .with(":none", AttributeValue::N("0".to_owned()));
        let write = Write::delete_if(self.0, Content, &keys::author(slug), Some(own));
        self.0.commit(vec![write]).await.map(drop)
    }

    /// The people whose profile shows a file. Reads all authors, so it is not for frequent calls.
    pub async fn with_picture(self, id: &MediaId) -> Result<Vec<PicturedPerson>, StoreError> {
        let picture = AttributeValue::S(id.as_str().to_owned());
        let list = List::from_table(Content, keys::AUTHORS).up_to_date();
        let list = list.only("profile.picture.id", picture);
        let mut page = PageParams { limit: 100, cursor: None };
        let mut people = Vec::new();
        loop {
            let found: Page<AuthorItem> = self.0.page(&list, &page).await?;
            people.extend(found.items.into_iter().map(|item| {
                let AuthorItem { id, name, slug, .. } = item;
                PicturedPerson { id, name, slug }
            }));
            match found.next_cursor {
                None => return Ok(people),
                cursor => page.cursor = cursor,
            }
        }
    }

    /// Takes a file that is being deleted out of the profile of somebody who had it as their picture.
    pub async fn remove_picture(
        self,
        person: &PicturedPerson,
        picture: &MediaId,
    ) -> Result<(), StoreError> {
        let update = Update::builder()
            .table_name(self.0.table(Content))
            .set_key(Some(keys::author(&person.slug).attributes()))
            .update_expression("SET #profile.#picture = :none")
            .condition_expression("#profile.#picture.#id = :picture")
            .expression_attribute_names("#profile", "profile")
            .expression_attribute_names("#picture", "picture")
            .expression_attribute_names("#id", "id")
            .expression_attribute_values(":none", AttributeValue::Null(true))
            .expression_attribute_values(":picture", AttributeValue::S(picture.as_str().to_owned()))
            .build()
            .expect("the table, key and expression are given");
        // They may have chosen another one meanwhile.
        self.0.commit(vec![Write::update(update)]).await.map(drop)
    }
}
