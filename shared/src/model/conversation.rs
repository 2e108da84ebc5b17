//! Conversations with the built-in agent, in the form of OpenAI's Conversations API: its clients read
//! these objects as they are.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ConversationId, Representation, ResponseId, Scope};

/// What the agent may do in a conversation, on top of the modes before it. It never does more than the
/// person's role and the credential allow.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum AgentMode {
    /// It reads.
    Read,
    /// It proposes changes, which a person reviews.
    Propose,
    /// It also creates and edits drafts.
    Draft,
}

impl AgentMode {
    /// Every mode, the most careful first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Propose, Self::Draft];

    /// Its name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Propose => "propose",
            Self::Draft => "draft",
        }
    }

    /// What the agent may do in it, as a sentence for people and models.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Read => "In this conversation the agent may only read.",
            Self::Propose => "In this conversation the agent may only read and propose changes.",
            Self::Draft => {
                "In this conversation the agent may read, propose changes, and create and edit drafts."
            }
        }
    }

    /// The scope that somebody needs to choose the mode; `None` for the one that every caller may choose.
    #[must_use]
    pub const fn scope(self) -> Option<Scope> {
        match self {
            Self::Read => None,
            Self::Propose => Some(Scope::PostsPropose),
            Self::Draft => Some(Scope::PostsWrite),
        }
    }

    /// Whether the agent may use a scope in this mode, if the person and the credential have it. In none
    /// may it publish, delete, upload, change settings, or hold conversations of its own.
    #[must_use]
    pub fn allows(self, scope: Scope) -> bool {
        match scope {
            Scope::Profile | Scope::PostsRead => true,
            Scope::PostsPropose => self >= Self::Propose,
            Scope::PostsWrite => self >= Self::Draft,
            Scope::PostsPublish
            | Scope::PostsDelete
            | Scope::MediaWrite
            | Scope::Conversations
            | Scope::Admin => false,
        }
    }
}

/// A conversation with the built-in agent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Conversation {
    /// The id.
    pub id: ConversationId,
    /// Always `conversation`.
    pub object: &'static str,
    /// When it was started, in seconds since 1970.
    pub created_at: i64,
    /// When the user said something last, in seconds since 1970. The conversation is deleted some time
    /// after: see `retention_days` of `GET /v1/agent`.
    pub last_used_at: i64,
    /// `mode`; `title`, once there is one; and the pairs of clients.
    pub metadata: BTreeMap<String, String>,
    /// The response that the agent works on, to read or to cancel it; null if there is none. It stays here if its
    /// process ended before it had answered, until the next one begins: it reads as
    /// `incomplete` then.
    pub running_response_id: Option<ResponseId>,
}

impl Representation for Conversation {}

/// The metadata of a conversation as a client sends it: texts by name.
///
/// Its schema is that of any object, because our validator knows no maps: `agent::metadata` holds it to
/// its limits.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConversationMetadata(pub Map<String, Value>);

impl JsonSchema for ConversationMetadata {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ConversationMetadata".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mode_allows_what_it_says_and_no_mode_makes_anything_live() {
        let allowed = |mode: AgentMode| {
            let allowed = Scope::ALL.into_iter().filter(|scope| mode.allows(*scope));
            allowed.map(Scope::as_str).collect::<Vec<_>>()
        };
        assert_eq!(allowed(AgentMode::Read), ["profile", "posts:read"]);
        assert_eq!(allowed(AgentMode::Propose), ["profile", "posts:read", "posts:propose"]);
        let draft = ["profile", "posts:read", "posts:write", "posts:propose"];
        assert_eq!(allowed(AgentMode::Draft), draft);
        for mode in AgentMode::ALL {
            assert!(mode.scope().is_none_or(|scope| mode.allows(scope)), "{}", mode.as_str());
        }
    }
}
