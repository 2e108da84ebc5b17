//! What a deleted account leaves: its ids stay, so that the history still tells one from another, and
//! its names go.

use super::conflict::{Attempt, retry_on_conflict};
use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::Problem;
use crate::model::audit::AuditEntry;
use crate::model::{PostId, PostStatus, ProposalStatus, UserId};
use crate::store::WriteError;
use crate::store::post_transaction::PostTransaction;
use crate::store::posts::PostFilter;
use crate::store::proposals::ProposalFilter;

const FIRST: PageParams = PageParams { limit: 100, cursor: None };

/// Removes a user's name from revisions, proposals, the history of publications and the audit log.
/// Safe to repeat: after an error, the next run does the rest.
///
/// # Errors
/// 409 if others keep writing to a post; 503 while the database does not answer.
pub async fn erase_names(cx: &Context, user: &UserId) -> Result<(), Problem> {
    // A post that is written to in between moves to the end of the list, and is still reached.
    let active =
        PostFilter { person: Some(user.clone()), oldest_first: true, ..PostFilter::default() };
    let trashed = PostFilter { status: Some(PostStatus::Trashed), ..active.clone() };
    for filter in [active, trashed] {
        let mut page = FIRST;
        loop {
            let posts = cx.store.posts().list(&filter, &page).await?;
            for post in posts.items {
                from_history(cx, &post.id, user).await?;
                from_schedule(cx, &post.id, user).await?;
            }
            match posts.next_cursor {
                None => break,
                cursor => page.cursor = cursor,
            }
        }
    }
    from_proposals(cx, user).await?;
    from_audit_log(cx, user).await
}

async fn from_history(cx: &Context, post: &PostId, user: &UserId) -> Result<(), Problem> {
    let mut page = FIRST;
    loop {
        let revisions = cx.store.revisions().list(post, &page).await?;
        for revision in &revisions.items {
            cx.store.revisions().forget(revision, user).await?;
        }
        match revisions.next_cursor {
            None => break,
            cursor => page.cursor = cursor,
        }
    }
    let mut page = FIRST;
    loop {
        let publications = cx.store.publications().list(post, &page).await?;
        for entry in publications.items.iter().filter(|entry| entry.by.user_id == *user) {
            cx.store.publications().forget(post, entry, user).await?;
        }
        match publications.next_cursor {
            None => return Ok(()),
            cursor => page.cursor = cursor,
        }
    }
}

/// Removes the name of who scheduled a post.
async fn from_schedule(cx: &Context, post: &PostId, user: &UserId) -> Result<(), Problem> {
    retry_on_conflict(|| async {
        let Some(before) = cx.store.posts().get(post).await? else {
            return Ok(Attempt::Done(()));
        };
        let mut after = before.next(before.summary.updated_at);
        let named = after.scheduled_by.as_mut().filter(|by| by.user_id == *user);
        let Some(by) = named.filter(|by| by.user_name.is_some() || by.api_key_name.is_some())
        else {
            return Ok(Attempt::Done(()));
        };
        (by.user_name, by.api_key_name) = (None, None);
        let write = PostTransaction::new(Some(&before), &after);
        if WriteError::applied(cx.store.posts().write(&write).await)? {
            return Ok(Attempt::Done(()));
        }
        Ok(Attempt::Conflict)
    })
    .await
}

async fn from_proposals(cx: &Context, user: &UserId) -> Result<(), Problem> {
    for status in ProposalStatus::ALL {
        let filter = ProposalFilter { post: None, status, author: None };
        let mut page = FIRST;
        loop {
            let proposals = cx.store.proposals().list(&filter, &page).await?;
            for proposal in &proposals.items {
                cx.store.proposals().forget(proposal, user).await?;
            }
            match proposals.next_cursor {
                None => break,
                cursor => page.cursor = cursor,
            }
        }
    }
    Ok(())
}

async fn from_audit_log(cx: &Context, user: &UserId) -> Result<(), Problem> {
    let mut page = FIRST;
    loop {
        let entries = cx.store.audit_log().list_of(user, &page).await?;
        let named =
            |entry: &&AuditEntry| entry.actor_name.is_some() || entry.api_key_name.is_some();
        for entry in entries.items.iter().filter(named) {
            cx.store.audit_log().forget(entry, user).await?;
        }
        match entries.next_cursor {
            None => return Ok(()),
            cursor => page.cursor = cursor,
        }
    }
}
