//! The messages and calls of a conversation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::conversations::{entry, find, owned, shown};
use super::metadata::require_mode;
use super::new_items::{name, new_items, unname};
use super::status::require_on;
use super::turn::{interrupted, require_free, running};
use super::{InputItem, MAX_ITEMS, input};
use crate::auth::Caller;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::Event;
use crate::model::{
    CallStatus, Conversation, ConversationId, ConversationItem, ConversationItemId,
};
use crate::store::attempts::{Attempt, retry_on_conflict};
use crate::store::conversations::{ConversationHead, ItemRecord};

/// How many bytes of text a page of messages has: a function's response may have 6 MB, and JSON may
/// double a text.
const MAX_PAGE_BYTES: usize = 1024 * 1024;

/// The order of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ItemOrder {
    /// Oldest first.
    Asc,
    /// Newest first.
    #[default]
    Desc,
}

/// The query parameters of a list of messages, as OpenAI names them.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ItemParams {
    /// The largest number of messages in a page. A page is shorter where messages are long.
    #[serde(default = "default_limit")]
    #[schemars(range(min = 1, max = 100))]
    pub limit: u8,
    /// The order of the messages.
    #[serde(default)]
    pub order: ItemOrder,
    /// The `last_id` of the page before, to get the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<ConversationItemId>,
}

const fn default_limit() -> u8 {
    20
}

/// Adds messages of the user, all or none.
///
/// # Errors
/// 503 `agent_off`; 404; 422; 409 `conversation_busy`, `limit_reached`, or if others add messages all the
/// time.
pub async fn add_items(
    cx: &Context,
    caller: &Caller,
    id: &ConversationId,
    messages: &[InputItem],
) -> Result<Vec<ConversationItem>, Problem> {
    require_on(cx)?;
    let texts = input::texts("items", messages)?;
    retry_on_conflict(|| async {
        let before = find(cx, caller, id).await?;
        require_mode(caller, before.mode)?;
        require_free(cx, &before).await?;
        let mut after = before.next();
        let now = cx.clock.now();
        after.used_at = after.used_at.max(now);
        name(&mut after, &texts);
        let items = new_items(&mut after, now, texts.clone());
        if after.next_place > MAX_ITEMS {
            let detail = format!(
                "A conversation takes {MAX_ITEMS} messages and calls, with those that were deleted. \
                 Start another one."
            );
            return Err(Problem::new(Code::LimitReached, detail));
        }
        if cx.store.conversations().replace(&before, &after, &items, None).await? {
            return Ok(Attempt::Done(items.into_iter().map(|record| record.item).collect()));
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// A page of messages, and whether more follow.
///
/// # Errors
/// 404.
pub async fn items(
    cx: &Context,
    caller: &Caller,
    id: &ConversationId,
    params: &ItemParams,
) -> Result<(Vec<ConversationItem>, bool), Problem> {
    let head = find(cx, caller, id).await?;
    let after = params.after.as_ref().map(ConversationItemId::place);
    let oldest_first = params.order == ItemOrder::Asc;
    let store = cx.store.conversations();
    let (mut items, mut has_more) = store.items(id, after, oldest_first, params.limit).await?;
    let fits = how_many_fit(&items, MAX_PAGE_BYTES);
    has_more |= fits < items.len();
    items.truncate(fits);
    let items = items.into_iter().map(|record| record.item).collect();
    Ok((as_they_are(cx, &head, items).await?, has_more))
}

/// How many of the first items have together as many bytes of text at most; the first one always.
pub(super) fn how_many_fit(items: &[ItemRecord], most: usize) -> usize {
    let mut bytes = 0;
    let fits = items.iter().take_while(|record| {
        let is_first = bytes == 0;
        bytes += record.item.bytes();
        is_first || bytes <= most
    });
    fits.count()
}

/// Items as they are now: a call whose turn has no runner any more is interrupted, even if nobody wrote
/// that down yet.
async fn as_they_are(
    cx: &Context,
    head: &ConversationHead,
    items: Vec<ConversationItem>,
) -> Result<Vec<ConversationItem>, Problem> {
    let runs = |item: &ConversationItem| matches!(item, ConversationItem::Call(call) if call.status == CallStatus::Calling);
    if !items.iter().any(runs) {
        return Ok(items);
    }
    // A call of an earlier turn does not run either: its turn ended when it could not be written down.
    let from = running(cx, head).await?.map_or(u32::MAX, |turn| turn.first_place);
    let as_it_is = |item: ConversationItem| match item.id().place() < from {
        true => interrupted(item),
        false => item,
    };
    Ok(items.into_iter().map(as_it_is).collect())
}

/// A message.
///
/// # Errors
/// 404.
pub async fn item(
    cx: &Context,
    caller: &Caller,
    id: &ConversationId,
    item: &ConversationItemId,
) -> Result<ConversationItem, Problem> {
    let (head, item) = find_item(cx, caller, id, item).await?;
    let item = as_they_are(cx, &head, vec![item]).await?.pop();
    item.ok_or_else(|| Problem::not_found("message"))
}

/// Deletes a message, and returns the conversation that it was in. A title that is the beginning of the
/// message goes with it.
///
/// # Errors
/// 404; 409 `conversation_busy`, or if others change the conversation all the time.
pub async fn delete_item(
    cx: &Context,
    caller: &Caller,
    id: &ConversationId,
    item: &ConversationItemId,
) -> Result<Conversation, Problem> {
    let entry = entry(cx, caller, Event::ConversationChanged, id);
    let entry = entry.with(format!("{item} deleted"));
    // A message that another request deleted meanwhile is not found by the second attempt: 404.
    retry_on_conflict(|| async {
        let (before, item) = find_item(cx, caller, id, item).await?;
        require_free(cx, &before).await?;
        let place = item.id().place();
        let after = unname(&before, place);
        if cx.store.conversations().delete_item(&before, &after, place, &entry).await? {
            return Ok(Attempt::Done(shown(&after)));
        }
        Ok(Attempt::Conflict)
    })
    .await
}

async fn find_item(
    cx: &Context,
    caller: &Caller,
    id: &ConversationId,
    item: &ConversationItemId,
) -> Result<(ConversationHead, ConversationItem), Problem> {
    let (head, found) = cx.store.conversations().get_with_item(id, item.place()).await?;
    let head = owned(caller, head)?;
    let found = found.map(|record| record.item).filter(|found| found.id() == item);
    Ok((head, found.ok_or_else(|| Problem::not_found("message"))?))
}
