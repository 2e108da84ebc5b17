//! Media, in `content`: what is known of each uploaded file. The bytes are in the bucket.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::live::LivePlace;
use super::{List, Store, StoreError, keys};
use crate::endpoint::Table::Content;
use crate::http::page::{Page, PageParams};
use crate::model::{
    AltText, Caption, FileName, Media, MediaId, MediaKind, MediaStatus, MediaType, PostId,
    Schedule, Sha256, Time, UserId,
};

/// A stored upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaItem {
    /// Its id.
    pub id: MediaId,
    /// Who uploaded it.
    pub owner: UserId,
    /// How far it is.
    pub status: MediaStatus,
    /// What kind of thing it is.
    pub kind: MediaKind,
    /// Its type.
    pub content_type: MediaType,
    /// Its size in bytes.
    pub size: u64,
    /// Its name on its owner's machine.
    pub filename: FileName,
    /// The last segment of its key and URL.
    pub file: String,
    /// Its checksum, where it was announced.
    pub sha256: Option<Sha256>,
    /// The width of an image in pixels.
    pub width: Option<u32>,
    /// The height of an image in pixels.
    pub height: Option<u32>,
    /// What it shows.
    pub alt: AltText,
    /// What stands under it.
    pub caption: Caption,
    /// When it was announced.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
    /// In seconds since 1970; DynamoDB removes it some time later. Only what waits has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<i64>,
}

impl MediaItem {
    /// It as callers see it, at this address where readers find it.
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
            uploaded_by: self.owner,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

/// An upload as it stands in the indexes.
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
    /// Keeps a new upload.
    ///
    /// # Errors
    /// As any call.
    pub async fn create(self, item: &MediaItem) -> Result<(), StoreError> {
        let id = &item.id;
        let gsi2pk = keys::media_by(&item.owner);
        let indexed = Indexed { item, gsi1pk: keys::MEDIA, gsi1sk: id, gsi2pk, gsi2sk: id };
        // A call that is tried again finds what it wrote itself: ids are new.
        self.0.put_new(Content, &keys::media(id), &indexed).await.map(drop)
    }

    /// An upload.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(self, id: &MediaId) -> Result<Option<MediaItem>, StoreError> {
        self.0.get(Content, &keys::media(id)).await
    }

    /// All uploads, newest first; with `owner` theirs alone, with `kind` those of a kind.
    ///
    /// # Errors
    /// As any list.
    pub async fn list(
        self,
        owner: Option<&UserId>,
        kind: Option<MediaKind>,
        params: &PageParams,
    ) -> Result<Page<MediaItem>, StoreError> {
        let list = match owner {
            Some(owner) => List::of_gsi2(Content, keys::media_by(owner)),
            None => List::of_gsi1(Content, keys::MEDIA),
        };
        let list = match kind {
            Some(kind) => list.only("kind", AttributeValue::S(kind.as_str().to_owned())),
            None => list,
        };
        self.0.page(&list, params).await
    }

    /// Changes what is said of an upload; says whether it is there.
    ///
    /// # Errors
    /// As any call.
    pub async fn update(
        self,
        id: &MediaId,
        alt: Option<&AltText>,
        caption: Option<&Caption>,
        now: Time,
    ) -> Result<bool, StoreError> {
        let mut change = Change::new().set("updated_at", &now)?;
        if let Some(alt) = alt {
            change = change.set("alt", alt)?;
        }
        if let Some(caption) = caption {
            change = change.set("caption", caption)?;
        }
        self.0.change(Content, &keys::media(id), change).await
    }

    /// Keeps an upload that waits beyond its time: from here on its object may be published, and
    /// an object without an item would never go away. Says whether it still waits.
    ///
    /// # Errors
    /// As any call.
    pub async fn hold(self, id: &MediaId) -> Result<bool, StoreError> {
        let change = Change::new().remove("ttl").only_if("status", &MediaStatus::Pending)?;
        self.0.change(Content, &keys::media(id), change).await
    }

    /// Makes an upload ready, with the dimensions of an image, if it still waits; says whether it
    /// did.
    ///
    /// # Errors
    /// As any call.
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

    /// Marks an upload as being deleted, for as long as that takes; says whether it is there.
    ///
    /// # Errors
    /// As any call.
    pub async fn begin_deletion(self, id: &MediaId) -> Result<bool, StoreError> {
        let change = Change::new().set("status", &MediaStatus::Deleting)?.remove("ttl");
        self.0.change(Content, &keys::media(id), change).await
    }

    /// Removes an upload.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(self, id: &MediaId) -> Result<(), StoreError> {
        self.0.delete(Content, &keys::media(id)).await
    }

    /// Posts whose draft or live text uses an upload: those that hold its id in `media_ids`. It
    /// reads the heads of all posts, so it is for what is done by hand.
    ///
    /// # Errors
    /// As any call.
    pub async fn list_uses(self, id: &MediaId) -> Result<Vec<MediaUse>, StoreError> {
        let mut uses = Vec::new();
        let mut start = None;
        loop {
            let answer = self
                .0
                .client
                .query()
                .table_name(self.0.table(Content))
                .index_name("gsi1")
                .key_condition_expression("gsi1pk = :posts")
                .filter_expression("contains(media_ids, :media)")
                .projection_expression("id, #live, #schedule, scheduled_media")
                .expression_attribute_names("#live", "live")
                .expression_attribute_names("#schedule", "schedule")
                .expression_attribute_values(":posts", AttributeValue::S(keys::POSTS.to_owned()))
                .expression_attribute_values(":media", AttributeValue::S(id.as_str().to_owned()))
                .set_exclusive_start_key(start)
                .send()
                .await?;
            for item in answer.items.unwrap_or_default() {
                let head: Head = serde_dynamo::aws_sdk_dynamodb_1::from_item(item)?;
                let is_live = head.live.is_some_and(|live| live.media.contains(id));
                let is_to_come = head.schedule.is_some() && head.scheduled_media.contains(id);
                let is_live = is_live || is_to_come;
                uses.push(MediaUse { post: head.id, is_live });
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(uses);
            }
        }
    }
}

/// A post that shows an upload.
#[derive(Clone, Debug)]
pub struct MediaUse {
    /// The post.
    pub post: PostId,
    /// Whether readers see it there, or will by appointment.
    pub is_live: bool,
}

/// What is read of the head of a post.
#[derive(Deserialize)]
struct Head {
    id: PostId,
    #[serde(default)]
    live: Option<LivePlace>,
    #[serde(default)]
    schedule: Option<Schedule>,
    #[serde(default)]
    scheduled_media: Vec<MediaId>,
}
