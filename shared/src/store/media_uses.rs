//! The posts that use an upload.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Deserialize;

use super::live::LivePlace;
use super::media::MediaFiles;
use super::{StoreError, keys};
use crate::model::{MediaId, PostId, Schedule, Title};
use crate::permission::Table::Content;

impl MediaFiles<'_> {
    /// The posts that use an upload in their draft, live or scheduled revision: those with its id
    /// in `media_ids`. Reads the heads of all posts, so it is not for frequent calls.
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
                .projection_expression("id, #title, #live, #schedule, scheduled_media")
                .expression_attribute_names("#title", "title")
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
                uses.push(MediaUse { post: head.id, title: head.title, is_live });
            }
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(uses);
            }
        }
    }
}

/// A post that uses an upload.
#[derive(Clone, Debug)]
pub struct MediaUse {
    /// The post.
    pub post: PostId,
    /// Its title.
    pub title: Title,
    /// Whether the live or the scheduled revision uses it.
    pub is_live: bool,
}

/// The attributes of a post's head that this needs.
#[derive(Deserialize)]
struct Head {
    id: PostId,
    title: Title,
    #[serde(default)]
    live: Option<LivePlace>,
    #[serde(default)]
    schedule: Option<Schedule>,
    #[serde(default)]
    scheduled_media: Vec<MediaId>,
}
