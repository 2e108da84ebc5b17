//! Schedules: a revision goes live at a given time. The head of the post holds the schedule; the
//! scheduler only calls, and a call for a schedule that the post does not have does nothing.

use tokio::sync::OnceCell;

use super::authorization::{self, find_revision};
use super::conflict::{Attempt, retry_on_conflict};
use super::decision::Decision;
use super::drafts::with_body;
use super::go_live::{PublishPlan, Published, by_right};
use super::publishers::{self, require_publisher};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::{IfMatch, IfReviewed};
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{By, ContentDigest, Post, PostId, RevisionId, Schedule, ScheduleId, Time};
use crate::scheduler::{self, ScheduledPost};
use crate::settings;
use crate::store::WriteError;
use crate::store::post_transaction::{PostTransaction, WriteConflict};
use crate::store::posts::PostItem;

/// How far ahead a schedule may be, in seconds: 100 years. A later date is a typing error.
const FARTHEST: i64 = 100 * 366 * 24 * 3600;

/// Whether a post can be scheduled for `at`.
pub(super) fn is_near(at: Time, now: Time) -> bool {
    at > now && at <= now.plus_seconds(FARTHEST)
}

/// Schedules the latest revision of a post that is about to be written, with this content.
pub(super) async fn set_schedule(
    cx: &Context,
    post: &mut PostItem,
    at: Time,
    by: By,
    content: ContentDigest,
) -> Result<(), Problem> {
    // Schedules are kept to the second.
    let publish_at = Time::from_millis(at.as_seconds().saturating_mul(1000));
    let (id, now) = (post.summary.id.clone(), cx.clock.now());
    let scheduled = ScheduledPost { post_id: id, schedule_id: ScheduleId::new(now) };
    scheduler::create(cx, &scheduled, publish_at).await?;
    let revision_id = post.summary.revision_id.clone();
    post.summary.schedule = Some(Schedule { id: scheduled.schedule_id, revision_id, publish_at });
    post.scheduled_by = Some(by);
    post.scheduled_content = Some(content);
    post.summary.schedule_failed = None;
    post.summary.status = post.status();
    Ok(())
}

/// The time of a schedule, to the second.
///
/// # Errors
/// 422 for one that is past or too far.
pub(super) fn time_of(cx: &Context, publish_at: Time) -> Result<Time, Problem> {
    let publish_at = Time::from_millis(publish_at.as_seconds().saturating_mul(1000));
    if is_near(publish_at, cx.clock.now()) {
        return Ok(publish_at);
    }
    let message = "Must be in the future, and within a hundred years. To publish now, use publish.";
    Err(Problem::invalid_field("publish_at", "out_of_range", message))
}

/// Schedules a revision, in place of any earlier schedule. With `seen`, only if the post still has the
/// version that the caller saw; with `reviewed`, only if the review of the revision still is the one
/// that they read.
///
/// # Errors
/// As [`super::publish()`]; 422 for a time that is past or too far, or a revision that is live.
pub async fn schedule(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision_id: &RevisionId,
    publish_at: Time,
    (seen, reviewed): (Option<&IfMatch>, Option<&IfReviewed>),
) -> Result<Post, Problem> {
    require_publisher(cx, actor).await?;
    let decision = Decision::of(actor, reviewed);
    make_live_later(cx, actor, id, revision_id, publish_at, (seen, &decision)).await
}

