//! Publishing: exactly the named revision goes live, whatever else has been saved since.

use super::authorization::find_revision;
use super::conflict::{Attempt, retry_on_conflict, slug_taken};
use super::covers::Covers;
use super::decision::Decision;
use super::drafts::with_body;
use super::go_live::{PublishPlan, Published, publication, write_unpublished};
use super::publishers::{self, require_publisher};
use super::shown::Shown;
use super::{authorization, page, schedule, tags};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::{IfMatch, IfReviewed};
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Post, PostId, PostSummary, Revision, RevisionId};
use crate::settings;
use crate::store::WriteError;
use crate::store::post_transaction::{PostTransaction, WriteConflict};

/// Makes `revision` of a post live. With `seen`, only if the post still is as the caller saw it; with
/// `reviewed`, only if the review of the revision still is the one that they read.
///
/// # Errors
/// 403 for those who may not publish, also where they lost the right meanwhile, for agents without an approval,
/// and where something beside the text has changed since the revision was approved; 404, 409, 412, and 422 for a
/// revision that the post does not have, that is too large to be served, or that names a file that is not there, or
/// whose upload is not complete.
pub async fn publish(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision_id: &RevisionId,
    seen: Option<&IfMatch>,
    reviewed: Option<&IfReviewed>,
) -> Result<Post, Problem> {
    require_publisher(cx, actor).await?;
    let decision = Decision::of(actor, reviewed);
    make_live(cx, actor, id, revision_id, (seen, &decision)).await
}

/// As [`publish`], by what was decided before.
pub(super) async fn make_live(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision_id: &RevisionId,
    (seen, decision): (Option<&IfMatch>, &Decision<'_>),
) -> Result<Post, Problem> {
    retry_on_conflict(|| async {
        let before = authorization::find_as_seen(cx, actor, id, seen).await?;
        let revision = find_revision(cx, id, revision_id).await?;
        // Before the work of rendering.
        let (covers, approver) =
            decision.covers(cx, actor, &before, revision_id, cx.clock.now()).await?;
        let rights = publishers::rights(actor, approver);
        let now = cx.clock.now();
        let plan = PublishPlan {
            before: &before,
            revision: &revision,
            at: now,
            kind: actor.kind,
            covers: &covers,
        };
        let published = plan.build(cx).await?;
        published.shown.has_its_files("revision_id")?;
        decision.check(cx, &before, &revision, &published.shown).await?;
        let record = publication(revision_id, actor.by(), false, now);
        let entry = AuditEntry::new(cx, Event::PostPublished).by_actor(actor).about(id);
        let entry = entry.with(revision_id.to_string());
        let written = cx
            .store
            .posts()
            .write(&PostTransaction {
                live: published.change(),
                publication: Some(&record),
                rights: &rights,
                entry: Some(&entry),
                ..PostTransaction::new(Some(&before), &published.after)
            })
            .await;
        match written {
            Ok(()) => {
                let Published { after, .. } = published;
                schedule::delete_call(cx, before.summary.schedule.as_ref(), &after).await;
                return Ok(Attempt::Done(with_body(cx, after).await?));
            }
            Err(WriteError::Conflict(WriteConflict::SlugTaken)) => {
                return Err(slug_taken(&published.page.summary.slug));
            }
            Err(WriteError::Conflict(WriteConflict::RightLost)) => {
                publishers::lost_by(cx, actor).await?;
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
    let (covers, _) = Covers::of_actor(cx, actor.kind, &post, revision_id, cx.clock.now()).await?;
    let tags = tags::resolve(cx, revision.summary.fields.tag_slugs()).await?;
    let html = page::html(cx, revision.body.clone()).await?;
    let shown = Shown::of(cx, &revision, tags, &html).await?;
    covers.check(&shown)?;
    shown.has_its_files("revision_id")?;
    Ok((post.summary, revision))
}

/// Unpublishes a post, cancels its schedule and withdraws its approval. A post that is neither live
/// nor scheduled nor approved stays as it is.
///
/// # Errors
/// 403 for those who may not publish, also where they lost the right meanwhile, and agents that may not change
/// what readers see, 404, 409, 412.
pub async fn unpublish(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    seen: Option<&IfMatch>,
) -> Result<Post, Problem> {
    require_publisher(cx, actor).await?;
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
        let entry = AuditEntry::new(cx, Event::PostUnpublished).by_actor(actor).about(id);
        let by = (actor, publishers::right_to_publish(actor));
        if write_unpublished(cx, by, &before, &after, &entry).await? {
            schedule::delete_call(cx, before.summary.schedule.as_ref(), &after).await;
            return Ok(Attempt::Done(with_body(cx, after).await?));
        }
        Ok(Attempt::Conflict)
    })
    .await
}
