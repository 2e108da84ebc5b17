//! Who may publish, schedule and take down: editors every post, and authors their own where the
//! publication lets them. What agents may make live is in [`super::covers`].

use crate::auth::{Actor, audit};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{ActorKind, Author, Scope, Settings, User, UserId};
use crate::settings;

/// Checks that the actor may publish posts that they may work on: authors reach their own alone, as
/// everywhere.
///
/// # Errors
/// 403 that says what is missing.
pub async fn require_publisher(cx: &Context, actor: &Actor) -> Result<(), Problem> {
    let caller = &actor.caller;
    let Err(refusal) = caller.require(Scope::PostsPublish) else { return Ok(()) };
    if authors_may(&settings::current(cx).await?, &caller.user, actor.kind) {
        return Ok(());
    }
    if actor.is_person() {
        // Every other refusal for a role is recorded before the operation begins.
        audit::record_denied(cx, caller, &refusal.detail).await;
    }
    Err(refusal)
}

/// Whether the actor may publish posts that they may work on, by these settings.
pub(super) fn may_publish(actor: &Actor, settings: &Settings) -> bool {
    let caller = &actor.caller;
    caller.may(Scope::PostsPublish) || authors_may(settings, &caller.user, actor.kind)
}

/// Whether what an account scheduled or approved may still go live by its decision. One that was disabled
/// or deleted may nothing.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn may_still(
    cx: &Context,
    account: &UserId,
    kind: ActorKind,
    author: &Author,
) -> Result<bool, Problem> {
    let account = cx.store.users().get(account).await?;
    let Some(user) = account.map(|account| account.user).filter(|user| !user.disabled) else {
        return Ok(false);
    };
    if user.role >= Scope::PostsPublish.role() {
        return Ok(true);
    }
    // The setting may have been turned off a moment ago.
    let settings = cx.settings.read_consistent().await?;
    Ok(author.id == user.id && authors_may(&settings, &user, kind))
}

/// Whether the publication lets this user publish as an author: a person, and no key or app of theirs.
fn authors_may(settings: &Settings, user: &User, kind: ActorKind) -> bool {
    settings.author_publishing && kind.is_person() && user.role >= Scope::PostsWrite.role()
}
