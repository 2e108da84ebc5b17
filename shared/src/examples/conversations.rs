//! A conversation with the built-in agent.

use super::time;
use crate::model::{Conversation, ConversationItem, MessageText};

/// The example conversation.
pub const CONVERSATION_ID: &str = "conv_01JD9ZQ9V8Q2M4T6W8X0Y2Z4K6";
/// Its message, which is its first one.
pub const CONVERSATION_ITEM_ID: &str = "item_01JD9ZQAV8Q2M4T6W8X0000000";
/// Its text.
pub const MESSAGE: &str = "Which drafts wait for a review?";

/// A conversation.
#[must_use]
pub fn conversation() -> Conversation {
    let metadata = [("mode", "propose"), ("title", MESSAGE)];
    let metadata = metadata.map(|(name, text)| (name.to_owned(), text.to_owned()));
    Conversation {
        id: CONVERSATION_ID.parse().expect("the constant is an id"),
        object: "conversation",
        created_at: time(60).as_seconds(),
        last_used_at: time(60).as_seconds(),
        metadata: metadata.into_iter().collect(),
    }
}

/// Its message.
#[must_use]
pub fn conversation_item() -> ConversationItem {
    let id = CONVERSATION_ITEM_ID.parse().expect("the constant is an id");
    ConversationItem::of_user(id, vec![MessageText::trusted(MESSAGE)])
}
