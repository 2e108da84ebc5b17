//! Publishing: exactly the named revision goes live, whatever else has been saved since.

use tokio::sync::OnceCell;

use super::authorization::find_revision;
use super::conflict::{Attempt, retry_on_conflict, slug_taken};
use super::drafts::with_body;
use super::go_live::{PublishPlan, Published, publication, write_unpublished};
use super::{authorization, schedule};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::IfMatch;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Post, PostId, PostSummary, Revision, RevisionId};
use crate::settings;
use crate::store::WriteError;
use crate::store::post_transaction::{LiveChange, PostTransaction, WriteConflict};

/// Makes `revision` of a post live. With `seen`, only if the post still is as the caller saw it.
///
/// # Errors
/// 403 for agents without an approval, 404, 409, 412, and 422 for a revision that the post does
/// not have or that is too large to be served.
pub async fn publish(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision_id: &RevisionId,
    seen: Option<&IfMatch>,
) -> Result<Post, Problem> {
    let html = OnceCell::new();
    retry_on_conflict(|| async {
        let before = authorization::find_as_seen(cx, actor, id, seen).await?;
        let revision = find_revision(cx, id, revision_id).await?;
        // Before rendering, the most costly part.
        authorization::may_make_live(cx, actor.kind, &before, &revision).await?;
        let now = cx.clock.now();
        let plan = PublishPlan {
            before: &before,
            revision: &revision,
            html: &html,
            at: now,
            kind: actor.kind,
        };
        let Published { after, page } = plan.build(cx).await?;
        // Once more, now that the words of the cover were read: they are asked about, too.
        authorization::may_make_live(cx, actor.kind, &before, &revision).await?;
        let record = publication(revision_id, actor.by(), false, now);
        let entry = AuditEntry::new(cx, Event::PostPublished).by_caller(&actor.caller).about(id);
        let entry = entry.with(revision_id.to_string());
        let written = cx
            .store
            .posts()
            .write(&PostTransaction {
                live: LiveChange::Publish(&page),
                publication: Some(&record),
                entry: Some(&entry),
                ..PostTransaction::new(Some(&before), &after)
            })
            .await;
        match written {
            Ok(()) => {
                schedule::delete_call(cx, before.summary.schedule.as_ref(), &after).await;
                return Ok(Attempt::Done(with_body(cx, after).await?));
            }
            Err(WriteError::Conflict(WriteConflict::SlugTaken)) => {
                return Err(slug_taken(&page.summary.slug));
            }
            // The next round finds what won.
            Err(WriteError::Conflict(_)) => {}
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// A post of which the actor may make this revision live: what [`publish`] asks first, for a door
/// that has a person asked before.
///
/// # Errors
/// As [`publish`].
pub async fn may_publish(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision_id: &RevisionId,
) -> Result<(PostSummary, Revision), Problem> {
    let post = authorization::find_active(cx, actor, id).await?;
    let revision = find_revision(cx, id, revision_id).await?;
    authorization::may_make_live(cx, actor.kind, &post, &revision).await?;
    Ok((post.summary, revision))
}

/// Unpublishes a post, cancels its schedule and withdraws its approval. A post that is neither live
/// nor scheduled nor approved stays as it is.
///
/// # Errors
/// 403 for agents that may not change what readers see, 404, 409, 412.
pub async fn unpublish(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    seen: Option<&IfMatch>,
) -> Result<Post, Problem> {
    retry_on_conflict(|| async {
        let before = authorization::find_as_seen(cx, actor, id, seen).await?;
        let approved = before.approved.is_some();
        if before.live.is_none() && before.summary.schedule.is_none() && !approved {
            return Ok(Attempt::Done(with_body(cx, before).await?));
        }
        settings::may_take_away(cx, actor).await?;
        let now = cx.clock.now();
        let mut after = before.next(now);
        after.withdraw();
        let entry = AuditEntry::new(cx, Event::PostUnpublished).by_caller(&actor.caller).about(id);
        if write_unpublished(cx, actor, &before, &after, &entry).await? {
            schedule::delete_call(cx, before.summary.schedule.as_ref(), &after).await;
            return Ok(Attempt::Done(with_body(cx, after).await?));
        }
        Ok(Attempt::Conflict)
    })
    .await
}
