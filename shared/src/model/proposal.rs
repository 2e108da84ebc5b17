//! Proposals: changes that wait for a person's word.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    By, Diff, Markdown, Name, Note, PostFields, PostId, ProposalId, Review, RevisionId, Time,
    UserId,
};
use crate::model::Representation;

/// The status of a proposal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ProposalStatus {
    /// Waiting for a decision.
    Pending,
    /// Approved: it became a revision.
    Approved,
    /// Rejected by a person.
    Rejected,
    /// Withdrawn by the account that made it.
    Withdrawn,
}

impl ProposalStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Approved, Self::Rejected, Self::Withdrawn];

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

/// What a proposal would change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ProposalKind {
    /// A new post, or a draft that was handed in and was never live.
    NewPost,
    /// A change of a draft that was never live.
    DraftChange,
    /// A change of a post that is live, or was.
    Change,
}

impl ProposalKind {
    /// It in words, as the beginning of a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NewPost => "A new post",
            Self::DraftChange => "A change of a draft",
            Self::Change => "A change of a post",
        }
    }
}

/// The decision on a proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// The account that decided.
    pub by: UserId,
    /// The name of its owner then; null once the account was deleted.
    #[serde(default)]
    pub by_name: Option<Name>,
    /// When it happened.
    pub at: Time,
    /// The reason; null if none was given.
    #[serde(default)]
    pub reason: Option<Note>,
    /// The revision with the corrections of the person who approved; null if it was approved as it is. It
    /// follows the revision `revision_id` of the proposal.
    #[serde(default)]
    pub edited_revision_id: Option<RevisionId>,
    /// The latest revision of the post that was before the person who decided: the proposal was judged together with
    /// what had changed up to it. Null for a new post, for a proposal that was withdrawn, and for a decision from
    /// before this was recorded.
    #[serde(default)]
    pub head_revision_id: Option<RevisionId>,
}

/// A proposal in a list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ProposalSummary {
    /// The proposal's id.
    pub id: ProposalId,
    /// The post; for a new post, the id that it will have.
    pub post_id: PostId,
    /// The revision it is based on; null for a new post.
    pub base_revision_id: Option<RevisionId>,
    /// The id of the revision that it becomes when it is approved. If it is merged with later changes,
    /// that revision has another id, which then stands here.
    pub revision_id: RevisionId,
    /// What it would change, as the post was when it was proposed; null for a proposal from before this
    /// was recorded.
    #[serde(default)]
    pub kind: Option<ProposalKind>,
    /// The proposed title.
    pub title: super::Title,
    /// The title of the revision it is based on; null for a new post, and for a proposal from before this was
    /// recorded.
    #[serde(default)]
    pub base_title: Option<super::Title>,
    /// The reason; null if none was given.
    #[serde(default)]
    pub note: Option<Note>,
    /// The status.
    pub status: ProposalStatus,
    /// Who made the proposal.
    pub created_by: By,
    /// When it happened.
    pub created_at: Time,
    /// The decision; null while the proposal is pending.
    #[serde(default)]
    pub decision: Option<Decision>,
}

impl ProposalSummary {
    /// What it would change.
    #[must_use]
    pub fn kind(&self) -> ProposalKind {
        let derived = match self.base_revision_id {
            Some(_) => ProposalKind::Change,
            None => ProposalKind::NewPost,
        };
        self.kind.unwrap_or(derived)
    }

    /// What it is called in lists: the title, behind the one that it replaces.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        match self.base_title.as_ref().filter(|base| **base != self.title) {
            Some(base) => Cow::Owned(format!("{base} \u{2192} {}", self.title)),
            None => Cow::Borrowed(self.title.as_str()),
        }
    }

    /// The revision that its approval made: with corrections of the person, theirs. None for a proposal that
    /// was not approved.
    #[must_use]
    pub fn made(&self) -> Option<&RevisionId> {
        let decision =
            self.decision.as_ref().filter(|_| self.status == ProposalStatus::Approved)?;
        Some(decision.edited_revision_id.as_ref().unwrap_or(&self.revision_id))
    }
}

/// A proposal with its text and its changes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    /// All but the text.
    #[serde(flatten)]
    pub summary: ProposalSummary,
    /// The page where people review it.
    pub review_url: String,
    /// The proposed fields, without the body.
    pub fields: PostFields,
    /// The proposed Markdown.
    pub body: Markdown,
    /// The difference to the revision it is based on. For a new post, everything is new.
    pub diff: Diff,
    /// What approving would change of the latest revision, if the post has changed since; otherwise
    /// null. Changes of different parts are merged; where both changed the same, this is the difference
    /// to the proposed text.
    pub diff_from_head: Option<Diff>,
    /// Both sides, while the proposal waits and cannot be approved because it and the post changed the
    /// same part; otherwise null.
    #[serde(default)]
    pub conflict: Option<Box<Conflict>>,
    /// When the post was moved to the trash; null if it is not there. Until it is restored, the proposal can
    /// only be withdrawn.
    #[serde(default)]
    pub post_trashed_at: Option<Time>,
    /// Everything that approving would make visible, compared with what readers see now. Null where
    /// it was not asked for, and for a proposal that cannot be approved: a decided one, one whose post is in
    /// the trash, or one that conflicts with the post, whose two sides are in `conflict`.
    #[serde(default)]
    pub review: Option<Review>,
}

impl Representation for Proposal {
    fn etag(&self) -> Option<String> {
        self.review.as_ref().and_then(Representation::etag)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/v1/manage/proposals/{}", self.summary.id))
    }
}

/// Both sides of a proposal whose post has changed since.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Conflict {
    /// The revision that the proposal is based on.
    pub base_revision_id: Option<RevisionId>,
    /// The latest revision of the post.
    pub head_revision_id: RevisionId,
    /// The changes made since.
    pub theirs: Diff,
    /// The changes that the proposal makes.
    pub proposed: Diff,
}
