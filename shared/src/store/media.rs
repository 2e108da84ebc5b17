//! Media, in `content`: metadata of uploaded files. The bytes are in the bucket.

use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::rights::{Held, Right};
use super::transact::Condition;
use super::{Item, List, Store, StoreError, Write, item, keys, read};
use crate::http::page::{Page, PageParams};
use crate::model::{
    AltText, Caption, FileName, Media, MediaId, MediaKind, MediaStatus, MediaType, Sha256, Time,
    UserId,
};
use crate::permission::Table::Content;

/// A stored upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaItem {
    /// The id.
    pub id: MediaId,
    /// The user who uploaded it.
    pub owner: UserId,
    /// The status of the upload.
    pub status: MediaStatus,
    /// The kind of file.
    pub kind: MediaKind,
    /// The media type.
    pub content_type: MediaType,
    /// The size in bytes.
    pub size: u64,
    /// The file name on the uploader's machine.
    pub filename: FileName,
    /// The last segment of its S3 key and URL.
    pub file: String,
    /// The SHA-256 checksum, if the client sent one.
    pub sha256: Option<Sha256>,
    /// The width of an image in pixels.
    pub width: Option<u32>,
    /// The height of an image in pixels.
    pub height: Option<u32>,
    /// The alternative text.
    pub alt: AltText,
    /// The caption.
    pub caption: Caption,
    /// How often its words were changed.
    #[serde(default)]
    pub version: u64,
    /// Whether a person with the right to publish wrote the alternative text as it is now.
    #[serde(default)]
    pub alt_by_publisher: bool,
    /// The S3 `ETag` of its bytes, from when they were first checked. No others can take their place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_etag: Option<String>,
    /// When the upload was started.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// The item's TTL, in seconds since 1970. Only pending uploads have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<i64>,
}

impl MediaItem {
    /// The representation in the API, with its public URL.
    #[must_use]
    pub fn shown(self, url: Option<String>) -> Media {
        Media {
            id: self.id,
            status: self.status,
            kind: self.kind,
            content_type: self.content_type,
            size: self.size,
            filename: self.filename,
            url,
            width: self.width,
            height: self.height,
            alt: self.alt,
            caption: self.caption,
            version: self.version,
            uploaded_by: self.owner,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

/// What is left of an upload that was deleted. It holds the id, so that nothing gets it again: texts that
/// readers see may name it.
#[derive(Serialize)]
struct Deleted {
    deleted_at: Time,
    ttl: i64,
}

/// The attribute that only deleted uploads have.
const DELETED: &str = "deleted_at";

/// What has an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// An upload.
    File(Box<MediaItem>),
    /// Nothing any more: the upload was deleted.
    Deleted,
}

/// An upload with its index attributes.
#[derive(Serialize)]
struct Indexed<'a> {
    #[serde(flatten)]
    item: &'a MediaItem,
    gsi1pk: &'static str,
    gsi1sk: &'a MediaId,
    gsi2pk: String,
    gsi2sk: &'a MediaId,
}

/// Uploaded files.
#[derive(Clone, Copy, Debug)]
pub struct MediaFiles<'a>(pub(super) &'a Store);

