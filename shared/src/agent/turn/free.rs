//! Whether the agent answers in a conversation: then nobody else says anything in it.

use http::header::{HeaderValue, RETRY_AFTER};

use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::{CallStatus, ConversationItem};
use crate::store::conversations::{ConversationHead, ItemRecord};

/// More items than a turn has.
const ITEMS_OF_TURN: u8 = 100;

/// Whether a turn can start in a conversation. A turn whose runner is gone is ended first, and the head is
/// another one then: `false`.
///
/// # Errors
/// 409 `conversation_busy`.
pub(super) async fn is_free(cx: &Context, head: &ConversationHead) -> Result<bool, Problem> {
    let Some(id) = &head.turn else { return Ok(true) };
    let Some(turn) = cx.store.turns().get(id).await? else { return Ok(false) };
    let now = cx.clock.now();
    if turn.is_running(now) {
        return Err(busy());
    }
    let (items, _) = cx
        .store
        .conversations()
        .items(&head.id, turn.first_place.checked_sub(1), true, ITEMS_OF_TURN)
        .await?;
    let open = items.into_iter().filter_map(|record| match record.item {
        ConversationItem::Call(call) if call.status == CallStatus::Calling => {
            let item = ConversationItem::Call(call.interrupted());
            Some(ItemRecord { item, step: record.step })
        }
        _ => None,
    });
    let open: Vec<ItemRecord> = open.collect();
    cx.store.turns().interrupt(&turn, now, &open).await?;
    Ok(false)
}

/// Refuses what cannot be done while the agent answers.
///
/// # Errors
/// 409 `conversation_busy`.
pub(in crate::agent) async fn require_free(
    cx: &Context,
    head: &ConversationHead,
) -> Result<(), Problem> {
    if is_running(cx, head).await? { Err(busy()) } else { Ok(()) }
}

/// Whether the agent answers in a conversation.
pub(in crate::agent) async fn is_running(
    cx: &Context,
    head: &ConversationHead,
) -> Result<bool, Problem> {
    let Some(id) = &head.turn else { return Ok(false) };
    let turn = cx.store.turns().get(id).await?;
    Ok(turn.is_some_and(|turn| turn.is_running(cx.clock.now())))
}

fn busy() -> Problem {
    let detail = "The agent is answering in this conversation. Wait until it has, or stop it.";
    Problem::new(Code::ConversationBusy, detail)
        .with_header(RETRY_AFTER, HeaderValue::from_static("2"))
}
