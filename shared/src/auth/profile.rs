//! What readers see of a person, and what a person is told.

use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Name, NotificationChanges, PropagationJobId, User};
use crate::store::propagation::{Changed, PropagationJob};

/// Gives a user another name, which a worker then writes into their posts. The same name changes nothing.
///
/// # Errors
/// Where the database fails.
pub async fn rename(cx: &Context, user: &mut User, name: Name) -> Result<(), Problem> {
    if name == user.name {
        return Ok(());
    }
    let entry = AuditEntry::new(cx, Event::ProfileChanged).by_user(user).about(&user.id);
    user.name = name;
    let (id, change) = (PropagationJobId::new(cx.clock.now()), Changed::Author(user.id.clone()));
    let job = PropagationJob { id, change };
    Ok(cx.store.users().rename(&user.id, &user.name, &job, &entry).await?)
}

/// Changes which mails about proposals a user gets. The same choice changes nothing.
///
/// # Errors
/// Where the database fails.
pub async fn choose_mails(
    cx: &Context,
    user: &mut User,
    changes: NotificationChanges,
) -> Result<(), Problem> {
    let chosen = user.mails().with(changes);
    if chosen == user.mails() {
        return Ok(());
    }
    let entry = AuditEntry::new(cx, Event::ProfileChanged).by_user(user).about(&user.id);
    let entry = entry.with("notifications");
    user.notifications = Some(chosen);
    Ok(cx.store.users().set_notifications(&user.id, &chosen, &entry).await?)
}
