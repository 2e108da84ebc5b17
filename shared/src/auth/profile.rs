//! What readers see of a person.

use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Name, PropagationJobId, User, author_of};
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
    let (id, change) = (PropagationJobId::new(cx.clock.now()), Changed::Author(author_of(user)));
    let job = PropagationJob { id, change };
    Ok(cx.store.users().rename(&user.id, &user.name, &job, &entry).await?)
}
