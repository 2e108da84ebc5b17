//! Whether the agent answers in a conversation: then nobody else says anything in it. And in how many
//! conversations of a person it answers.

use http::header::{HeaderValue, RETRY_AFTER};

use super::spending::unsettled;
use crate::auth::Caller;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::{CallStatus, ConversationItem, ResponseId, TurnStatus};
use crate::store::conversations::{ConversationHead, ItemRecord};
use crate::store::turns::{RunningTurns, TurnItem};

/// How many turns of a person run at once.
const MAX_AT_ONCE: usize = 2;

/// After how many seconds to ask again.
pub(super) const AGAIN: HeaderValue = HeaderValue::from_static("2");

/// More items than a turn has.
const ITEMS_OF_TURN: u8 = 100;

/// Whether a turn can start in a conversation. A turn whose runner is gone is ended first, and the head is
/// another one then: `false`.
///
/// # Errors
/// 409 `conversation_busy`.
pub(super) async fn is_free(cx: &Context, head: &ConversationHead) -> Result<bool, Problem> {
    let Some(id) = &head.turn else { return Ok(true) };
    // It started with the head. If it is gone, somebody deleted it, and nobody runs it.
    let Some(turn) = cx.store.turns().get(id).await? else { return Ok(true) };
    let now = cx.clock.now();
    if turn.is_running(now) {
        return Err(busy(id));
    }
    end_left(cx, &turn).await?;
    Ok(false)
}

/// Ends a turn whose runner is gone, with the calls that had not returned, and settles what it had reserved. Nothing
/// happens if somebody else does that at the same time.
async fn end_left(cx: &Context, turn: &TurnItem) -> Result<(), Problem> {
    let (items, _) = cx
        .store
        .conversations()
        .items(&turn.id.conversation(), turn.first_place.checked_sub(1), true, ITEMS_OF_TURN)
        .await?;
    let open = items.into_iter().filter_map(|record| match record.item {
        ConversationItem::Call(call) if call.status == CallStatus::Calling => {
            let item = ConversationItem::Call(call.interrupted());
            Some(ItemRecord { item, step: record.step })
        }
        _ => None,
    });
    if let Some(said) = turn.message_in_progress(cx.clock.now()) {
        cx.store.turns().keep_said(&turn.id, said, cx.clock.now()).await?;
    }
    let open: Vec<ItemRecord> = open.collect();
    let settlement = unsettled(turn);
    cx.store.turns().interrupt(turn, cx.clock.now(), &open, settlement.as_ref()).await?;
    Ok(())
}

/// Refuses what cannot be done while the agent answers.
///
/// # Errors
/// 409 `conversation_busy`.
pub(in crate::agent) async fn require_free(
    cx: &Context,
    head: &ConversationHead,
) -> Result<(), Problem> {
    match running(cx, head).await? {
        Some(turn) => Err(busy(&turn.id)),
        None => Ok(()),
    }
}

/// The turn that runs in a conversation.
pub(in crate::agent) async fn running(
    cx: &Context,
    head: &ConversationHead,
) -> Result<Option<TurnItem>, Problem> {
    let Some(id) = &head.turn else { return Ok(None) };
    let turn = cx.store.turns().get(id).await?;
    Ok(turn.filter(|turn| turn.is_running(cx.clock.now())))
}

/// The turns of the caller that run. What others have reserved still is settled: those of other conversations whose
/// runner is gone are ended.
///
/// # Errors
/// 429 if there are as many as there may be.
pub(super) async fn require_room(cx: &Context, caller: &Caller) -> Result<RunningTurns, Problem> {
    let turns = cx.store.turns_at_once().of(&caller.user.id, cx.clock.now()).await?;
    for turn in &turns.unsettled {
        match (turn.status, unsettled(turn)) {
            (TurnStatus::InProgress, _) => end_left(cx, turn).await?,
            (_, Some(settlement)) => cx.store.usages().settle(&turn.id, &settlement).await?,
            (_, None) => {}
        }
    }
    if turns.running.len() < MAX_AT_ONCE {
        return Ok(turns);
    }
    let detail = format!(
        "The agent is answering in {MAX_AT_ONCE} of your conversations, which is as many as it does at once. \
         Wait until it has, or stop one of them. The responses are {}.",
        turns.running.iter().map(ResponseId::as_str).collect::<Vec<_>>().join(", ")
    );
    Err(Problem::new(Code::TooManyRequests, detail).with_header(RETRY_AFTER, AGAIN))
}

fn busy(id: &ResponseId) -> Problem {
    let detail = format!(
        "The agent is answering in this conversation. Wait until it has, or stop it. The response is {id}."
    );
    Problem::new(Code::ConversationBusy, detail).with_header(RETRY_AFTER, AGAIN)
}
