//! The head of a conversation and its items, as they are stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::keys;
use crate::model::{
    AgentMode, ConversationId, ConversationItem, ConversationTitle, ResponseId, Time, UserId,
};

/// The head of a conversation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConversationHead {
    /// The id.
    pub id: ConversationId,
    /// Whose it is.
    pub user_id: UserId,
    /// The title: given by a person, or the beginning of the first message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<ConversationTitle>,
    /// The place of the message whose beginning the title is; none for a title that a person gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_from: Option<u32>,
    /// What the agent may do in it.
    pub mode: AgentMode,
    /// The pairs that clients keep with it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub metadata: BTreeMap<String, String>,
    /// When it was started.
    pub created_at: Time,
    /// When the last message was added.
    pub used_at: Time,
    /// Incremented with each change.
    pub version: u64,
    /// The place of the next item.
    pub next_place: u32,
    /// The turn that runs, or whose end nobody wrote down. While it runs, only its runner adds items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<ResponseId>,
    /// The last turn that ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_response: Option<ResponseId>,
}

/// An item as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ItemRecord {
    /// The item.
    #[serde(flatten)]
    pub item: ConversationItem,
    /// For what the agent said or did: the place of the first item of the same answer of its model. Models
    /// get calls of one answer back as calls of one answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
}

impl ItemRecord {
    /// A message of the user.
    #[must_use]
    pub fn of_user(item: ConversationItem) -> Self {
        Self { item, step: None }
    }
}

impl ConversationHead {
    /// The same with the next version.
    #[must_use]
    pub fn next(&self) -> Self {
        Self { version: self.version + 1, ..self.clone() }
    }
}

/// A head with its index attributes.
#[derive(Serialize)]
pub(super) struct Indexed<'a> {
    #[serde(flatten)]
    head: &'a ConversationHead,
    gsi1pk: String,
    gsi1sk: String,
    gsi2pk: &'static str,
    gsi2sk: String,
}

impl<'a> Indexed<'a> {
    pub(super) fn new(head: &'a ConversationHead) -> Self {
        let position = keys::position(head.used_at, &head.id);
        Self {
            head,
            gsi1pk: keys::conversations_of(&head.user_id),
            gsi1sk: position.clone(),
            gsi2pk: keys::CONVERSATIONS,
            gsi2sk: position,
        }
    }
}
