//! The keys of `agent`.

use super::Key;
use crate::model::{ConversationId, UserId};

/// The head of a conversation.
#[must_use]
pub fn conversation(id: &ConversationId) -> Key {
    Key::new(of_conversation(id), "CONVERSATION")
}

/// Partition of a conversation and its items.
#[must_use]
pub fn of_conversation(id: &ConversationId) -> String {
    format!("{CONVERSATION_PREFIX}{id}")
}

/// Prefix of the partition keys of conversations.
pub const CONVERSATION_PREFIX: &str = "CONVERSATION#";

/// An item of a conversation, by its place.
#[must_use]
pub fn conversation_item(id: &ConversationId, place: u32) -> Key {
    Key::new(of_conversation(id), conversation_place(place))
}

/// The sort key of an item: of a fixed length, so that keys sort as places do.
#[must_use]
pub fn conversation_place(place: u32) -> String {
    format!("{CONVERSATION_ITEM_PREFIX}{place:010}")
}

/// A part of a conversation whose sort key was read.
#[must_use]
pub fn part_of_conversation(id: &ConversationId, sk: &str) -> Key {
    Key::new(of_conversation(id), sk)
}

/// Prefix of the sort keys of items.
pub const CONVERSATION_ITEM_PREFIX: &str = "ITEM#";

/// That a conversation is being deleted: its head is gone, and its items go.
#[must_use]
pub fn conversation_deletion(id: &ConversationId) -> Key {
    Key::new(of_conversation(id), "DELETION")
}

/// Partition of the conversations of a user in `gsi1`, by their last use.
#[must_use]
pub fn conversations_of(user: &UserId) -> String {
    format!("{CONVERSATIONS_PREFIX}{user}")
}

/// How many conversations a user has.
#[must_use]
pub fn conversation_count(user: &UserId) -> Key {
    Key::new(conversations_of(user), "COUNT")
}

/// Prefix of the partition keys of these numbers.
pub const CONVERSATIONS_PREFIX: &str = "CONVERSATIONS#";

/// Partition of all conversations in `gsi2`, by their last use.
pub const CONVERSATIONS: &str = "CONVERSATIONS";

/// Partition of unfinished deletions in `gsi2`.
pub const CONVERSATION_DELETIONS: &str = "DELETIONS";
