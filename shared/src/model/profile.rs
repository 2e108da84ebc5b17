//! What readers learn of a person beside their name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Bio, LinkLabel, MediaId, Patch, ProfileUrl};

/// What readers learn of a person beside their name. They read it with the author of a published post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Profile {
    /// A few sentences about the person, in plain text.
    #[serde(default)]
    pub bio: Option<Bio>,
    /// A picture of the person.
    #[serde(default)]
    pub picture: Option<Picture>,
    /// Where else to find the person, in the order that they chose.
    #[serde(default)]
    pub links: Vec<ProfileLink>,
}

/// A picture of a person. The person's name says what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Picture {
    /// The uploaded image.
    pub id: MediaId,
    /// The image's URL.
    pub url: String,
    /// The width in pixels; null if it is not known.
    pub width: Option<u32>,
    /// The height in pixels; null if it is not known.
    pub height: Option<u32>,
}

/// A link of a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileLink {
    /// What readers click on.
    pub label: LinkLabel,
    /// Where it leads.
    pub url: ProfileUrl,
}

/// What to change of a profile. What is left out stays; null clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileChanges {
    /// A few sentences about you, in plain text.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub bio: Patch<Bio>,
    /// A picture of you: the id of an uploaded image.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub picture: Patch<MediaId>,
    /// Where else to find you. Replaces all links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 5))]
    pub links: Option<Vec<ProfileLink>>,
}

impl Profile {
    /// The most links. The schema of [`ProfileChanges::links`] has the same number.
    pub const MAX_LINKS: usize = 5;

    /// Whether there is nothing to read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
