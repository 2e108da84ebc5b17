//! A conversation with the built-in agent.

use super::time;
use crate::model::{
    Conversation, ConversationItem, ConversationItemId, MessageStatus, MessageText, Response,
    ResponseId, ResponseParts, TurnStatus, TurnUsage,
};

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
        running_response_id: None,
    }
}

/// Its message.
#[must_use]
pub fn conversation_item() -> ConversationItem {
    let id = CONVERSATION_ITEM_ID.parse().expect("the constant is an id");
    ConversationItem::of_user(id, vec![MessageText::trusted(MESSAGE)])
}

/// The answer to it.
pub const RESPONSE_ID: &str = "resp_01JD9ZQ9V8Q2M4T6W8X0Y2Z4K601JD9ZQBV8Q2M4T6W8X0Y2Z4K6";
/// What the agent says in it.
const ANSWER: &str = "Two drafts wait: *Hello, world* and *Field notes*.";

/// The agent's answer.
#[must_use]
pub fn response() -> Response {
    let id: ResponseId = RESPONSE_ID.parse().expect("the constant is an id");
    let item = ConversationItemId::from_ulid(
        ulid::Ulid::from_string("01JD9ZQBV8Q2M4T6W8X0000001").expect("the constant is a ULID"),
    );
    let answer = ConversationItem::of_agent(item, ANSWER.to_owned(), MessageStatus::Completed);
    let usage = TurnUsage { input: 1900, cached: 0, output: 24, reasoning: 0 };
    Response::new(ResponseParts {
        id,
        created_at: time(61).as_seconds(),
        completed_at: Some(time(63).as_seconds()),
        status: TurnStatus::Completed,
        reason: None,
        fault: None,
        model: "gpt-oss:20b".to_owned(),
        output: vec![answer],
        previous: None,
        usage: Some(usage),
    })
}
