//! Whether the agent is on, and what its callers may do.

use schemars::JsonSchema;
use serde::Serialize;

use super::{MAX_CONVERSATIONS, MAX_ITEMS, MAX_MESSAGE_BYTES, MAX_NEW_ITEMS};
use crate::auth::Caller;
use crate::config::AgentModel;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::{AgentMode, Representation};
use crate::store::usage;

/// What to do where it is off.
const HOW: &str = "The built-in agent is off. To turn it on, set BYLINE_AGENT_PROVIDER, \
                   BYLINE_AGENT_MODEL and, with openai, BYLINE_AGENT_BASE_URL, or on AWS the parameters \
                   AgentProvider, AgentModel and AgentBaseUrl of the stack. Existing conversations can \
                   be read, renamed and deleted meanwhile.";

/// The built-in agent, as the caller may use it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AgentStatus")]
pub struct Status {
    /// Always `agent`.
    pub object: &'static str,
    /// Whether it is on: conversations can be started, and messages added.
    pub enabled: bool,
    /// Its model; null while it is off.
    pub model: Option<String>,
    /// The URL of the same operations where answers come as they are made: the base URL for clients. Null while
    /// the agent is off.
    pub stream_url: Option<String>,
    /// How to turn it on; null while it is on.
    pub how: Option<&'static str>,
    /// The modes that you may give to a conversation.
    pub modes: Vec<AgentMode>,
    /// The number of days after which a conversation that nobody used is deleted.
    pub retention_days: u16,
    /// What was taken from the model this month; null while the agent is off.
    pub usage: Option<MonthUsage>,
    /// The limits on conversations.
    pub limits: Limits,
}

/// What was taken from the model in a month (UTC), in tokens.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AgentUsage")]
pub struct MonthUsage {
    /// The month, as `2026-11`.
    pub month: String,
    /// What you took.
    pub own: Budget,
    /// What all users of the publication took together.
    pub publication: Budget,
}

/// Tokens, and how many there may be.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AgentBudget")]
pub struct Budget {
    /// What was used. If there is a limit, also what running answers have reserved: it counts until they are over.
    pub tokens: u64,
    /// What may be taken in a month; null for any number.
    pub limit: Option<u64>,
}

/// The limits on conversations.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AgentLimits")]
pub struct Limits {
    /// How many conversations you may have.
    pub conversations: u32,
    /// How many messages a conversation takes, with those that were deleted.
    pub items: u32,
    /// How many messages a request may add.
    pub new_items: usize,
    /// The longest message, in bytes of UTF-8.
    pub message_bytes: usize,
}

impl Limits {
    /// The limits.
    pub const ALL: Self = Self {
        conversations: MAX_CONVERSATIONS,
        items: MAX_ITEMS,
        new_items: MAX_NEW_ITEMS,
        message_bytes: MAX_MESSAGE_BYTES,
    };
}

impl Representation for Status {}

/// The agent, as this caller may use it.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn status(cx: &Context, caller: &Caller) -> Result<Status, Problem> {
    let agent = cx.config.agent.as_ref();
    let usage = match agent {
        Some(agent) => Some(month_usage(cx, caller, agent).await?),
        None => None,
    };
    Ok(Status {
        object: "agent",
        enabled: agent.is_some(),
        model: agent.map(|agent| agent.model.clone()),
        stream_url: agent.and_then(|_| stream_url(cx)),
        how: agent.is_none().then_some(HOW),
        modes: modes(caller),
        retention_days: cx.config.agent_retention_days,
        usage,
        limits: Limits::ALL,
    })
}

/// Where answers come as they are made. The function at that URL is not told its own URL: the request says it.
fn stream_url(cx: &Context) -> Option<String> {
    let own = cx.request.function_url.as_ref().map(|url| format!("{url}/v1"));
    own.or_else(|| cx.config.agent_url.clone())
}

/// The modes that a caller may give to a conversation, the most careful first.
#[must_use]
pub fn modes(caller: &Caller) -> Vec<AgentMode> {
    let may = |mode: &AgentMode| mode.scope().is_none_or(|scope| caller.may(scope));
    AgentMode::ALL.into_iter().filter(may).collect()
}

async fn month_usage(
    cx: &Context,
    caller: &Caller,
    agent: &AgentModel,
) -> Result<MonthUsage, Problem> {
    let month = usage::month(cx.clock.now());
    let (own, all) = cx.store.usages().of(&caller.user.id, &month).await?;
    let budget = |taken: usage::Taken, limit: Option<u64>| {
        let used = taken.input.saturating_add(taken.output);
        // A settlement that was repeated may take it below zero.
        let counted = u64::try_from(taken.taken).unwrap_or(0);
        Budget { tokens: if limit.is_some() { counted } else { used }, limit }
    };
    let (own, publication) = (budget(own, agent.user_budget), budget(all, agent.site_budget));
    Ok(MonthUsage { month, own, publication })
}

/// Refuses what needs the agent while it is off.
///
/// # Errors
/// 503 `agent_off`, which says how to turn it on.
pub(super) fn require_on(cx: &Context) -> Result<(), Problem> {
    configured(cx).map(|_| ())
}

/// The configuration of the agent.
///
/// # Errors
/// As [`require_on`].
pub(super) fn configured(cx: &Context) -> Result<&AgentModel, Problem> {
    cx.config.agent.as_ref().ok_or_else(|| Problem::new(Code::AgentOff, HOW))
}
