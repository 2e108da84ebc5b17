//! Links that show a post before it is published.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{By, PostId, PreviewLinkId, Representation, RevisionId, Time};

/// A link that shows a post to anyone who has it. The secret in it is not stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PreviewLink {
    /// The link's id. It opens nothing.
    pub id: PreviewLinkId,
    /// The post.
    pub post_id: PostId,
    /// The revision that it shows; null if it shows the latest one.
    pub revision_id: Option<RevisionId>,
    /// Who made it. Names are those of today.
    pub created_by: By,
    /// When it was made.
    pub created_at: Time,
    /// When it expires.
    pub expires_at: Time,
}

impl Representation for PreviewLink {}
