//! A turn as a response: read, waited for, and stopped.

use std::time::Duration;

use super::lease::is_due;
use crate::agent::conversations::owned;
use crate::auth::Caller;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{
    CallStatus, ConversationItem, Response, ResponseId, ResponseParts, Time, TurnReason, TurnStatus,
};
use crate::store::turns::TurnItem;

/// How often a turn is looked at that somebody waits for.
pub(super) const LOOK: Duration = Duration::from_millis(500);

/// How long a stop waits for the turn to end, in looks: it notices within a second.
const LOOKS_FOR_STOP: u32 = 8;

/// A response, as far as it is.
///
/// # Errors
/// 404, also for those of others.
pub async fn response(cx: &Context, caller: &Caller, id: &ResponseId) -> Result<Response, Problem> {
    let turn = find(cx, caller, id).await?;
    shown(cx, turn).await
}

/// Stops a turn, and returns it. One that has ended stays as it is. A tool that runs is waited for, so the
/// response may still be in progress.
///
/// # Errors
/// 404.
pub async fn cancel(cx: &Context, caller: &Caller, id: &ResponseId) -> Result<Response, Problem> {
    let turn = find(cx, caller, id).await?;
    if !turn.is_running(cx.clock.now()) || !cx.store.turns().cancel(id).await? {
        return response(cx, caller, id).await;
    }
    let mut turn = find(cx, caller, id).await?;
    for _ in 0..LOOKS_FOR_STOP {
        if !turn.is_running(cx.clock.now()) {
            break;
        }
        tokio::time::sleep(LOOK).await;
        turn = find(cx, caller, id).await?;
    }
    shown(cx, turn).await
}

/// Waits for the end of a turn that another request started. Its lease ends it, if nothing else does. If this
/// process is stopped before, the turn is shown as far as it is.
pub(super) async fn follow(
    cx: &Context,
    caller: &Caller,
    id: &ResponseId,
) -> Result<Response, Problem> {
    loop {
        let turn = find(cx, caller, id).await?;
        let now = cx.clock.now();
        if !turn.is_running(now) || is_due(cx, now) {
            return shown(cx, turn).await;
        }
        tokio::time::sleep(LOOK).await;
    }
}

pub(super) async fn find(
    cx: &Context,
    caller: &Caller,
    id: &ResponseId,
) -> Result<TurnItem, Problem> {
    let (head, turn) = cx.store.turns().get_with_head(id).await?;
    owned(caller, head)?;
    turn.ok_or_else(|| Problem::not_found("response"))
}

async fn shown(cx: &Context, turn: TurnItem) -> Result<Response, Problem> {
    let now = cx.clock.now();
    let is_running = turn.is_running(now);
    let mut output = items(cx, &turn, turn.first_place).await?;
    output.extend(turn.message_in_progress(now));
    Ok(made(turn, is_running, output))
}

/// A turn as a response.
pub(super) fn made(turn: TurnItem, is_running: bool, output: Vec<ConversationItem>) -> Response {
    let (status, reason, ended_at) = as_it_is(&turn, is_running);
    let output = match is_running {
        true => output,
        false => output.into_iter().map(interrupted).collect(),
    };
    Response::new(ResponseParts {
        created_at: turn.started_at.as_seconds(),
        completed_at: ended_at.map(Time::as_seconds),
        status,
        reason,
        fault: turn.fault,
        model: turn.model,
        output,
        previous: turn.previous,
        // What an interrupted turn took, its runner alone knew.
        usage: (!is_running && reason != Some(TurnReason::Interrupted)).then_some(turn.usage),
        id: turn.id,
    })
}

/// How a turn is, why it is incomplete and when it ended. One whose runner is gone is interrupted, even if
/// nobody wrote that down yet.
pub(in crate::agent) fn as_it_is(
    turn: &TurnItem,
    is_running: bool,
) -> (TurnStatus, Option<TurnReason>, Option<Time>) {
    match turn.status == TurnStatus::InProgress && !is_running {
        true => (TurnStatus::Incomplete, Some(TurnReason::Interrupted), Some(turn.lease_until)),
        false => (turn.status, turn.reason, turn.ended_at),
    }
}

/// What the agent said and did in a turn, from this place on: by its bounds, some dozens of items.
pub(super) async fn items(
    cx: &Context,
    turn: &TurnItem,
    from: u32,
) -> Result<Vec<ConversationItem>, Problem> {
    let count = turn.next_place.saturating_sub(from);
    let Ok(count @ 1..) = u8::try_from(count) else { return Ok(Vec::new()) };
    let (conversation, before) = (turn.id.conversation(), from.checked_sub(1));
    let items = cx.store.conversations().items(&conversation, before, true, count).await?.0;
    // Where items were deleted, those of later turns come in their place.
    let items = items.into_iter().map(|record| record.item);
    Ok(items.take_while(|item| item.id().place() < turn.next_place).collect())
}

/// An item of a turn that does not run: a call that had not returned never will.
pub(in crate::agent) fn interrupted(item: ConversationItem) -> ConversationItem {
    match item {
        ConversationItem::Call(call) if call.status == CallStatus::Calling => {
            ConversationItem::Call(call.interrupted())
        }
        item => item,
    }
}
