//! Conversations: starting, finding, changing and deleting them.

use super::new_items::{name, new_items};
use super::status::require_on;
use super::{InputItem, MAX_CONVERSATIONS, input, metadata};
use crate::auth::Caller;
use crate::context::Context;
use crate::http::page::{Page, PageParams};
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    AgentMode, Conversation, ConversationId, ConversationMetadata, ConversationTitle, Patch,
    ResponseId,
};
use crate::store::WriteError;
use crate::store::attempts::{Attempt, retry_on_conflict};
use crate::store::conversations::{ConversationHead, NotStarted};

/// Starts a conversation, with messages of the user if there are some.
///
/// Without a mode it is `propose`, where the caller may propose, and `read` otherwise: an agent that nobody
/// said anything about changes nothing by itself.
///
/// # Errors
/// 503 `agent_off`; 422; 403 for a mode beyond the caller's rights; 409 `limit_reached`.
pub async fn start(
    cx: &Context,
    caller: &Caller,
    sent: Option<ConversationMetadata>,
    messages: &[InputItem],
) -> Result<Conversation, Problem> {
    require_on(cx)?;
    let fields = metadata::read(caller, sent.unwrap_or_default())?;
    let texts = input::texts("items", messages)?;
    let now = cx.clock.now();
    let mut head = ConversationHead {
        id: ConversationId::new(now),
        user_id: caller.user.id.clone(),
        title: None,
        title_from: None,
        mode: fields.mode.unwrap_or_else(|| default_mode(caller)),
        metadata: fields.pairs,
        created_at: now,
        used_at: now,
        version: 1,
        next_place: 0,
        turn: None,
        last_response: None,
    };
    fields.title.apply(&mut head.title);
    name(&mut head, &texts);
    let items = new_items(&mut head, now, texts);
    let entry = entry(cx, caller, Event::ConversationStarted, &head.id);
    let stored = cx.store.conversations().create(&head, &items, MAX_CONVERSATIONS, &entry).await;
    match stored {
        Ok(()) => Ok(shown(&head)),
        Err(WriteError::Conflict(NotStarted::TooMany)) => Err(Problem::new(
            Code::LimitReached,
            format!("You have {MAX_CONVERSATIONS} conversations, as many as you may. Delete some."),
        )),
        Err(WriteError::Conflict(NotStarted::NoAccount)) => Err(Problem::unauthenticated(true)),
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}

/// The mode of a conversation that nobody chose one for.
pub fn default_mode(caller: &Caller) -> AgentMode {
    let may_propose = AgentMode::Propose.scope().is_none_or(|scope| caller.may(scope));
    if may_propose { AgentMode::Propose } else { AgentMode::Read }
}

/// The caller's conversations, the last used first.
///
/// # Errors
/// 422 for a cursor of another list.
pub async fn conversations(
    cx: &Context,
    caller: &Caller,
    page: &PageParams,
) -> Result<Page<Conversation>, Problem> {
    let page = cx.store.conversations().list(&caller.user.id, page).await?;
    Ok(page.map(|head| shown(&head)))
}

/// A conversation.
///
/// # Errors
/// 404.
pub async fn conversation(
    cx: &Context,
    caller: &Caller,
    id: &ConversationId,
) -> Result<Conversation, Problem> {
    Ok(shown(&find(cx, caller, id).await?))
}

/// Replaces the pairs of clients. Title and mode change if they are among what was sent, and stay
/// otherwise: a client that knows neither must not lose them.
///
/// # Errors
/// 404; 422; 403 for a mode beyond the caller's rights.
pub async fn change(
    cx: &Context,
    caller: &Caller,
    id: &ConversationId,
    sent: Patch<ConversationMetadata>,
) -> Result<Conversation, Problem> {
    let fields = match sent {
        Patch::Keep => return conversation(cx, caller, id).await,
        Patch::Clear => metadata::Fields::default(),
        Patch::Set(sent) => metadata::read(caller, sent)?,
    };
    rewrite(cx, caller, id, |head| {
        retitle(head, &fields.title);
        head.mode = fields.mode.unwrap_or(head.mode);
        head.metadata = fields.pairs.clone();
    })
    .await
}

/// Changes title and mode alone: what clients keep with the conversation stays.
///
/// # Errors
/// 404; 403 for a mode beyond the caller's rights.
pub async fn adjust(
    cx: &Context,
    caller: &Caller,
    id: &ConversationId,
    title: &Patch<ConversationTitle>,
    mode: Option<AgentMode>,
) -> Result<Conversation, Problem> {
    if let Some(mode) = mode {
        metadata::require_mode(caller, mode)?;
    }
    rewrite(cx, caller, id, |head| {
        // One that a message gave, sent back as it is, goes with its message as before.
        if *title != Patch::from(head.title.clone()) {
            retitle(head, title);
        }
        head.mode = mode.unwrap_or(head.mode);
    })
    .await
}

fn retitle(head: &mut ConversationHead, title: &Patch<ConversationTitle>) {
    if !title.is_keep() {
        title.clone().apply(&mut head.title);
        head.title_from = None;
    }
}

/// Replaces a head by what becomes of it, and notes it in the log.
async fn rewrite(
    cx: &Context,
    caller: &Caller,
    id: &ConversationId,
    change: impl Fn(&mut ConversationHead),
) -> Result<Conversation, Problem> {
    let entry = entry(cx, caller, Event::ConversationChanged, id);
    retry_on_conflict(|| async {
        let before = find(cx, caller, id).await?;
        let mut after = before.next();
        change(&mut after);
        if cx.store.conversations().replace(&before, &after, &[], Some(&entry)).await? {
            return Ok(Attempt::Done(shown(&after)));
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// Deletes a conversation with all that is in it. When this returns, nothing of it is left; if it is
/// interrupted, nobody finds the conversation any more, and a worker deletes the rest.
///
/// # Errors
/// 404.
pub async fn delete(cx: &Context, caller: &Caller, id: &ConversationId) -> Result<(), Problem> {
    let entry = entry(cx, caller, Event::ConversationDeleted, id);
    retry_on_conflict(|| async {
        let head = find(cx, caller, id).await?;
        let is_gone = cx.store.conversations().delete(&head, Some(&entry)).await?;
        Ok(if is_gone { Attempt::Done(()) } else { Attempt::Conflict })
    })
    .await?;
    Ok(cx.store.conversations().delete_rest(id).await?)
}

/// A conversation of the caller.
///
/// # Errors
/// 404, also for those of others.
pub(super) async fn find(
    cx: &Context,
    caller: &Caller,
    id: &ConversationId,
) -> Result<ConversationHead, Problem> {
    owned(caller, cx.store.conversations().get(id).await?)
}

/// The same for a head that was read.
///
/// # Errors
/// 404.
pub(super) fn owned(
    caller: &Caller,
    head: Option<ConversationHead>,
) -> Result<ConversationHead, Problem> {
    let head = head.filter(|head| head.user_id == caller.user.id);
    head.ok_or_else(|| Problem::not_found("conversation"))
}

/// A conversation as its owner gets it.
pub(super) fn shown(head: &ConversationHead) -> Conversation {
    Conversation {
        id: head.id.clone(),
        object: "conversation",
        created_at: head.created_at.as_seconds(),
        last_used_at: head.used_at.as_seconds(),
        metadata: metadata::shown(head),
        running_response_id: head.turn.clone(),
    }
}

/// The conversations of the caller in which the agent answers now.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn answering(cx: &Context, caller: &Caller) -> Result<Vec<Conversation>, Problem> {
    let turns = cx.store.turns_at_once().of(&caller.user.id, cx.clock.now()).await?;
    let ids = turns.running.iter().map(ResponseId::conversation);
    let heads = ids.map(|id| async move { cx.store.conversations().get(&id).await });
    let heads = futures_util::future::try_join_all(heads).await?;
    Ok(heads.iter().flatten().map(shown).collect())
}

/// The entry of what the caller does to a conversation.
pub(super) fn entry(
    cx: &Context,
    caller: &Caller,
    event: Event,
    id: &ConversationId,
) -> AuditEntry {
    AuditEntry::new(cx, event).by_caller(caller).about(id)
}
