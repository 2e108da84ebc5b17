//! What part agents had in a published text: computed from who saved its revisions, never typed in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What part agents had in a published text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AiPart {
    /// Whether an agent saved one of the revisions that led to the published one. Null if that is not known: a
    /// revision was imported or saved with an API key, which scripts use as well as agents, or there are too many to
    /// look at.
    pub assisted: Option<bool>,
    /// The agents, the last one first; at most 10.
    pub agents: Vec<AiAgent>,
    /// Whether a person with the right to publish wrote or approved the published revision, or published it. An import
    /// is none of these.
    pub reviewed_by_person: bool,
}

/// An agent that saved a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AiAgent {
    /// The kind of agent.
    pub kind: AiAgentKind,
    /// The model of the built-in agent, as the publication configured it then. Null for others: what they call
    /// themselves and their model, nobody reviewed.
    pub model: Option<String>,
}

/// A kind of agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum AiAgentKind {
    /// An MCP client, or an app that the user authorized.
    McpClient,
    /// The agent of Byline itself.
    Agent,
}
