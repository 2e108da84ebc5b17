//! What leads elsewhere: old paths, old slugs of posts, and tags that became others.

use serde::{Deserialize, Serialize};

/// An address that leads to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Redirect {
    /// What used to be, from `/` on where it is a path.
    pub from: String,
    /// The path or URL that it leads to, or the id of a post, or the slug of a tag.
    pub to: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "RedirectKind::is_path")]
    pub kind: RedirectKind,
}

/// What leads elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedirectKind {
    /// A path of the publication.
    #[default]
    Path,
    /// A slug that a post had before; it leads to the post.
    Slug,
    /// A tag that became another, by their slugs.
    Tag,
}

impl RedirectKind {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    fn is_path(&self) -> bool {
        *self == Self::Path
    }
}

impl Redirect {
    /// A path that leads elsewhere.
    #[must_use]
    pub fn path(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { from: from.into(), to: to.into(), kind: RedirectKind::Path }
    }
}
