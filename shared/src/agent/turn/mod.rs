//! A turn: what the agent does with a message of the user, until it has answered.
//!
//! [`request`] reads what a client asks, [`start`] begins the turn in one transaction, [`runner`] asks the
//! model and runs tools until there is an answer or a bound is reached, and [`reading`] shows a turn as a
//! response. A turn goes on if its client hangs up: the answer is in the conversation then, and a request
//! with the same idempotency key gets it.

mod answer;
mod bounds;
mod free;
mod instructions;
mod lease;
mod reading;
mod request;
mod runner;
mod spending;
mod start;
mod tool_call;

pub(super) use free::{require_free, running};
pub(super) use reading::{as_it_is, interrupted};
pub use reading::{cancel, response};
pub use request::{FormPlace, TurnRequest};

use std::sync::Arc;

use tracing::Instrument;

use super::Tools;
use super::model::ChatCompletions;
use super::status::configured;
use crate::auth::Caller;
use crate::auth::audit::AUDIT_PERMISSION;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::Response;
use crate::permission::Action::{
    BatchGetItem, ConditionCheckItem, GetItem, PutItem, Query, UpdateItem,
};
use crate::permission::Permission;
use crate::permission::Table::{Agent, Identity};
use crate::store::keys;

use runner::Runner;
use start::Started;

/// What a turn needs besides the permissions of its tools.
pub const TURN_PERMISSIONS: [Permission; 6] = [
    Permission::Items(
        Agent,
        keys::CONVERSATION_PREFIX,
        &[BatchGetItem, ConditionCheckItem, GetItem, PutItem, Query, UpdateItem],
    ),
    Permission::Items(Agent, keys::CONVERSATIONS_PREFIX, &[GetItem, UpdateItem]),
    Permission::Items(Agent, keys::USAGE_PREFIX, &[UpdateItem]),
    Permission::Items(Identity, keys::USER_PREFIX, &[ConditionCheckItem]),
    AUDIT_PERMISSION,
    Permission::ModelKey,
];

/// What a turn may be refused with, besides what its request's form and access check refuse.
pub const TURN_ERRORS: [Code; 11] = [
    Code::MalformedRequest,
    Code::NotFound,
    Code::ConversationBusy,
    Code::EditConflict,
    Code::LimitReached,
    Code::InvalidInput,
    Code::BudgetSpent,
    Code::TooManyRequests,
    Code::AgentOff,
    Code::Unavailable,
    Code::Unauthenticated,
];

/// Answers a message of the user. The answer is whole: it may take minutes.
///
/// # Errors
/// 503 `agent_off`; 404 for a conversation of others; 409 `conversation_busy`, `limit_reached`, or if the
/// response that it is to follow is not the last one; 422 for a key that was used for something else; 429
/// `budget_spent`, or while as many answers run as a person may have.
pub async fn respond(
    cx: &Context,
    caller: &Caller,
    request: &TurnRequest,
    tools: &'static dyn Tools,
) -> Result<Response, Problem> {
    let config = configured(cx)?.clone();
    let key = cx.secrets.model.get().await?;
    let (own, who, asked) = (cx.clone(), caller.clone(), request.clone());
    let start = async move {
        let running = match start::start(&own, &who, &config, &asked).await? {
            Started::Running(running) => *running,
            Started::Before(id) => return Ok((id, None)),
        };
        let id = running.turn.id.clone();
        let model = Arc::new(ChatCompletions::new(&config, key));
        let runner = Runner::new(own, who, model, tools, running);
        Ok::<_, Problem>((id, Some(tokio::spawn(runner.run().in_current_span()))))
    };
    // Tasks of their own, so that a client that hangs up ends neither the turn between two writes, nor its
    // start between the writes and the runner.
    let started = tokio::spawn(start.in_current_span());
    match started.await.map_err(Problem::internal)?? {
        (id, None) => reading::follow(cx, caller, &id).await,
        (id, Some(turn)) => {
            turn.await.map_err(Problem::internal)??;
            reading::response(cx, caller, &id).await
        }
    }
}
