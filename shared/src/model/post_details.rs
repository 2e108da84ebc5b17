//! Optional fields of a post that readers get exactly as the author wrote them.
//!
//! A new field goes into both structs and into [`PostDetailsPatch::apply`]. Drafts, revisions,
//! diffs, stored pages and public posts contain [`PostDetails`] as a whole, so nothing else changes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MetaDescription, MetaTitle, Patch};

/// The optional fields of a post that readers get unchanged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PostDetails {
    /// The title in search results; null if it is the post's title.
    #[serde(default)]
    pub meta_title: Option<MetaTitle>,
    /// The description in search results.
    #[serde(default)]
    pub meta_description: Option<MetaDescription>,
}

impl PostDetails {
    /// Whether no field is set, so that an input can leave all of them out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A change of [`PostDetails`]: a missing field stays as it is, null clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PostDetailsPatch {
    /// The title in search results; null if it is the post's title.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub meta_title: Patch<MetaTitle>,
    /// The description in search results.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub meta_description: Patch<MetaDescription>,
}

impl PostDetailsPatch {
    /// Applies the change.
    pub fn apply(self, details: &mut PostDetails) {
        self.meta_title.apply(&mut details.meta_title);
        self.meta_description.apply(&mut details.meta_description);
    }
}
