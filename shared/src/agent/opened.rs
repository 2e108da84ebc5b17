//! A conversation as a page shows it: a part of what was said and done, and how each turn in it ended.

use std::ops::Range;

use super::conversations::{owned, shown};
use super::items::how_many_fit;
use super::turn::{as_it_is, interrupted};
use crate::auth::Caller;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{
    AgentMode, Conversation, ConversationId, ConversationItem, ConversationItemId, ResponseId,
    Time, TurnFault, TurnReason, TurnStatus, TurnUsage,
};
use crate::store::conversations::{ConversationHead, ItemRecord};
use crate::store::turns::TurnItem;

/// How many items are shown at most.
const MAX_ITEMS: u8 = 60;

/// How many bytes of text they have at most: as much as a post. A page renders them.
const MAX_BYTES: usize = 256 * 1024;

/// A part of a conversation.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The conversation.
    pub conversation: Conversation,
    /// Its mode.
    pub mode: AgentMode,
    /// What was said and done, the oldest first.
    pub items: Vec<ConversationItem>,
    /// Whether there is something before it.
    pub has_earlier: bool,
    /// The turns that it is part of, the newest first.
    pub turns: Vec<OpenedTurn>,
    /// The turn that runs, as far as it is among them. What it is saying is then the last item.
    pub running: Option<ResponseId>,
}

/// How a turn is.
#[derive(Clone, Debug)]
pub struct OpenedTurn {
    /// The id.
    pub id: ResponseId,
    /// How it is now.
    pub status: TurnStatus,
    /// Why it is incomplete.
    pub reason: Option<TurnReason>,
    /// Why it failed.
    pub fault: Option<TurnFault>,
    /// What it took from the model so far, in tokens.
    pub usage: TurnUsage,
    /// The places of its items: the last message of the user, and what the agent said and did.
    pub places: Range<u32>,
}

/// The end of a conversation, or what is before one of its items.
///
/// # Errors
/// 404.
pub async fn open(
    cx: &Context,
    caller: &Caller,
    id: &ConversationId,
    before: Option<&ConversationItemId>,
) -> Result<Opened, Problem> {
    // An item is not older than the turn that it is part of.
    let until = before.map(ConversationItemId::time);
    let (conversations, turns) = (cx.store.conversations(), cx.store.turns());
    // A turn has an item at least, and one more can have begun before the first item.
    let (head, turns) =
        tokio::try_join!(conversations.get(id), turns.of(id, until, MAX_ITEMS + 1))?;
    let head = owned(caller, head)?;
    // After the turns, so that one that has ended has all of its items here.
    let after = before.map(ConversationItemId::place);
    let (mut records, has_more) = conversations.items(id, after, false, MAX_ITEMS).await?;
    let fits = how_many_fit(&records, MAX_BYTES);
    let has_earlier = has_more || fits < records.len();
    records.truncate(fits);
    records.reverse();
    Ok(opened(cx, &head, records, turns, Part { has_earlier, is_end: before.is_none() }))
}

/// The last turn of a conversation, from what the user said, as far as it is.
///
/// # Errors
/// 404.
pub async fn open_last(
    cx: &Context,
    caller: &Caller,
    id: &ConversationId,
) -> Result<Opened, Problem> {
    let (conversations, turns) = (cx.store.conversations(), cx.store.turns());
    let (head, turns) = tokio::try_join!(conversations.get(id), turns.of(id, None, 1))?;
    let head = owned(caller, head)?;
    let records = match turns.first() {
        Some(turn) => {
            let before = turn.first_place.checked_sub(2);
            conversations.items(id, before, true, MAX_ITEMS).await?.0
        }
        None => Vec::new(),
    };
    Ok(opened(cx, &head, records, turns, Part { has_earlier: true, is_end: true }))
}

/// Which part of a conversation it is.
struct Part {
    has_earlier: bool,
    is_end: bool,
}

/// The records are the oldest first, the turns the newest first.
fn opened(
    cx: &Context,
    head: &ConversationHead,
    records: Vec<ItemRecord>,
    turns: Vec<TurnItem>,
    part: Part,
) -> Opened {
    let now = cx.clock.now();
    let running = turns.iter().find(|turn| turn.is_running(now));
    let items = records.into_iter().map(|record| match running {
        Some(_) => record.item,
        None => interrupted(record.item),
    });
    let mut items: Vec<ConversationItem> = items.collect();
    // The message may have been written down since the turn was read.
    let last = items.last().map(|item| item.id().place());
    let said = turns.iter().find_map(|turn| turn.message_in_progress(now));
    let said = said.filter(|_| part.is_end);
    items.extend(said.filter(|said| last.is_none_or(|last| last < said.id().place())));
    Opened {
        conversation: shown(head),
        mode: head.mode,
        items,
        has_earlier: part.has_earlier,
        running: running.map(|turn| turn.id.clone()),
        turns: turns.into_iter().map(|turn| opened_turn(turn, now)).collect(),
    }
}

fn opened_turn(turn: TurnItem, now: Time) -> OpenedTurn {
    let (status, reason, _) = as_it_is(&turn, turn.is_running(now));
    let end = turn.next_place + u32::from(turn.message_in_progress(now).is_some());
    let places = turn.first_place.saturating_sub(1)..end;
    OpenedTurn { id: turn.id, status, reason, fault: turn.fault, usage: turn.usage, places }
}
