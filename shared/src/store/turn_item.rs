//! A turn of a conversation, as it is stored.

use serde::{Deserialize, Serialize};

use super::keys::{self, Key};
use super::usage::Reservation;
use crate::model::{
    ConversationItem, ConversationItemId, MessageStatus, ResponseId, Time, TurnFault, TurnReason,
    TurnStatus, TurnUsage, UserId,
};

/// A turn.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TurnItem {
    /// The id.
    pub id: ResponseId,
    /// Whose conversation it is in.
    pub user_id: UserId,
    /// The name of the agent's model.
    pub model: String,
    /// How it is.
    pub status: TurnStatus,
    /// Why it is incomplete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<TurnReason>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<TurnFault>,
    /// The digest of what the user said.
    pub input: String,
    /// The place of the first item of the agent.
    pub first_place: u32,
    /// The place after the last one, as far as it was written down.
    pub next_place: u32,
    /// What it took.
    pub usage: TurnUsage,
    /// When it began.
    pub started_at: Time,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Time>,
    /// Until when its runner has it. If that is over, the runner is gone.
    pub lease_until: Time,
    /// Whether the user wants it to stop.
    #[serde(default)]
    pub cancel: bool,
    /// The turn before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<ResponseId>,
    /// What the agent is saying, as of a second ago: for those who follow from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saying: Option<Saying>,
    /// What is reserved for its request to the model, until that is settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<Reservation>,
}

/// A message that the agent is saying. It is an item of the conversation when it is complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saying {
    /// The id that the message has and will have.
    pub id: ConversationItemId,
    /// The beginning of its text.
    pub text: String,
}

impl TurnItem {
    /// What the agent is saying. The renewal that noted it may have been outrun by the message itself.
    #[must_use]
    pub fn saying(&self) -> Option<&Saying> {
        self.saying.as_ref().filter(|saying| saying.id.place() == self.next_place)
    }

    /// The same as a message, which may be cut off: nobody goes on with it if the runner is gone.
    #[must_use]
    pub fn message_in_progress(&self, now: Time) -> Option<ConversationItem> {
        let Saying { id, text } = self.saying()?.clone();
        let status = match self.is_running(now) {
            true => MessageStatus::InProgress,
            false => MessageStatus::Incomplete,
        };
        Some(ConversationItem::of_agent(id, text, status))
    }

    /// Whether a runner has it.
    #[must_use]
    pub fn is_running(&self, now: Time) -> bool {
        self.status == TurnStatus::InProgress && self.lease_until > now
    }

    pub(super) fn key(&self) -> Key {
        keys::turn(&self.id)
    }
}

/// Which turn a request with an idempotency key started.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TurnKey {
    /// The digest of the key.
    pub digest: String,
    /// The turn.
    pub response_id: ResponseId,
    /// The digest of what the user said.
    pub input: String,
}
