//! The head of a post with the attributes of its indexes and filters.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::{MediaId, PostStatus, Slug};
use crate::store::keys;
use crate::store::posts::PostItem;

/// A post with its index attributes.
#[derive(Serialize)]
pub(super) struct Indexed<'a> {
    #[serde(flatten)]
    item: &'a PostItem,
    gsi1pk: &'static str,
    gsi1sk: String,
    gsi2pk: String,
    gsi2sk: String,
    /// The slugs of the tags of the draft and the live revision.
    tag_slugs: Vec<&'a Slug>,
    /// The files in the draft, the live and the scheduled revision.
    media_ids: Vec<&'a MediaId>,
    /// The title in lower case, for searches.
    title_lower: String,
}

impl<'a> Indexed<'a> {
    pub(super) fn new(item: &'a PostItem) -> Self {
        let head = &item.summary;
        let position = keys::position(head.updated_at, &head.id);
        let trashed = head.status == PostStatus::Trashed;
        let live = item.live.iter();
        let tags = head.fields.tags.iter().map(|tag| &tag.slug);
        let tags: BTreeSet<&Slug> = tags.chain(live.clone().flat_map(|live| &live.tags)).collect();
        let to_come = head.schedule.iter().flat_map(|_| &item.scheduled_media);
        let media = item.draft_media.iter().chain(live.flat_map(|live| &live.media));
        let media: BTreeSet<&MediaId> = media.chain(to_come).collect();
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
