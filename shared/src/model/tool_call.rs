//! A call of a tool in a conversation.
//!
//! It is an `mcp_call`: the one standard item that says that the server ran a tool itself. It holds its
//! output, so that the two are always there together.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ConversationItemId;

/// A call of a tool, with what it returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ConversationToolCall")]
pub struct ToolCall {
    /// The id. Ids of a conversation sort by their order in it.
    pub id: ConversationItemId,
    /// Always `mcp_call`.
    pub r#type: String,
    /// How far it is.
    pub status: CallStatus,
    /// Always `byline`.
    pub server_label: String,
    /// The tool.
    pub name: String,
    /// The arguments: JSON, as the agent's model wrote it.
    pub arguments: String,
    /// What the tool returned; null until it has.
    pub output: Option<String>,
    /// Why it failed; null if it did not.
    pub error: Option<ToolCallError>,
    /// Always null: no call waits for an approval in the conversation.
    pub approval_request_id: Option<String>,
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum CallStatus {
    /// The tool runs.
    Calling,
    /// It has returned.
    Completed,
    /// It has failed, and changed nothing.
    Failed,
    /// It was interrupted: whether it changed something is not known.
    Incomplete,
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ToolCallError {
    /// Always `mcp_tool_execution_error`.
    pub r#type: String,
    /// One text.
    pub content: Vec<ToolCallErrorText>,
}

/// The text of an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ToolCallErrorText {
    /// Always `text`.
    pub r#type: String,
    /// What went wrong, as the agent's model was told.
    pub text: String,
}

impl ToolCall {
    /// A call that is about to run.
    #[must_use]
    pub fn new(id: ConversationItemId, name: String, arguments: String) -> Self {
        Self {
            id,
            r#type: "mcp_call".to_owned(),
            status: CallStatus::Calling,
            server_label: "byline".to_owned(),
            name,
            arguments,
            output: None,
            error: None,
            approval_request_id: None,
        }
    }

    /// The same with what the tool returned.
    #[must_use]
    pub fn completed(self, output: String) -> Self {
        Self { status: CallStatus::Completed, output: Some(output), error: None, ..self }
    }

    /// The same with the reason why it failed.
    #[must_use]
    pub fn failed(self, text: String) -> Self {
        self.ended(CallStatus::Failed, text)
    }

    /// The same, interrupted while it ran.
    #[must_use]
    pub fn interrupted(self) -> Self {
        const TEXT: &str = "The call was interrupted, and its outcome is not known. Look whether the \
                            change was made before you repeat it.";
        self.ended(CallStatus::Incomplete, TEXT.to_owned())
    }

    fn ended(self, status: CallStatus, text: String) -> Self {
        let text = ToolCallErrorText { r#type: "text".to_owned(), text };
        let r#type = "mcp_tool_execution_error".to_owned();
        let error = Some(ToolCallError { r#type, content: vec![text] });
        Self { status, output: None, error, ..self }
    }

    /// What the tool returned, or why it failed.
    #[must_use]
    pub fn returned(&self) -> Option<&str> {
        let error = || self.error.as_ref()?.content.first().map(|part| part.text.as_str());
        self.output.as_deref().or_else(error)
    }
}