/// As [`schedule`], by what was decided before.
pub(super) async fn make_live_later(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision_id: &RevisionId,
    publish_at: Time,
    (seen, decision): (Option<&IfMatch>, &Decision<'_>),
) -> Result<Post, Problem> {
    let publish_at = time_of(cx, publish_at)?;
    let now = cx.clock.now();
    let scheduled = ScheduledPost { post_id: id.clone(), schedule_id: ScheduleId::new(now) };
    let call = OnceCell::new();
    let outcome = retry_on_conflict(|| async {
        let before = authorization::find_as_seen(cx, actor, id, seen).await?;
        let revision = find_revision(cx, id, revision_id).await?;
        let (covers, approver) =
            decision.covers(cx, actor, &before, revision_id, publish_at).await?;
        if before.summary.live_revision_id.as_ref() == Some(revision_id) {
            let message = "This revision is live already.";
            return Err(Problem::invalid_field("revision_id", "already_live", message));
        }
        // What could not be published then is refused now.
        let (at, kind, covers) = (publish_at, actor.kind, &covers);
        let plan = PublishPlan { before: &before, revision: &revision, at, kind, covers };
        let Published { shown, .. } = plan.build(cx).await?;
        shown.has_its_files("revision_id")?;
        decision.check(cx, &before, &revision, &shown).await?;
        // The call is ordered before the head speaks of it: a call too many does nothing, one that
        // is missing would lose the schedule.
        call.get_or_try_init(|| scheduler::create(cx, &scheduled, publish_at)).await?;
        let mut after = before.next(cx.clock.now());
        let schedule_id = scheduled.schedule_id.clone();
        let revision_id = revision_id.clone();
        after.scheduled_media = shown.media();
        after.summary.schedule = Some(Schedule { id: schedule_id, revision_id, publish_at });
        after.scheduled_by = Some(actor.by());
        after.scheduled_content = Some(shown.content);
        after.summary.schedule_failed = None;
        after.summary.status = after.status();
        let entry = AuditEntry::new(cx, Event::PostScheduled).by_actor(actor).about(id);
        let entry = entry.with(format!("{} at {publish_at}", revision.summary.id));
        let rights = publishers::rights(actor, approver);
        let written = cx
            .store
            .posts()
            .write(&PostTransaction {
                rights: &rights,
                entry: Some(&entry),
                ..PostTransaction::new(Some(&before), &after)
            })
            .await;
        match written {
            Ok(()) => {
                delete_call(cx, before.summary.schedule.as_ref(), &after).await;
                return Ok(Attempt::Done(with_body(cx, after).await?));
            }
            Err(WriteError::Conflict(WriteConflict::RightLost)) => {
                publishers::lost_by(cx, actor).await?;
            }
            Err(WriteError::Conflict(_)) => {}
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
        Ok(Attempt::Conflict)
    })
    .await;
    // After any other error the head may name this call, and a missing call would lose the schedule.
    if matches!(&outcome, Err(problem) if [Code::EditConflict, Code::Forbidden].contains(&problem.code))
    {
        scheduler::cancel(cx, &scheduled.schedule_id).await;
    }
    outcome
}

/// Cancels the schedule of a post, or takes note of one that failed. A post without either stays as it
/// is.
///
/// # Errors
/// 403 for those who may not publish, also where they lost the right meanwhile, and agents that may not change
/// what readers see, 404, 409, 412.
pub async fn unschedule(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    seen: Option<&IfMatch>,
) -> Result<Post, Problem> {
    require_publisher(cx, actor).await?;
    retry_on_conflict(|| async {
        let before = authorization::find_as_seen(cx, actor, id, seen).await?;
        let mut after = before.next(cx.clock.now());
        let scheduled = after.unschedule().is_some();
        if !scheduled && after.summary.schedule_failed.take().is_none() {
            return Ok(Attempt::Done(with_body(cx, before).await?));
        }
        settings::may_take_away(cx, actor).await?;
        let entry = AuditEntry::new(cx, Event::PostUnscheduled).by_actor(actor).about(id);
        let write = PostTransaction {
            rights: &[publishers::right_to_publish(actor)],
            entry: Some(&entry),
            ..PostTransaction::new(Some(&before), &after)
        };
        if by_right(cx.store.posts().write(&write).await)? {
            delete_call(cx, before.summary.schedule.as_ref(), &after).await;
            return Ok(Attempt::Done(with_body(cx, after).await?));
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// Deletes the call of a schedule that the post no longer has.
pub(super) async fn delete_call(cx: &Context, before: Option<&Schedule>, after: &PostItem) {
    if let Some(old) = before
        && after.summary.schedule.as_ref().is_none_or(|kept| kept.id != old.id)
    {
        scheduler::cancel(cx, &old.id).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_in_the_future_and_within_a_hundred_years() {
        let now = Time::from_millis(1_767_603_600_000);
        let after = |millis: i64| Time::from_millis(now.as_millis() + millis);
        let farthest = 100 * 366 * 86_400_000_i64;
        for (millis, is) in
            [(-1, false), (0, false), (1, true), (farthest, true), (farthest + 1, false)]
        {
            assert_eq!(is_near(after(millis), now), is, "{millis}");
        }
    }
}
