//! Revisions: who made what of a post, when, and on whose word.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ApiKeyId, GrantId, Markdown, PostFields, PostId, ProposalId, PublicationId, RevisionId, Time,
    UserId,
};
use crate::model::Representation;

/// What kind of hand did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ActorKind {
    /// A person who is signed in.
    Person,
    /// A program with an API key.
    ApiKey,
    /// A program that works over MCP, or that its user let in.
    McpClient,
    /// The agent of Byline itself.
    Agent,
}

impl ActorKind {
    /// Whether a person acts, and not an agent in their name.
    #[must_use]
    pub fn is_person(self) -> bool {
        self == Self::Person
    }
}

/// Who did something, and by what means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct By {
    /// The account in whose name it was done.
    pub user_id: UserId,
    /// By a person, or by something that works for one.
    pub kind: ActorKind,
    /// The API key, where it was done with one.
    #[serde(default)]
    pub api_key_id: Option<ApiKeyId>,
    /// The grant, where it was done by a program that its user let in.
    #[serde(default)]
    pub grant_id: Option<GrantId>,
    /// The program that did it, as it names itself.
    #[serde(default)]
    pub client: Option<String>,
    /// The model that wrote it, as the program names it.
    #[serde(default)]
    pub model: Option<String>,
}

/// A person's word for a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    /// The proposal that became this revision.
    pub proposal_id: ProposalId,
    /// Who approved it.
    pub by: UserId,
    /// When.
    pub at: Time,
}

/// A revision without its body.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RevisionSummary {
    /// Its id.
    pub id: RevisionId,
    /// The post.
    pub post_id: PostId,
    /// What it says, beside its body.
    #[serde(flatten)]
    pub fields: PostFields,
    /// The revision it was made from.
    pub parent_id: Option<RevisionId>,
    /// Who made it.
    pub created_by: By,
    /// Who approved it, where it was proposed.
    #[serde(default)]
    pub approval: Option<Approval>,
    /// When it was made.
    pub created_at: Time,
}

impl Representation for RevisionSummary {}

/// A revision. It never changes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Revision {
    /// All but the body.
    #[serde(flatten)]
    pub summary: RevisionSummary,
    /// The Markdown.
    pub body: Markdown,
}

impl Representation for Revision {}

/// What happened to what readers see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum PublicationAction {
    /// A revision went live.
    Published,
    /// The post was taken down.
    Unpublished,
}

/// An entry in the history of what readers saw of a post.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Publication {
    /// Its id; ids sort by time.
    pub id: PublicationId,
    /// What happened.
    pub action: PublicationAction,
    /// The revision that went live, or that was live before.
    pub revision_id: RevisionId,
    /// Who did it; of a scheduled one, who scheduled it.
    pub by: By,
    /// Whether it had been scheduled.
    #[serde(default)]
    pub scheduled: bool,
    /// When.
    pub at: Time,
}

/// Who wrote, changed and approved what, of one post.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// The post.
    pub post_id: PostId,
    /// What readers see now.
    pub live_revision_id: Option<RevisionId>,
    /// Everybody who had a hand in the live revision, or in the draft where nothing is live: in it
    /// and in those it was made from.
    pub contributors: Vec<By>,
    /// The live revision, or the draft, and those it was made from, newest first.
    pub revisions: Vec<RevisionSummary>,
    /// Whether there are older revisions than those listed.
    pub truncated: bool,
    /// What went live and was taken down, newest first.
    pub publications: Vec<Publication>,
}

impl Representation for Provenance {}
