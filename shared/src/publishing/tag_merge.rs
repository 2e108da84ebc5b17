//! Making one tag of two, and deleting one.

use super::conflict::{Attempt, retry_on_conflict};
use super::tags::{entry, live_tag, propagation_job};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::audit::Event;
use crate::model::{PublicTag, Slug};
use crate::settings;
use crate::store::WriteError;
use crate::store::rights::RightLost;
use crate::store::tags::NotMoved;

/// Makes one tag of two: the posts of `slug` carry `into` within moments, and its address leads
/// there.
///
/// # Errors
/// 404; 403 for agents that may not change what readers see, and where the right was lost meanwhile; 422 for a
/// target that is not there.
pub async fn merge_tags(
    cx: &Context,
    actor: &Actor,
    slug: &Slug,
    into: &Slug,
) -> Result<PublicTag, Problem> {
    settings::may_change_live(cx, actor).await?;
    let no_target = || Problem::invalid_field("into", "not_found", "There is no such tag.");
    if slug == into {
        let message = "Is the tag itself. Name another one.";
        return Err(Problem::invalid_field("into", "invalid", message));
    }
    retry_on_conflict(|| async {
        let tag = live_tag(cx, slug).await?;
        let job = propagation_job(cx, slug);
        let entry = entry(cx, actor, Event::TagChanged, slug).with(format!("now {into}"));
        let by = (&actor.caller.right(), &entry);
        match cx.store.tags().move_to(&tag, into, None, &job, by).await {
            Ok(()) => return Ok(Attempt::Done(live_tag(cx, into).await?.public())),
            Err(WriteError::Conflict(NotMoved::Changed)) => {}
            Err(WriteError::Conflict(NotMoved::NoTarget)) => return Err(no_target()),
            Err(WriteError::Conflict(NotMoved::RightLost)) => return Err(RightLost.into()),
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// Removes a tag. Its posts lose it within moments.
///
/// # Errors
/// 404; 403 for agents that may not change what readers see, and where the right was lost meanwhile.
pub async fn delete_tag(cx: &Context, actor: &Actor, slug: &Slug) -> Result<(), Problem> {
    settings::may_change_live(cx, actor).await?;
    let entry = entry(cx, actor, Event::TagDeleted, slug);
    let by = (&actor.caller.right(), &entry);
    let there = cx.store.tags().delete(slug, &propagation_job(cx, slug), by).await?;
    if there { Ok(()) } else { Err(Problem::not_found("tag")) }
}
