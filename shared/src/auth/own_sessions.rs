//! The sessions of a person, as they see and end them.

use super::caller::Person;
use super::device;
use crate::context::Context;
use crate::http::page::{Page, PageParams};
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Secret, SessionId};
use crate::store::sessions::SessionItem;

/// The sessions that are not over, newest first, without those of apps. A page can be shorter than its
/// limit.
///
/// # Errors
/// Where the database fails.
pub async fn list(
    cx: &Context,
    who: &Person,
    page: &PageParams,
) -> Result<Page<SessionItem>, Problem> {
    let mut sessions = cx.store.sessions().list(&who.user.id, page).await?;
    let now = cx.clock.now();
    let version = who.token_version;
    sessions.items.retain(|item| item.is_live(now) && item.token_version == version);
    Ok(sessions)
}

/// Ends one of a person's sessions at once.
///
/// # Errors
/// 404 if there is no such session.
pub async fn end(cx: &Context, who: &Person, session: &SessionId) -> Result<(), Problem> {
    let id = &who.user.id;
    if !cx.store.sessions().delete(id, session).await? {
        return Err(Problem::not_found("session"));
    }
    AuditEntry::new(cx, Event::SessionRevoked).by(id).about(session).record(cx).await;
    Ok(())
}

/// Signs a person out: ends the session that they call with.
///
/// # Errors
/// Where the database fails.
pub async fn sign_out(cx: &Context, who: &Person) -> Result<(), Problem> {
    let (id, session) = (&who.user.id, &who.session_id);
    cx.store.sessions().delete(id, session).await?;
    AuditEntry::new(cx, Event::SignedOut).by(id).about(session).record(cx).await;
    Ok(())
}

/// Ends all of a person's sessions at once, this one too, and those of apps. Returns a new device token.
///
/// # Errors
/// Where the database fails.
pub async fn end_all(cx: &Context, who: &Person) -> Result<Secret, Problem> {
    let id = &who.user.id;
    // Made first, so that nothing can fail once the sessions have ended. If another request ends them at
    // the same moment, the token is not valid, and the device a stranger.
    let device = device::token(cx, &who.user.email, who.token_version + 1).await?;
    let entry = AuditEntry::new(cx, Event::SignedOutEverywhere).by(id).about(id);
    cx.store.sessions().delete_all(id, &entry).await?;
    Ok(device)
}

/// Ends all of a person's sessions at once but this one, and those of apps. Returns a new device token.
///
/// # Errors
/// 409 if all sessions ended at the same moment.
pub async fn end_others(cx: &Context, who: &Person) -> Result<Secret, Problem> {
    let id = &who.user.id;
    let device = device::token(cx, &who.user.email, who.token_version + 1).await?;
    let entry = AuditEntry::new(cx, Event::SignedOutEverywhere).by(id).about(id);
    let entry = entry.with("all sessions but one");
    let sessions = cx.store.sessions();
    if sessions.delete_others(id, who.token_version, &who.session_id, &entry).await? {
        return Ok(device);
    }
    let detail = "Your sessions were ended by another request at the same time. Sign in again.";
    Err(Problem::new(Code::EditConflict, detail))
}
