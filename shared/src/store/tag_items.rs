//! Tags as they are stored.

use serde::{Deserialize, Serialize};

use super::tag_names::{NameWrite, TagNameItem};
use crate::model::{Description, PublicTag, Slug, TagId, TagName, Time};

/// A stored tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagItem {
    /// Which tag it is; tags from before names had entries have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<TagId>,
    /// The slug.
    pub slug: Slug,
    /// The name.
    pub name: TagName,
    /// The description.
    #[serde(default)]
    pub description: Option<Description>,
    /// How many live posts have this slug. Renaming or deleting the tag does not change it: posts
    /// decrement it as they leave.
    #[serde(default)]
    pub post_count: u64,
    /// How often its name, slug and description were changed.
    #[serde(default)]
    pub version: u64,
    /// When it was created.
    pub created_at: Time,
    /// The tag that replaced it. If set, the other fields are historical.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<Slug>,
    /// Whether it was deleted. The item stays, because posts may still have to decrement its count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// A tag to create.
#[derive(Clone, Debug)]
pub struct NewTag {
    /// The tag.
    pub tag: TagItem,
    /// The tag that its slug redirects to and that no longer exists, if there is one.
    pub dead: Option<Slug>,
    /// The entry of its name; none where the name leads to another tag and stays there.
    pub name: Option<NameWrite>,
}

impl NewTag {
    /// A tag whose slug and name nobody had.
    #[must_use]
    pub fn new(tag: TagItem) -> Self {
        let name = NameWrite { entry: tag.name_entry(), read: None };
        Self { tag, dead: None, name: Some(name) }
    }
}

impl TagItem {
    /// A tag that no post has yet.
    #[must_use]
    pub fn new(slug: Slug, name: TagName, now: Time) -> Self {
        let id = Some(TagId::new(now));
        Self {
            id,
            slug,
            name,
            description: None,
            post_count: 0,
            version: 0,
            created_at: now,
            moved_to: None,
            removed: false,
        }
    }

    /// Whether it is a current tag: not replaced, not deleted.
    #[must_use]
    pub fn is_tag(&self) -> bool {
        self.moved_to.is_none() && !self.removed
    }

    /// The entry of its name.
    #[must_use]
    pub fn name_entry(&self) -> TagNameItem {
        let Self { id, slug, name, .. } = self;
        TagNameItem { name: name.clone(), slug: slug.clone(), tag: id.clone() }
    }

    /// The public representation.
    #[must_use]
    pub fn public(self) -> PublicTag {
        let Self { slug, name, description, post_count, version, .. } = self;
        PublicTag { slug, name, description, post_count, version }
    }
}
