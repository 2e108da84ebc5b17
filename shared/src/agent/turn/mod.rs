//! A turn: what the agent does with a message of the user, until it has answered.
//!
//! [`request`] reads what a client asks, [`start`] begins the turn in one transaction, [`runner`] asks the
//! model and runs tools until there is an answer or a bound is reached, and [`reading`] shows a turn as a
//! response, [`following`] as the events that happen in it. A turn goes on if its client hangs up: the answer is in the conversation then, and a request
//! with the same idempotency key gets it.

mod answer;
mod begun;
mod bounds;
mod chat;
mod end;
mod events;
mod following;
mod free;
mod instructions;
mod lease;
mod progress;
mod reading;
mod request;
mod runner;
mod spending;
mod start;
mod tool_call;

pub use begun::begun;
pub(super) use events::TurnEvent;
pub(super) use following::Following;
pub(super) use free::{require_free, running};
pub(super) use reading::{as_it_is, interrupted};
pub use reading::{cancel, response};
pub use request::{FormPlace, TurnRequest};

use tracing::Instrument;

use super::Tools;
use super::model;
use super::status::configured;
use crate::auth::Caller;
use crate::auth::audit::AUDIT_PERMISSION;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::permission::Action::{
    BatchGetItem, ConditionCheckItem, GetItem, PutItem, Query, UpdateItem,
};
use crate::permission::Permission;
use crate::permission::Table::{Agent, Identity};
use crate::store::keys;

use progress::Teller;
use runner::Runner;
use start::Started;

/// What a turn needs besides the permissions of its tools.
pub const TURN_PERMISSIONS: [Permission; 7] = [
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
    Permission::Model,
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

/// Answers a message of the user: starts a turn, or finds the one that the same request had started.
///
/// # Errors
/// As [`super::respond`].
pub(super) async fn begin(
    cx: &Context,
    caller: &Caller,
    request: &TurnRequest,
    tools: &'static dyn Tools,
) -> Result<Following, Problem> {
    let config = configured(cx)?.clone();
    let key = cx.secrets.model.get().await?;
    let (own, who, asked) = (cx.clone(), caller.clone(), request.clone());
    let work = cx.stopping.work();
    let start = async move {
        let running = match start::start(&own, &who, &config, &asked).await? {
            Started::Running(running) => *running,
            Started::Before(id) => return Ok(Err(id)),
        };
        let (turn, told) = (running.turn.clone(), Teller::default());
        let progress = told.listen();
        let model = model::configured(&config, &own.model_sdk, key);
        let runner = Runner::new(own, who, model, tools, running, told);
        let run = async move {
            let _until_it_ended = work;
            Box::pin(runner.run()).await
        };
        let task = tokio::spawn(run.in_current_span());
        Ok::<_, Problem>(Ok((turn, progress, task)))
    };
    // Tasks of their own, so that a client that hangs up ends neither the turn between two writes, nor its
    // start between the writes and the runner. A process that stops waits for them.
    let started = tokio::spawn(start.in_current_span());
    match started.await.map_err(Problem::internal)?? {
        Ok((turn, progress, task)) => Ok(Following::here(cx, caller, turn, progress, task)),
        Err(before) => Following::stored(cx, caller, &before).await,
    }
}
