//! Revisions: who made what of a post, when, and on whose word.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ApiKeyId, ConversationId, Finding, GrantId, Markdown, Name, PostFields, PostId, ProposalId,
    PublicationId, RevisionId, Time, UserId,
};
use crate::model::Representation;

/// What kind of actor did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ActorKind {
    /// A person who is signed in.
    Person,
    /// A client with an API key.
    ApiKey,
    /// An MCP client, or an app that the user authorized.
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

/// Who did something, and with what. Names are those of the time when it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct By {
    /// The account.
    pub user_id: UserId,
    /// The name of the account's owner; null once the account was deleted.
    #[serde(default)]
    pub user_name: Option<Name>,
    /// Whether a person or a client acted.
    pub kind: ActorKind,
    /// The API key, if one was used.
    #[serde(default)]
    pub api_key_id: Option<ApiKeyId>,
    /// The name of the API key; null once the account was deleted.
    #[serde(default)]
    pub api_key_name: Option<Name>,
    /// The grant of the app, if one acted.
    #[serde(default)]
    pub grant_id: Option<GrantId>,
    /// The name that the client gave itself.
    #[serde(default)]
    pub client: Option<String>,
    /// The AI model that wrote it, as the client named it; for the built-in agent, as it is configured.
    #[serde(default)]
    pub model: Option<String>,
    /// The conversation in which the built-in agent did it. It is its owner's alone.
    #[serde(default)]
    pub conversation_id: Option<ConversationId>,
}

impl By {
    /// What the built-in agent is called where it acted; `None` for everybody else.
    #[must_use]
    pub fn agent_name(&self) -> Option<String> {
        let owner = self.user_name.as_ref().map_or("A deleted account", |name| name.as_str());
        (self.kind == ActorKind::Agent).then(|| format!("{owner}'s agent"))
    }

    /// Whether the same account acted with the same means, whatever they were called then.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let nameless = |by: &Self| Self { user_name: None, api_key_name: None, ..by.clone() };
        nameless(self) == nameless(other)
    }
}

/// The approval of a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    /// The proposal that became this revision.
    pub proposal_id: ProposalId,
    /// The account that approved it.
    pub by: UserId,
    /// The name of its owner then; null once the account was deleted.
    #[serde(default)]
    pub by_name: Option<Name>,
    /// When it happened.
    pub at: Time,
    /// Whether the person had the right to publish. Only then may an agent publish the revision.
    #[serde(default)]
    pub by_publisher: bool,
    /// The SHA-256, in hex, of what the person was shown as what readers would get; null for an
    /// approval from before this was recorded.
    #[serde(default)]
    pub content_digest: Option<String>,
    /// The findings that the person was shown.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

/// A revision without its body.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RevisionSummary {
    /// The revision's id.
    pub id: RevisionId,
    /// The post.
    pub post_id: PostId,
    /// The fields, without the body.
    #[serde(flatten)]
    pub fields: PostFields,
    /// The revision that it was made from; null for the first.
    pub parent_id: Option<RevisionId>,
    /// Who made the revision.
    pub created_by: By,
    /// Whether a person made it who had the right to publish.
    #[serde(default)]
    pub by_publisher: bool,
    /// The approval, if it was proposed; otherwise null.
    #[serde(default)]
    pub approval: Option<Approval>,
    /// When the revision was made.
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

/// How the published post changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum PublicationAction {
    /// A revision was published.
    Published,
    /// The post was unpublished.
    Unpublished,
}

/// An entry of a post's publication history.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Publication {
    /// The entry's id. Ids sort by time.
    pub id: PublicationId,
    /// What happened.
    pub action: PublicationAction,
    /// The revision that was published, or unpublished.
    pub revision_id: RevisionId,
    /// Who did it. For a scheduled publication, who scheduled it.
    pub by: By,
    /// Whether it was scheduled.
    #[serde(default)]
    pub scheduled: bool,
    /// When it happened.
    pub at: Time,
}

/// Who wrote, changed, approved and published a post.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Provenance {
    /// The post.
    pub post_id: PostId,
    /// The published revision; null if there is none.
    pub live_revision_id: Option<RevisionId>,
    /// Everyone who made the published revision (or the latest, if none is published) or one that
    /// it was made from.
    pub contributors: Vec<By>,
    /// The published revision (or the latest, if none is published) and those that it was made
    /// from, newest first.
    pub revisions: Vec<RevisionSummary>,
    /// Whether older revisions are missing from the list.
    pub truncated: bool,
    /// The publication history, newest first.
    pub publications: Vec<Publication>,
}

impl Representation for Provenance {}