impl MediaFiles<'_> {
    /// Creates an upload. Returns `false` if there is or was one with its id; a retried call can find its own.
    pub async fn create(self, item: &MediaItem) -> Result<bool, StoreError> {
        self.0.put_new(Content, &keys::media(&item.id), &indexed(item)).await
    }

    /// Creates an upload, also in place of one that was deleted. Returns `false` if there is one with its id.
    pub async fn restore(self, item: &MediaItem) -> Result<bool, StoreError> {
        let free = format!("attribute_not_exists(pk) OR attribute_exists({DELETED})");
        let put = self.put(&item.id, &indexed(item))?.condition_expression(free);
        StoreError::unless_condition_failed(put.send().await)
    }

    fn put<T: Serialize>(
        self,
        id: &MediaId,
        value: &T,
    ) -> Result<PutItemFluentBuilder, StoreError> {
        let put = self.0.client.put_item().table_name(self.0.table(Content));
        Ok(put.set_item(Some(item(&keys::media(id), value)?)))
    }

    /// An upload.
    pub async fn get(self, id: &MediaId) -> Result<Option<MediaItem>, StoreError> {
        Ok(match self.find(id).await? {
            Some(Kept::File(item)) => Some(*item),
            Some(Kept::Deleted) | None => None,
        })
    }

    /// What has this id; `None` if nothing had it in the last days.
    pub async fn find(self, id: &MediaId) -> Result<Option<Kept>, StoreError> {
        let found = self.0.get_item(Content, &keys::media(id), true).await?;
        if found.as_ref().is_some_and(is_deleted) {
            return Ok(Some(Kept::Deleted));
        }
        Ok(read(found)?.map(|item| Kept::File(Box::new(item))))
    }

    /// All uploads, newest first; optionally only those of one owner or kind.
    pub async fn list(
        self,
        owner: Option<&UserId>,
        kind: Option<MediaKind>,
        params: &PageParams,
    ) -> Result<Page<MediaItem>, StoreError> {
        let list = match owner {
            Some(owner) => List::from_gsi2(Content, keys::media_by(owner)),
            None => List::from_gsi1(Content, keys::MEDIA),
        };
        let list = match kind {
            Some(kind) => list.only("kind", AttributeValue::S(kind.as_str().to_owned())),
            None => list,
        };
        self.0.page(&list, params).await
    }

    /// Changes the alternative text and the caption; `by_publisher` tells whether a person with the
    /// right to publish does. Returns `false` if there is no such upload, or if it has another version
    /// than the one that was `seen`.
    pub async fn update(
        self,
        id: &MediaId,
        (alt, caption): (Option<&AltText>, Option<&Caption>),
        (right, by_publisher): (&Right, bool),
        seen: Option<u64>,
        now: Time,
    ) -> Held {
        let mut change = changed().set("updated_at", &now)?.increment("version");
        change = match seen {
            // Uploads from before versions have none.
            Some(0) => change
                .only_where("attribute_not_exists(#version) OR #version = :seen")
                .with(":seen", &0)?,
            Some(version) => change.only_if("version", &version)?,
            None => change,
        };
        if let Some(alt) = alt {
            change = change.set("alt", alt)?.set("alt_by_publisher", &by_publisher)?;
        }
        if let Some(caption) = caption {
            change = change.set("caption", caption)?;
        }
        let write = change.write(self.0, Content, &keys::media(id));
        self.0.commit_by(right, vec![write]).await
    }

    /// Removes the TTL of a pending upload: from now on its object may be public, and an object
    /// without an item would never be deleted. Also binds the item to the object that was checked,
    /// by its `ETag`: of two completions at once, the later one cannot replace bytes that somebody
    /// has seen. Returns `false` if it is no longer pending or bound to another object.
    pub async fn hold(self, id: &MediaId, object_etag: &str) -> Result<bool, StoreError> {
        let change = Change::new()
            .remove("ttl")
            .set("object_etag", &object_etag)?
            .only_if("status", &MediaStatus::Pending)?
            .only_where("attribute_not_exists(object_etag) OR object_etag = :object")
            .with(":object", &object_etag)?;
        self.0.change(Content, &keys::media(id), change).await
    }

    /// The uploads with these ids, unordered; missing ones are left out.
    pub async fn get_many(self, ids: &[MediaId]) -> Result<Vec<MediaItem>, StoreError> {
        let keys: Vec<_> = ids.iter().map(keys::media).collect();
        let items = self.0.get_items(Content, &keys, true).await?.into_iter();
        let there = items.filter(|item| !is_deleted(item));
        let read = |item| serde_dynamo::aws_sdk_dynamodb_1::from_item(item);
        Ok(there.map(read).collect::<Result<_, _>>()?)
    }

    /// A condition for a transaction: nobody has described the upload anew, or begun to delete it,
    /// since it was read. Compares the words themselves, as two changes can have the same time.
    pub(super) fn is_as_read(self, item: &MediaItem) -> Write {
        let unchanged = Condition::new("alt = :alt AND caption = :caption AND #status = :status")
            .naming("#status", "status")
            .with(":alt", AttributeValue::S(item.alt.as_str().to_owned()))
            .with(":caption", AttributeValue::S(item.caption.as_str().to_owned()))
            .with(":status", AttributeValue::S(item.status.as_str().to_owned()));
        Write::check_that(self.0, Content, &keys::media(&item.id), unchanged)
    }

    /// Marks a pending upload as ready, with the dimensions of an image. Returns `false` if it was
    /// not pending.
    pub async fn complete(
        self,
        id: &MediaId,
        dimensions: Option<(u32, u32)>,
        now: Time,
    ) -> Result<bool, StoreError> {
        let change = Change::new()
            .set("status", &MediaStatus::Ready)?
            .set("width", &dimensions.map(|(width, _)| width))?
            .set("height", &dimensions.map(|(_, height)| height))?
            .set("updated_at", &now)?
            .only_if("status", &MediaStatus::Pending)?;
        self.0.change(Content, &keys::media(id), change).await
    }

    /// Marks an upload as being deleted. Returns `false` if there is no such upload.
    pub async fn begin_deletion(self, id: &MediaId, right: &Right) -> Held {
        let change = changed().set("status", &MediaStatus::Deleting)?.remove("ttl");
        let write = change.write(self.0, Content, &keys::media(id));
        self.0.commit_by(right, vec![write]).await
    }

    /// Marks an upload that is not ready as being deleted: what is ready is deleted by
    /// [`begin_deletion`](Self::begin_deletion) alone, after a look at who uses it. Returns `false` if it is
    /// ready by now, or if there is no such upload.
    pub async fn begin_cancellation(self, id: &MediaId) -> Result<bool, StoreError> {
        let change = changed()
            .set("status", &MediaStatus::Deleting)?
            .remove("ttl")
            .only_where("#status <> :ready")
            .with(":ready", &MediaStatus::Ready)?;
        self.0.change(Content, &keys::media(id), change).await
    }

    /// Deletes an upload. That it was there is kept until `until`: nothing gets its id before.
    pub async fn delete(self, id: &MediaId, now: Time, until: Time) -> Result<(), StoreError> {
        let deleted = Deleted { deleted_at: now, ttl: until.as_seconds() };
        self.put(id, &deleted)?.send().await?;
        Ok(())
    }
}

/// The upload with its index attributes.
fn indexed(item: &MediaItem) -> Indexed<'_> {
    let (id, gsi2pk) = (&item.id, keys::media_by(&item.owner));
    Indexed { item, gsi1pk: keys::MEDIA, gsi1sk: id, gsi2pk, gsi2sk: id }
}

/// A change of an upload that is there.
fn changed() -> Change {
    Change::new().only_if_absent(DELETED)
}

fn is_deleted(item: &Item) -> bool {
    item.contains_key(DELETED)
}
