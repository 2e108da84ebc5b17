//! What a conversation consists of, in the form of OpenAI's Conversations and Responses APIs: messages of
//! the user and the agent, and calls of tools.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ConversationItemId, MessageText, Representation, Time, ToolCall, hidden};

/// A message, or a call of a tool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ConversationItem {
    /// A message.
    Message(ConversationMessage),
    /// A call.
    Call(ToolCall),
}

impl Representation for ConversationItem {}

/// A message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConversationMessage {
    /// The id. Ids of a conversation sort by their order in it.
    pub id: ConversationItemId,
    /// Always `message`.
    pub r#type: String,
    /// `completed`; `in_progress` while the agent says it; `incomplete` if it did not finish it.
    pub status: MessageStatus,
    /// Who wrote it.
    pub role: MessageRole,
    /// The text, in parts.
    pub content: Vec<MessagePart>,
}

/// Whether a message is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum MessageStatus {
    /// It is.
    Completed,
    /// The agent says it just now. No message is stored so.
    InProgress,
    /// The rest is missing.
    Incomplete,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum MessageRole {
    /// The user.
    User,
    /// The agent.
    Assistant,
}

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MessagePart {
    /// `input_text` of the user, `output_text` of the agent.
    pub r#type: String,
    /// The text.
    pub text: MessageText,
    /// Always empty, and only with `output_text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<Vec<String>>,
    /// Always empty, and only with `output_text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logprobs: Option<Vec<String>>,
}

impl ConversationItem {
    /// A message of the user.
    #[must_use]
    pub fn of_user(id: ConversationItemId, texts: Vec<MessageText>) -> Self {
        let part = |text| MessagePart {
            r#type: "input_text".to_owned(),
            text,
            annotations: None,
            logprobs: None,
        };
        let content = texts.into_iter().map(part).collect();
        Self::message(id, MessageRole::User, MessageStatus::Completed, content)
    }

    /// A message of the agent. A model may write what nobody sees, which no text may hold: it is left out.
    #[must_use]
    pub fn of_agent(id: ConversationItemId, text: String, status: MessageStatus) -> Self {
        let visible = match hidden::replace(&text, |_| None).text {
            Cow::Owned(visible) => Some(visible),
            Cow::Borrowed(_) => None,
        };
        let part = MessagePart {
            r#type: "output_text".to_owned(),
            text: MessageText::trusted(visible.unwrap_or(text)),
            annotations: Some(Vec::new()),
            logprobs: Some(Vec::new()),
        };
        Self::message(id, MessageRole::Assistant, status, vec![part])
    }

    fn message(
        id: ConversationItemId,
        role: MessageRole,
        status: MessageStatus,
        content: Vec<MessagePart>,
    ) -> Self {
        let r#type = "message".to_owned();
        Self::Message(ConversationMessage { id, r#type, status, role, content })
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &ConversationItemId {
        match self {
            Self::Message(message) => &message.id,
            Self::Call(call) => &call.id,
        }
    }

    /// How many bytes of text it has.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::Message(message) => {
                message.content.iter().map(|part| part.text.as_str().len()).sum()
            }
            Self::Call(call) => {
                let returned = call.returned().map_or(0, str::len);
                call.name.len() + call.arguments.len() + returned
            }
        }
    }
}

impl ConversationMessage {
    /// The text of all parts.
    #[must_use]
    pub fn text(&self) -> String {
        self.content.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join("\n\n")
    }
}

impl ConversationItemId {
    /// The id of an item that is new now, with its place in the conversation: the lowest 32 bits of the
    /// id. So an id leads to its item without an index, and nobody guesses one by its place.
    #[must_use]
    pub fn at_place(now: Time, place: u32) -> Self {
        const PLACE: u128 = 0xffff_ffff;
        let ulid = Self::new(now).ulid();
        let random = ulid.random() & !PLACE | u128::from(place);
        Self::from_ulid(ulid::Ulid::from_parts(ulid.timestamp_ms(), random))
    }

    /// When the item was made.
    #[must_use]
    pub fn time(&self) -> Time {
        Time::from_millis(i64::try_from(self.ulid().timestamp_ms()).unwrap_or(i64::MAX))
    }

    /// The place of the item in its conversation, from 0.
    #[must_use]
    pub fn place(&self) -> u32 {
        u32::try_from(self.ulid().random() & 0xffff_ffff).expect("32 bits are left")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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

    #[test]
    fn items_have_the_members_that_openais_sdks_read_and_read_back() {
        let id = ConversationItemId::at_place(Time::from_millis(0), 7);
        let hidden = "Y\u{202e}e\u{200b}\u{200b}\u{200b}s.".to_owned();
        let answer = ConversationItem::of_agent(id.clone(), hidden, MessageStatus::Completed);
        let call = ToolCall::new(id.clone(), "search".to_owned(), "{}".to_owned());
        let failed = call.clone().failed("No such tool.".to_owned());
        let output = json!([{
            "type": "output_text", "text": "Yes.", "annotations": [], "logprobs": [],
        }]);
        let error = json!({
            "type": "mcp_tool_execution_error",
            "content": [{ "type": "text", "text": "No such tool." }],
        });
        let of_call = |status: &str, output: serde_json::Value, error: serde_json::Value| {
            json!({
                "id": id, "type": "mcp_call", "status": status, "server_label": "byline",
                "name": "search", "arguments": "{}", "output": output, "error": error,
                "approval_request_id": null,
            })
        };
        for (item, expected) in [
            (
                answer,
                json!({
                    "id": id, "type": "message", "status": "completed", "role": "assistant",
                    "content": output,
                }),
            ),
            (ConversationItem::Call(call.clone()), of_call("calling", json!(null), json!(null))),
            (
                ConversationItem::Call(call.completed("[]".to_owned())),
                of_call("completed", json!("[]"), json!(null)),
            ),
            (ConversationItem::Call(failed), of_call("failed", json!(null), error)),
        ] {
            assert_eq!(serde_json::to_value(&item).unwrap(), expected);
            assert_eq!(serde_json::from_value::<ConversationItem>(expected).unwrap(), item);
        }
    }
}
