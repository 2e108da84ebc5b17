//! The deletion of an account by its owner.

use super::caller::Person;
use super::people::lost_right;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::Role;
use crate::model::audit::{AuditEntry, Event};
use crate::store::WriteError;
use crate::store::outbox::{Notice, OutboxItem};
use crate::store::users::NotChanged;

/// Deletes the account of a person who signed in a moment ago. A worker then takes their name off what they
/// made.
///
/// # Errors
/// 409 for the last admin, or where the account was changed by somebody else.
pub async fn delete_account(cx: &Context, who: &Person) -> Result<(), Problem> {
    let id = &who.user.id;
    let account = cx.store.users().get(id).await?.ok_or_else(|| Problem::unauthenticated(true))?;
    let (now, ip) = (cx.clock.now(), cx.request.source_ip);
    let notice = OutboxItem::notice(now, ip, &account.user, Notice::AccountDeleted);
    let entry = AuditEntry::new(cx, Event::AccountDeleted).by(id).about(id);
    let job = lost_right(cx, &account.user, None);
    match cx.store.users().delete(&account, &notice, job.as_ref(), &entry).await {
        Ok(()) => Ok(()),
        Err(WriteError::Store(error)) => Err(error.into()),
        Err(WriteError::Conflict(NotChanged::LastAdmin)) => Err(last_admin()),
        Err(WriteError::Conflict(_)) => {
            let detail = "Your account was changed by another request at the same time. Try again.";
            Err(Problem::new(Code::EditConflict, detail))
        }
    }
}

/// Checks that there would be an admin left without this person.
///
/// # Errors
/// 409 for the last admin.
pub async fn require_another_admin(cx: &Context, who: &Person) -> Result<(), Problem> {
    if who.user.role == Role::Admin && cx.store.users().count_admins().await? < 2 {
        return Err(last_admin());
    }
    Ok(())
}

fn last_admin() -> Problem {
    let detail = "You are the last admin. Give another user the admin role first.";
    Problem::new(Code::LastAdmin, detail)
}
