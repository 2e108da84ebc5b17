//! Conversations with the built-in agent, in the form of OpenAI's Conversations API: its clients read
//! these objects as they are.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{ConversationId, ConversationItemId, MessageText, Representation, Scope};

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

    /// The scope that somebody needs to choose the mode; `None` for the one that every caller may choose.
    #[must_use]
    pub const fn scope(self) -> Option<Scope> {
        match self {
            Self::Read => None,
            Self::Propose => Some(Scope::PostsPropose),
            Self::Draft => Some(Scope::PostsWrite),
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
    /// When the last message was added, in seconds since 1970. The conversation is deleted some time
    /// after: see `retention_days` of `GET /v1/agent`.
    pub last_used_at: i64,
    /// `mode`; `title`, once there is one; and the pairs of clients.
    pub metadata: BTreeMap<String, String>,
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

/// A message of a conversation.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ConversationItem {
    /// The id. Ids of a conversation sort by their order in it.
    pub id: ConversationItemId,
    /// Always `message`.
    pub r#type: String,
    /// Always `completed`.
    pub status: String,
    /// Who wrote it: `user`.
    pub role: String,
    /// The text, in the parts in which it was sent.
    pub content: Vec<MessagePart>,
}

impl Representation for ConversationItem {}

/// A part of a message.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct MessagePart {
    /// Always `input_text`.
    pub r#type: String,
    /// The text.
    pub text: MessageText,
}

impl ConversationItem {
    /// A message of the user.
    #[must_use]
    pub fn of_user(id: ConversationItemId, texts: Vec<MessageText>) -> Self {
        let part = |text| MessagePart { r#type: "input_text".to_owned(), text };
        Self {
            id,
            r#type: "message".to_owned(),
            status: "completed".to_owned(),
            role: "user".to_owned(),
            content: texts.into_iter().map(part).collect(),
        }
    }
}

impl ConversationItemId {
    /// The id of an item that is new now, with its place in the conversation: the lowest 32 bits of the
    /// id. So an id leads to its item without an index, and nobody guesses one by its place.
    #[must_use]
    pub fn at_place(now: super::Time, place: u32) -> Self {
        const PLACE: u128 = 0xffff_ffff;
        let ulid = Self::new(now).ulid();
        let random = ulid.random() & !PLACE | u128::from(place);
        Self::from_ulid(ulid::Ulid::from_parts(ulid.timestamp_ms(), random))
    }

    /// The place of the item in its conversation, from 0.
    #[must_use]
    pub fn place(&self) -> u32 {
        u32::try_from(self.ulid().random() & 0xffff_ffff).expect("32 bits are left")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Time;

    #[test]
    fn an_id_of_an_item_keeps_its_place() {
        let now = Time::from_millis(1_795_359_845_120);
        for place in [0, 1, 1999, u32::MAX] {
            let id = ConversationItemId::at_place(now, place);
            assert_eq!(id.place(), place);
            assert_ne!(id, ConversationItemId::at_place(now, place), "the rest is random");
            assert_eq!(id.as_str().parse::<ConversationItemId>(), Ok(id));
        }
    }
}
