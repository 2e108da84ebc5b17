//! What admins may change of other people's accounts.

use super::caller::Caller;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{PropagationJobId, Role, Scope, User, UserId};
use crate::store::WriteError;
use crate::store::propagation::{Changed, PropagationJob};
use crate::store::users::NotChanged;

/// Changes the role of an account, or disables or enables it; what is `None` stays. `caller` must be a
/// person with the role admin.
///
/// # Errors
/// 404; 403 if the caller is an admin no longer; 409 for the last admin, or where somebody else changed the
/// account.
pub async fn change(
    cx: &Context,
    caller: &Caller,
    user_id: &UserId,
    role: Option<Role>,
    disabled: Option<bool>,
) -> Result<User, Problem> {
    let before = cx.store.users().get(user_id).await?;
    let before = before.ok_or_else(|| Problem::not_found("user"))?.user;
    let after = User {
        role: role.unwrap_or(before.role),
        disabled: disabled.unwrap_or(before.disabled),
        ..before.clone()
    };
    let entry = |event| AuditEntry::new(cx, event).by_caller(caller).about(&before.id);
    let mut entries = Vec::new();
    if after.role != before.role {
        let (from, to) = (before.role.as_str(), after.role.as_str());
        entries.push(entry(Event::RoleChanged).with(format!("from {from} to {to}")));
    }
    match (before.disabled, after.disabled) {
        (false, true) => entries.push(entry(Event::AccountDisabled)),
        (true, false) => entries.push(entry(Event::AccountEnabled)),
        _ => {}
    }
    if entries.is_empty() {
        return Ok(before);
    }
    let users = cx.store.users();
    let job = lost_right(cx, &before, Some(&after));
    let by = &caller.user.id;
    let problem = match users.update_by_admin(&before, &after, by, job.as_ref(), &entries).await {
        Ok(()) => return Ok(after),
        Err(WriteError::Store(error)) => error.into(),
        Err(WriteError::Conflict(NotChanged::NotByAdmin)) => {
            Problem::new(Code::Forbidden, "You are no longer an admin.")
        }
        Err(WriteError::Conflict(NotChanged::LastAdmin)) => {
            let detail = "This is the last admin. Give another user the admin role first.";
            Problem::new(Code::LastAdmin, detail)
        }
        Err(WriteError::Conflict(NotChanged::Changed)) => {
            let detail = "The account was changed by another request at the same time. Try again.";
            Problem::new(Code::EditConflict, detail)
        }
    };
    Err(problem)
}

/// What follows for posts where an account that could publish something has lost a right: schedules that
/// rest on it end, and not only when they are due. `after` is none for a deleted account.
pub(super) fn lost_right(
    cx: &Context,
    before: &User,
    after: Option<&User>,
) -> Option<PropagationJob> {
    let writes = !before.disabled && before.role >= Scope::PostsWrite.role();
    let is_less = after.is_none_or(|after| after.disabled || after.role < before.role);
    let id = PropagationJobId::new(cx.clock.now());
    (writes && is_less).then_some(PropagationJob { id, change: Changed::AccountRight })
}
