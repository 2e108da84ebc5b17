//! A turn in the form of OpenAI's Responses API. Its clients need more members than say something here:
//! those are constant.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    ConversationId, ConversationItem, Representation, ResponseId, TurnFault, TurnReason,
    TurnStatus, TurnUsage,
};

/// What the agent answers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AgentResponse")]
pub struct Response {
    /// The id.
    pub id: ResponseId,
    /// Always `response`.
    pub object: &'static str,
    /// When the agent began, in seconds since 1970.
    pub created_at: i64,
    /// When it ended, in seconds since 1970; null while it works.
    pub completed_at: Option<i64>,
    /// How it is.
    pub status: TurnStatus,
    /// Why it is incomplete; null if it is not.
    pub incomplete_details: Option<IncompleteDetails>,
    /// Why it failed; null if it did not.
    pub error: Option<ResponseError>,
    /// The agent's model.
    pub model: String,
    /// What the agent said and did, in its order.
    pub output: Vec<ConversationItem>,
    /// The conversation that it is a part of.
    pub conversation: ResponseConversation,
    /// The response before it in the conversation; null for the first one.
    pub previous_response_id: Option<ResponseId>,
    /// What it took from the model; null while the agent works, and if its process ended before it had
    /// answered.
    pub usage: Option<ResponseUsage>,
    /// Always empty: the metadata of the conversation is at the conversation.
    pub metadata: BTreeMap<String, String>,
    #[serde(flatten)]
    constants: Constants,
}

impl Representation for Response {}

/// The conversation of a response.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ResponseConversation {
    /// Its id.
    pub id: ConversationId,
}

/// Why a response is incomplete.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ResponseIncompleteDetails")]
pub struct IncompleteDetails {
    /// The reason.
    pub reason: TurnReason,
}

/// Why a response failed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ResponseError {
    /// The kind of failure.
    pub code: TurnFault,
    /// What happened, and what to do next.
    pub message: String,
}

/// What a response took from the model, in tokens.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ResponseUsage {
    /// Of the requests to the model.
    pub input_tokens: u64,
    /// What is known of these.
    pub input_tokens_details: InputTokensDetails,
    /// Of the model's answers.
    pub output_tokens: u64,
    /// What is known of these.
    pub output_tokens_details: OutputTokensDetails,
    /// Both together.
    pub total_tokens: u64,
}

/// What is known of the tokens of requests.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InputTokensDetails {
    /// Those that the model server had kept from earlier requests.
    pub cached_tokens: u64,
}

/// What is known of the tokens of answers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OutputTokensDetails {
    /// Those that the model thought with.
    pub reasoning_tokens: u64,
}

impl From<TurnUsage> for ResponseUsage {
    fn from(usage: TurnUsage) -> Self {
        Self {
            input_tokens: usage.input,
            input_tokens_details: InputTokensDetails { cached_tokens: usage.cached },
            output_tokens: usage.output,
            output_tokens_details: OutputTokensDetails { reasoning_tokens: usage.reasoning },
            total_tokens: usage.total(),
        }
    }
}

/// What every response has, because clients of OpenAI's API expect it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Constants {
    /// Always null: Byline instructs its agent itself.
    instructions: Option<String>,
    /// Always empty: the agent's tools are Byline's own.
    tools: Vec<String>,
    /// Always `auto`.
    tool_choice: &'static str,
    /// Always true.
    parallel_tool_calls: bool,
    /// Always null.
    max_tool_calls: Option<u32>,
    /// Always null.
    max_output_tokens: Option<u32>,
    /// Always `auto`: of a long conversation the model gets the end.
    truncation: &'static str,
    /// The form of the answer.
    text: ResponseText,
    /// Always null.
    reasoning: Option<String>,
    /// Always 1.
    temperature: f64,
    /// Always 1.
    top_p: f64,
    /// Always 0.
    top_logprobs: u32,
    /// Always 0.
    presence_penalty: f64,
    /// Always 0.
    frequency_penalty: f64,
    /// Always true: a response is kept with its conversation.
    store: bool,
    /// Always false.
    background: bool,
    /// Always `default`.
    service_tier: &'static str,
    /// Always null.
    user: Option<String>,
    /// Always null.
    safety_identifier: Option<String>,
    /// Always null.
    prompt_cache_key: Option<String>,
}

/// The form of a response's text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ResponseText {
    /// Plain text.
    format: ResponseTextFormat,
}

/// The form of a response's text.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct ResponseTextFormat {
    /// Always `text`.
    r#type: &'static str,
}

/// What is not constant of a response.
pub struct ResponseParts {
    /// Its id.
    pub id: ResponseId,
    /// When the agent began, in seconds since 1970.
    pub created_at: i64,
    /// When it ended.
    pub completed_at: Option<i64>,
    /// How it is.
    pub status: TurnStatus,
    /// Why it is incomplete.
    pub reason: Option<TurnReason>,
    /// Why it failed.
    pub fault: Option<TurnFault>,
    /// The agent's model.
    pub model: String,
    /// What the agent said and did.
    pub output: Vec<ConversationItem>,
    /// The response before it.
    pub previous: Option<ResponseId>,
    /// What it took.
    pub usage: Option<TurnUsage>,
}

impl Response {
    /// The response with these parts.
    #[must_use]
    pub fn new(parts: ResponseParts) -> Self {
        let error = |code: TurnFault| ResponseError { code, message: code.message().to_owned() };
        Self {
            object: "response",
            created_at: parts.created_at,
            completed_at: parts.completed_at,
            status: parts.status,
            incomplete_details: parts.reason.map(|reason| IncompleteDetails { reason }),
            error: parts.fault.map(error),
            model: parts.model,
            output: parts.output,
            conversation: ResponseConversation { id: parts.id.conversation() },
            id: parts.id,
            previous_response_id: parts.previous,
            usage: parts.usage.map(ResponseUsage::from),
            metadata: BTreeMap::new(),
            constants: Constants {
                instructions: None,
                tools: Vec::new(),
                tool_choice: "auto",
                parallel_tool_calls: true,
                max_tool_calls: None,
                max_output_tokens: None,
                truncation: "auto",
                text: ResponseText { format: ResponseTextFormat { r#type: "text" } },
                reasoning: None,
                temperature: 1.0,
                top_p: 1.0,
                top_logprobs: 0,
                presence_penalty: 0.0,
                frequency_penalty: 0.0,
                store: true,
                background: false,
                service_tier: "default",
                user: None,
                safety_identifier: None,
                prompt_cache_key: None,
            },
        }
    }
}
