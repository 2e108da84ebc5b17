//! What a deleted account leaves: its ids stay, so that the history still tells one from another, and
//! its names go.

use super::conflict::{Attempt, retry_on_conflict};
use super::every_post::EveryPost;
use crate::context::Context;
use crate::http::page::PageParams;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Email, PostId, ProposalStatus, UserId};
use crate::store::WriteError;
use crate::store::post_transaction::PostTransaction;
use crate::store::posts::PostFilter;
use crate::store::proposals::ProposalFilter;

const FIRST: PageParams = PageParams { limit: 100, cursor: None };

/// Removes a user's name from revisions, proposals, the history of publications and the audit log, and the
/// addresses that they had from the audit log. Safe to repeat: after an error, the next run does the rest.
///
/// # Errors
/// 409 if others keep writing to a post; 503 while the database does not answer.
pub async fn erase_names(cx: &Context, user: &UserId, addresses: &[Email]) -> Result<(), Problem> {
    let filter = PostFilter { person: Some(user.clone()), ..PostFilter::default() };
    let mut posts = EveryPost::with_trash(filter);
    while let Some(post) = posts.next(cx).await? {
        from_history(cx, &post.id, user).await?;
        from_head(cx, &post.id, user).await?;
    }
    from_proposals(cx, user).await?;
    from_audit_log(cx, user).await?;
    from_invitations(cx, addresses).await
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

/// Removes the names of who scheduled a post and who approved it.
async fn from_head(cx: &Context, post: &PostId, user: &UserId) -> Result<(), Problem> {
    retry_on_conflict(|| async {
        let Some(before) = cx.store.posts().get(post).await? else {
            return Ok(Attempt::Done(()));
        };
        let mut after = before.next(before.summary.updated_at);
        if let Some(by) = after.scheduled_by.as_mut().filter(|by| by.user_id == *user) {
            (by.user_name, by.api_key_name) = (None, None);
        }
        let approval = after.summary.approval.as_mut();
        if let Some(approval) = approval.filter(|approval| approval.by == *user) {
            approval.by_name = None;
        }
        if (&after.scheduled_by, &after.summary.approval)
            == (&before.scheduled_by, &before.summary.approval)
        {
            return Ok(Attempt::Done(()));
        }
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
        let named = |entry: &&AuditEntry| {
            let names = (&entry.actor_name, &entry.api_key_name, &entry.subject_name);
            names != (&None, &None, &None)
        };
        for entry in entries.items.iter().filter(named) {
            cx.store.audit_log().forget(entry, user).await?;
        }
        match entries.next_cursor {
            None => return Ok(()),
            cursor => page.cursor = cursor,
        }
    }
}

/// Removes the addresses from what the audit log tells of their invitations, however they were spelt there.
async fn from_invitations(cx: &Context, addresses: &[Email]) -> Result<(), Problem> {
    if addresses.is_empty() {
        return Ok(());
    }
    let theirs: Vec<String> = addresses.iter().map(Email::normalised).collect();
    let is_theirs = |name: &str| theirs.contains(&Email::trusted(name).normalised());
    for event in [Event::Invited, Event::InvitationWithdrawn] {
        let mut page = FIRST;
        loop {
            let entries = cx.store.audit_log().list_event(event, &page).await?;
            for entry in &entries.items {
                if let Some(name) = entry.subject_name.as_deref().filter(|name| is_theirs(name)) {
                    cx.store.audit_log().forget_address(entry, name).await?;
                }
            }
            match entries.next_cursor {
                None => break,
                cursor => page.cursor = cursor,
            }
        }
    }
    Ok(())
}
