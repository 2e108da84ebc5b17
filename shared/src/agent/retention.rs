//! Conversations that go away by themselves: unused ones, those of a deleted account, and what an
//! interrupted deletion left.

use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{ConversationId, UserId};
use crate::store::attempts::{Attempt, retry_on_conflict};

const FIRST: PageParams = PageParams { limit: 100, cursor: None };

/// Deletes the conversations that nobody used for as long as the configuration keeps them, and completes
/// deletions that were interrupted. Safe to repeat.
///
/// # Errors
/// 503 while the database does not answer; 409 if somebody keeps writing to a conversation.
pub async fn delete_unused(cx: &Context) -> Result<(), Problem> {
    complete_deletions(cx).await?;
    let days = i64::from(cx.config.agent_retention_days);
    let until = cx.clock.now().plus_seconds(-days * 24 * 3600);
    let mut page = FIRST;
    loop {
        let unused = cx.store.conversations().unused_since(until, &page).await?;
        for id in &unused.items {
            let entry = AuditEntry::new(cx, Event::ConversationDeleted).about(id);
            let entry = entry.with(format!("not used for {days} days"));
            retry_on_conflict(|| async {
                let head = cx.store.conversations().get(id).await?;
                // The index may be behind: what was used since then stays.
                let Some(head) = head.filter(|head| head.used_at <= until) else {
                    return Ok(Attempt::Done(()));
                };
                let is_gone = cx.store.conversations().delete(&head, Some(&entry)).await?;
                Ok(if is_gone { Attempt::Done(()) } else { Attempt::Conflict })
            })
            .await?;
            finish(cx, id).await?;
        }
        match unused.next_cursor {
            None => return Ok(()),
            cursor => page.cursor = cursor,
        }
    }
}

/// Deletes all conversations of an account that was deleted, and what it took from the model. Safe to
/// repeat.
///
/// # Errors
/// 503 while the database does not answer, or its index does not know all of them yet.
pub async fn erase(cx: &Context, user: &UserId) -> Result<(), Problem> {
    let mut page = FIRST;
    loop {
        let listed = cx.store.conversations().list(user, &page).await?;
        for id in listed.items.iter().map(|head| &head.id) {
            retry_on_conflict(|| async {
                let Some(head) = cx.store.conversations().get(id).await? else {
                    return Ok(Attempt::Done(()));
                };
                let is_gone = cx.store.conversations().delete(&head, None).await?;
                Ok(if is_gone { Attempt::Done(()) } else { Attempt::Conflict })
            })
            .await?;
            finish(cx, id).await?;
        }
        match listed.next_cursor {
            None => break,
            cursor => page.cursor = cursor,
        }
    }
    complete_deletions(cx).await?;
    if cx.store.conversations().count(user).await? > 0 {
        return Err(Problem::unavailable("the index does not list all conversations yet"));
    }
    cx.store.usages().forget(user).await?;
    cx.store.turns_at_once().forget(user).await?;
    Ok(cx.store.conversations().forget_count(user).await?)
}

/// Completes the deletions that were interrupted.
async fn complete_deletions(cx: &Context) -> Result<(), Problem> {
    let mut page = FIRST;
    loop {
        let left = cx.store.conversations().half_deleted(&page).await?;
        for id in &left.items {
            finish(cx, id).await?;
        }
        match left.next_cursor {
            None => return Ok(()),
            cursor => page.cursor = cursor,
        }
    }
}

/// Deletes what is left of a conversation, unless it is still there.
async fn finish(cx: &Context, id: &ConversationId) -> Result<(), Problem> {
    if cx.store.conversations().get(id).await?.is_none() {
        cx.store.conversations().delete_rest(id).await?;
    }
    Ok(())
}
