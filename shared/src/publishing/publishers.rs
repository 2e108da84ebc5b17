//! Who may publish, schedule and take down: editors every post, and authors their own where the
//! publication lets them. What agents may make live is in [`super::covers`].

use crate::auth::{Actor, audit};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{ActorKind, Author, Scope, Settings, User, UserId};
use crate::settings;
use crate::store::rights::{Right, RightLost};

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
        audit::record_denied(cx, actor, &refusal.detail).await;
    }
    Err(refusal)
}

/// Whether the actor may publish posts that they may work on, by these settings.
pub(super) fn may_publish(actor: &Actor, settings: &Settings) -> bool {
    let caller = &actor.caller;
    caller.may(Scope::PostsPublish) || authors_may(settings, &caller.user, actor.kind)
}

/// The right by which what an account scheduled or approved may still go live. One that was disabled or deleted
/// has none.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn may_still(
    cx: &Context,
    account: &UserId,
    kind: ActorKind,
    author: &Author,
) -> Result<Option<Right>, Problem> {
    let account = cx.store.users().get(account).await?;
    let Some(user) = account.map(|account| account.user) else { return Ok(None) };
    // The setting may have been turned off a moment ago. It is about authors alone.
    let settings = match user.role >= Scope::PostsPublish.role() {
        true => None,
        false => Some(cx.settings.read_consistent().await?),
    };
    Ok(right_to(&user, kind, author, settings.as_deref()))
}

/// The right of an account to publish posts of this author. The settings give it to authors, and are not needed
/// for others.
pub(super) fn right_to(
    user: &User,
    kind: ActorKind,
    author: &Author,
    settings: Option<&Settings>,
) -> Option<Right> {
    let is_editor = user.role >= Scope::PostsPublish.role();
    let is_own = || author.id == user.id;
    let lets_authors = || settings.is_some_and(|settings| authors_may(settings, user, kind));
    let may = !user.disabled && (is_editor || is_own() && lets_authors());
    may.then(|| Right { by_setting: !is_editor, ..Right::of(user) })
}

/// The rights that a publication rests on: that of the actor, who may publish as they were read, and that of the
/// person who approved it, if it rests on an approval.
pub(super) fn rights(actor: &Actor, approver: Option<Right>) -> Vec<Right> {
    approver.into_iter().chain([right_to_publish(actor)]).collect()
}

/// The right of an actor to publish and to take down, who may do so as they were read.
pub(super) fn right_to_publish(actor: &Actor) -> Right {
    Right { by_setting: !actor.caller.may(Scope::PostsPublish), ..actor.caller.right() }
}

/// After a write that met a lost right: refuses the actor, unless it is the right of somebody else, on whose
/// approval an agent publishes.
///
/// # Errors
/// 403.
pub(super) async fn lost_by(cx: &Context, actor: &Actor) -> Result<(), Problem> {
    if !actor.is_person() {
        let account = cx.store.users().get(&actor.caller.user.id).await?;
        let user = account.map(|account| account.user).filter(|user| !user.disabled);
        if user.is_some_and(|user| user.role >= Scope::PostsPublish.role()) {
            return Ok(());
        }
    }
    Err(RightLost.into())
}

/// Whether the publication lets this user publish as an author: a person, and no key or app of theirs.
fn authors_may(settings: &Settings, user: &User, kind: ActorKind) -> bool {
    settings.author_publishing && kind.is_person() && user.role >= Scope::PostsWrite.role()
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::examples;
    use crate::model::{Role, author_of};

    #[test]
    fn editors_may_publish_everything_and_authors_their_own_where_they_are_let() {
        let author = author_of(&examples::user());
        let on = |author_publishing| Settings { author_publishing, ..examples::settings() };
        for role in Role::ALL {
            for disabled in [false, true] {
                for is_own in [true, false] {
                    for lets in [Some(true), Some(false), None] {
                        for kind in [ActorKind::Person, ActorKind::ApiKey] {
                            let mut user = User { role, disabled, ..examples::user() };
                            if !is_own {
                                user.id = examples::OTHER_USER_ID.parse().unwrap();
                            }
                            let settings = lets.map(on);
                            let right = right_to(&user, kind, &author, settings.as_ref());
                            let is_let = role == Role::Author
                                && kind == ActorKind::Person
                                && is_own
                                && lets == Some(true);
                            let may = !disabled && (role >= Role::Editor || is_let);
                            let said = right.as_ref().map(|right| right.by_setting);
                            let case = (role, disabled, is_own, lets, kind);
                            assert_eq!(said, may.then_some(is_let), "{case:?}");
                            assert!(right.is_none_or(|right| right.user_id == user.id));
                        }
                    }
                }
            }
        }
    }
}
