//! The keys of `agent`.

use ulid::Ulid;

use super::Key;
use crate::model::{ConversationId, ResponseId, Time, UserId};

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

/// A turn of a conversation.
#[must_use]
pub fn turn(id: &ResponseId) -> Key {
    Key::new(of_conversation(&id.conversation()), format!("TURN#{}", id.turn()))
}

/// The range of the sort keys of the turns that began until a time; of all turns without one.
#[must_use]
pub fn turns_until(time: Option<Time>) -> (String, String) {
    let last = time.map_or(u64::MAX >> 16, |time| time.as_millis().max(0).unsigned_abs());
    ("TURN#".to_owned(), format!("TURN#{}", Ulid::from_parts(last, u128::MAX)))
}

/// Which turn a request with this digest of an idempotency key started.
#[must_use]
pub fn turn_key(conversation: &ConversationId, digest: &str) -> Key {
    Key::new(of_conversation(conversation), format!("KEY#{digest}"))
}

/// The range of the sort keys of items, turns and keys: everything of a conversation but its head and its
/// deletion.
pub const PARTS_OF_CONVERSATION: (&str, &str) = ("ITEM#", "TURN#~");

/// What a user took from the model in a month.
#[must_use]
pub fn usage(user: &UserId, month: &str) -> Key {
    Key::new(usage_of(user), month)
}

/// Partition of what a user took.
#[must_use]
pub fn usage_of(user: &UserId) -> String {
    format!("{USAGE_PREFIX}{user}")
}

/// What all users together took in a month.
#[must_use]
pub fn usage_of_site(month: &str) -> Key {
    Key::new(format!("{USAGE_PREFIX}SITE"), month)
}

/// Prefix of the partition keys of usage.
pub const USAGE_PREFIX: &str = "USAGE#";

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

/// Which turns of a user run.
#[must_use]
pub fn running_turns(user: &UserId) -> Key {
    Key::new(conversations_of(user), "TURNS")
}

/// Prefix of the partition keys of these two.
pub const CONVERSATIONS_PREFIX: &str = "CONVERSATIONS#";

/// Partition of all conversations in `gsi2`, by their last use.
pub const CONVERSATIONS: &str = "CONVERSATIONS";

/// Partition of unfinished deletions in `gsi2`.
pub const CONVERSATION_DELETIONS: &str = "DELETIONS";
