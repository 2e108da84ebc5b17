//! Proposals: changes that wait for a person's word.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{By, Diff, Markdown, Note, PostFields, PostId, ProposalId, RevisionId, Time, UserId};
use crate::model::Representation;

/// Where a proposal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ProposalStatus {
    /// It waits.
    Pending,
    /// It became a revision.
    Approved,
    /// A person turned it down.
    Rejected,
    /// Whoever made it took it back.
    Withdrawn,
}

impl ProposalStatus {
    /// Its name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// How a proposal ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Who decided.
    pub by: UserId,
    /// When.
    pub at: Time,
    /// Why.
    #[serde(default)]
    pub reason: Option<Note>,
}

/// A proposal in a list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ProposalSummary {
    /// Its id.
    pub id: ProposalId,
    /// The post; for a new post, the id that it will have.
    pub post_id: PostId,
    /// What it was made from; null for a new post.
    pub base_revision_id: Option<RevisionId>,
    /// The id that the revision has once it is approved.
    pub revision_id: RevisionId,
    /// The title it proposes.
    pub title: super::Title,
    /// Why.
    #[serde(default)]
    pub note: Option<Note>,
    /// Where it stands.
    pub status: ProposalStatus,
    /// Who made it.
    pub created_by: By,
    /// When.
    pub created_at: Time,
    /// How it ended.
    #[serde(default)]
    pub decision: Option<Decision>,
}

/// A proposal with what it proposes and what that would change.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    /// All but the text.
    #[serde(flatten)]
    pub summary: ProposalSummary,
    /// What it proposes, beside the body.
    pub fields: PostFields,
    /// The Markdown it proposes.
    pub body: Markdown,
    /// What it changes of the revision it was made from; of nothing, for a new post.
    pub diff: Diff,
    /// What it would change of the post as it is now, where the post has moved on since.
    pub diff_from_head: Option<Diff>,
}

impl Representation for Proposal {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/manage/proposals/{}", self.summary.id))
    }
}

/// Both sides of a proposal whose post has moved on since.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Conflict {
    /// What the proposal was made from.
    pub base_revision_id: Option<RevisionId>,
    /// What the post is at now.
    pub head_revision_id: RevisionId,
    /// What others changed since.
    pub theirs: Diff,
    /// What the proposal changes.
    pub proposed: Diff,
}
