//! A turn of a conversation: a message of the user, and all that the agent does until it has answered.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a turn is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum TurnStatus {
    /// The agent works.
    InProgress,
    /// It has answered.
    Completed,
    /// It stopped before it had answered: `incomplete_details` says why.
    Incomplete,
    /// Its model failed: `error` says how.
    Failed,
    /// The user stopped it.
    Cancelled,
}

/// Why a turn ended without an answer. The names of OpenAI's API come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum TurnReason {
    /// An answer of its model was too long.
    MaxOutputTokens,
    /// The model server withheld an answer.
    ContentFilter,
    /// It took more steps or calls than a turn may, or made the same call again and again.
    MaxMessages,
    /// It took longer than a turn may.
    TimeLimit,
    /// The conversation takes no more messages.
    ConversationFull,
    /// The budget of the month is spent.
    BudgetSpent,
    /// The user may not use the agent any more: signed out, disabled, or with another role or scopes.
    AccessEnded,
    /// Its process ended before it did.
    Interrupted,
}

/// Why a turn failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum TurnFault {
    /// The model server cannot be reached, or what it sent cannot be read.
    ServerError,
    /// The model server has no capacity for now.
    RateLimitExceeded,
    /// The model server refuses what it is sent, and will again: a wrong key, model or address.
    ModelRefused,
}

impl TurnFault {
    /// What the user is told.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::ServerError => {
                "The agent could not answer, because its model or the database did not. Try again. If \
                 it fails again, ask an admin to look for the cause in the log."
            }
            Self::RateLimitExceeded => {
                "The agent's model has no capacity now. Try again in a minute."
            }
            Self::ModelRefused => {
                "The agent could not answer, because the server of its model refused the request. It \
                 will refuse it again: ask an admin to look for the cause in the log. Often it is \
                 the key, the name of the model or the URL of the server."
            }
        }
    }
}

/// What a turn took from the model, in tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnUsage {
    /// Of the requests.
    pub input: u64,
    /// Of these, what the model server had kept.
    pub cached: u64,
    /// Of the answers.
    pub output: u64,
    /// Of these, what the model thought with.
    pub reasoning: u64,
}

impl TurnUsage {
    /// All of it.
    #[must_use]
    pub fn total(self) -> u64 {
        self.input.saturating_add(self.output)
    }

    /// This and more.
    #[must_use]
    pub fn plus(self, more: Self) -> Self {
        Self {
            input: self.input.saturating_add(more.input),
            cached: self.cached.saturating_add(more.cached),
            output: self.output.saturating_add(more.output),
            reasoning: self.reasoning.saturating_add(more.reasoning),
        }
    }
}
