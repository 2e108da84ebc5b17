//! What a model is asked.

use serde_json::Value;

/// A request. `to_model` makes the messages, so that every server takes them.
#[derive(Clone, Debug)]
pub(in crate::agent) struct ModelRequest {
    /// What the model is and must do. Never text of users or posts.
    pub(in crate::agent) system: String,
    /// The conversation.
    pub(in crate::agent) messages: Vec<ModelMessage>,
    /// The tools that it may call, in a stable order: servers that keep prompts find them again then.
    pub(in crate::agent) tools: Vec<ToolDefinition>,
    /// How many tokens the answer may have.
    pub(in crate::agent) max_output_tokens: u32,
    /// Names the conversation for servers that keep prompts.
    pub(in crate::agent) cache_key: String,
}

#[cfg(test)]
impl ModelRequest {
    /// A request that asks nothing.
    pub(in crate::agent) fn empty() -> Self {
        Self {
            system: String::new(),
            messages: Vec::new(),
            tools: Vec::new(),
            max_output_tokens: 1000,
            cache_key: String::new(),
        }
    }
}

/// A message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::agent) enum ModelMessage {
    /// The user says something.
    User(String),
    /// The model says something, calls tools, or both. The outputs of its calls follow it, in their
    /// order.
    Assistant {
        /// The text; empty only if there are calls.
        text: String,
        /// The calls.
        calls: Vec<ModelCall>,
    },
    /// What a call returned.
    Output {
        /// The id of the call.
        call: String,
        /// The text, which is never empty.
        text: String,
        /// Whether the call failed.
        failed: bool,
    },
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::agent) struct ModelCall {
    /// Nine letters and digits, unique in the request: no server asks for more or takes less.
    pub(in crate::agent) id: String,
    /// The tool: 1 to 64 of `a-z`, `A-Z`, `0-9`, `_` and `-`.
    pub(in crate::agent) name: String,
    /// A JSON object.
    pub(in crate::agent) arguments: String,
}

/// A tool, as a model is told of it.
#[derive(Clone, Debug)]
pub struct ToolDefinition {
    /// The name: 1 to 64 of `a-z`, `A-Z`, `0-9`, `_` and `-`.
    pub name: &'static str,
    /// When to call it, and what it returns.
    pub description: &'static str,
    /// The JSON Schema of its arguments, an object.
    pub parameters: Value,
}
