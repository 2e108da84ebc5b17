//! Schedules: a revision goes live at a given time. The head of the post holds the schedule; the
//! scheduler only calls, and a call for a schedule that the post does not have does nothing.

use tokio::sync::OnceCell;

use super::authorization::{self, find_revision};
use super::conflict::{Attempt, retry_on_conflict, slug_taken};
use super::content::media_of;
use super::drafts::with_body;
use super::go_live::{PublishPlan, Published, publication};
use crate::auth::Actor;
use crate::context::Context;
use crate::http::if_match::IfMatch;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{By, Post, PostId, RevisionId, Schedule, ScheduleId, Time};
use crate::scheduler::{self, ScheduledPost};
use crate::settings;
use crate::store::WriteError;
use crate::store::post_transaction::{LiveChange, PostTransaction, WriteConflict};
use crate::store::posts::PostItem;

/// How far ahead a schedule may be, in seconds: 100 years. A later date is a typing error.
const FARTHEST: i64 = 100 * 366 * 24 * 3600;

/// Whether a post can be scheduled for `at`.
pub(super) fn is_near(at: Time, now: Time) -> bool {
    at > now && at <= now.plus_seconds(FARTHEST)
}

/// Schedules the latest revision of a post that is about to be written.
pub(super) async fn set_schedule(
    cx: &Context,
    post: &mut PostItem,
    at: Time,
    by: By,
) -> Result<(), Problem> {
    // Schedules are kept to the second.
    let publish_at = Time::from_millis(at.as_seconds().saturating_mul(1000));
    let (id, now) = (post.summary.id.clone(), cx.clock.now());
    let scheduled = ScheduledPost { post_id: id, schedule_id: ScheduleId::new(now) };
    scheduler::create(cx, &scheduled, publish_at).await?;
    let revision_id = post.summary.revision_id.clone();
    post.summary.schedule = Some(Schedule { id: scheduled.schedule_id, revision_id, publish_at });
    post.scheduled_by = Some(by);
    post.summary.status = post.status();
    Ok(())
}

/// Schedules a revision, in place of any earlier schedule. With `seen`, only if the post still has the
/// version that the caller saw.
///
/// # Errors
/// As [`super::publish()`]; 422 for a time that is past or too far, or a revision that is live.
pub async fn schedule(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    revision_id: &RevisionId,
    publish_at: Time,
    seen: Option<&IfMatch>,
) -> Result<Post, Problem> {
    // Schedules are kept to the second.
    let publish_at = Time::from_millis(publish_at.as_seconds().saturating_mul(1000));
    let now = cx.clock.now();
    if !is_near(publish_at, now) {
        let message =
            "Must be in the future, and within a hundred years. To publish now, use publish.";
        return Err(Problem::invalid_field("publish_at", "out_of_range", message));
    }
    let scheduled = ScheduledPost { post_id: id.clone(), schedule_id: ScheduleId::new(now) };
    let call = OnceCell::new();
    let outcome = retry_on_conflict(|| async {
        let before = authorization::find_as_seen(cx, actor, id, seen).await?;
        let revision = find_revision(cx, id, revision_id).await?;
        authorization::may_make_live(cx, actor.kind, &before, &revision).await?;
        if before.summary.live_revision_id.as_ref() == Some(revision_id) {
            let message = "This revision is live already.";
            return Err(Problem::invalid_field("revision_id", "already_live", message));
        }
        // What could not be published then is refused now.
        let html = OnceCell::new();
        let (at, kind) = (publish_at, actor.kind);
        PublishPlan { before: &before, revision: &revision, html: &html, at, kind }
            .build(cx)
            .await?;
        // The call is ordered before the head speaks of it: a call too many does nothing, one that
        // is missing would lose the schedule.
        call.get_or_try_init(|| scheduler::create(cx, &scheduled, publish_at)).await?;
        let mut after = before.next(cx.clock.now());
        let schedule_id = scheduled.schedule_id.clone();
        let revision_id = revision_id.clone();
        after.scheduled_media = media_of(&revision.summary.fields, &revision.body);
        after.summary.schedule = Some(Schedule { id: schedule_id, revision_id, publish_at });
        after.scheduled_by = Some(actor.by());
        after.summary.status = after.status();
        let entry = AuditEntry::new(cx, Event::PostScheduled).by_caller(&actor.caller).about(id);
        let entry = entry.with(format!("{} at {publish_at}", revision.summary.id));
        if write(cx, &before, &after, &entry).await? {
            delete_call(cx, before.summary.schedule.as_ref(), &after).await;
            return Ok(Attempt::Done(with_body(cx, after).await?));
        }
        Ok(Attempt::Conflict)
    })
    .await;
    // After any other error the head may name this call, and a missing call would lose the schedule.
    if matches!(&outcome, Err(problem) if problem.code == Code::EditConflict) {
        scheduler::cancel(cx, &scheduled.schedule_id).await;
    }
    outcome
}

/// Cancels the schedule of a post. A post without one stays as it is.
///
/// # Errors
/// 403 for agents that may not change what readers see, 404, 409, 412.
pub async fn unschedule(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    seen: Option<&IfMatch>,
) -> Result<Post, Problem> {
    retry_on_conflict(|| async {
        let before = authorization::find_as_seen(cx, actor, id, seen).await?;
        let mut after = before.next(cx.clock.now());
        if after.unschedule().is_none() {
            return Ok(Attempt::Done(with_body(cx, before).await?));
        }
        settings::may_take_away(cx, actor).await?;
        let entry = AuditEntry::new(cx, Event::PostUnscheduled).by_caller(&actor.caller).about(id);
        if write(cx, &before, &after, &entry).await? {
            delete_call(cx, before.summary.schedule.as_ref(), &after).await;
            return Ok(Attempt::Done(with_body(cx, after).await?));
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// Publishes a scheduled revision, if the post still has the schedule. Running it twice is safe. A
/// schedule that cannot be carried out (another post has taken the slug, or agents may no longer
/// publish) is cancelled, so that it does not stay pending for ever.
///
/// # Errors
/// 503 while the database does not answer, 500 if every attempt meets another write: the scheduler
/// then calls again. Otherwise the reason why the schedule was cancelled.
pub async fn run_scheduled(cx: &Context, scheduled: &ScheduledPost) -> Result<(), Problem> {
    let id = &scheduled.post_id;
    let html = OnceCell::new();
    let outcome = retry_on_conflict(|| async {
        let Some(before) = cx.store.posts().get(id).await? else { return Ok(Attempt::Done(())) };
        let schedule = before.summary.schedule.clone();
        let (Some(schedule), Some(by)) = (schedule, before.scheduled_by.clone()) else {
            return Ok(Attempt::Done(()));
        };
        if schedule.id != scheduled.schedule_id || schedule.publish_at > cx.clock.now() {
            return Ok(Attempt::Done(()));
        }
        let revision = find_revision(cx, id, &schedule.revision_id).await?;
        // What agents may do may have changed since.
        let kind = by.kind;
        let at = schedule.publish_at;
        let plan = PublishPlan { before: &before, revision: &revision, html: &html, at, kind };
        let state = async {
            // Before rendering, the most costly part, and once the words of the cover were read.
            authorization::may_make_live(cx, kind, &before, &revision).await?;
            let state = plan.build(cx).await?;
            authorization::may_make_live(cx, kind, &before, &revision).await?;
            Ok::<_, Problem>(state)
        };
        let Published { after, page } = match state.await {
            Ok(state) => state,
            Err(refusal) if refusal.code.status() < 500 => {
                if cancel(cx, &before, &by, &refusal).await? {
                    return Err(refusal);
                }
                return Ok(Attempt::Conflict);
            }
            Err(problem) => return Err(problem),
        };
        let record = publication(&schedule.revision_id, by.clone(), true, at);
        let entry = AuditEntry::new(cx, Event::PostPublished).by_earlier(&by).about(id);
        let entry = entry.with(format!("{}, as scheduled", schedule.revision_id));
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
            Ok(()) => return Ok(Attempt::Done(())),
            Err(WriteError::Conflict(WriteConflict::SlugTaken)) => {
                let refusal = slug_taken(&page.summary.slug);
                if cancel(cx, &before, &by, &refusal).await? {
                    return Err(refusal);
                }
            }
            Err(WriteError::Conflict(_)) => {}
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
        Ok(Attempt::Conflict)
    })
    .await;
    outcome.map_err(|problem| match problem.code {
        // The schedule stays, so this must not look like a final refusal.
        Code::EditConflict => {
            Problem::internal(format!("{id} is due, but others keep writing to it"))
        }
        _ => problem,
    })
}

/// Cancels a schedule that cannot be carried out. Returns false if somebody else wrote to the post in
/// between.
async fn cancel(
    cx: &Context,
    before: &PostItem,
    by: &By,
    refusal: &Problem,
) -> Result<bool, Problem> {
    let mut after = before.next(cx.clock.now());
    after.unschedule();
    let entry =
        AuditEntry::new(cx, Event::PostUnscheduled).by_earlier(by).about(&before.summary.id);
    let entry =
        entry.refused().with(format!("it could not be published: {}", refusal.code.as_str()));
    write(cx, before, &after, &entry).await
}

async fn write(
    cx: &Context,
    before: &PostItem,
    after: &PostItem,
    entry: &AuditEntry,
) -> Result<bool, Problem> {
    let written = cx
        .store
        .posts()
        .write(&PostTransaction { entry: Some(entry), ..PostTransaction::new(Some(before), after) })
        .await;
    Ok(WriteError::applied(written)?)
}

/// Deletes the call of a schedule that the post no longer has.
pub(super) async fn delete_call(cx: &Context, before: Option<&Schedule>, after: &PostItem) {
    if let Some(old) = before
        && after.summary.schedule.as_ref().is_none_or(|kept| kept.id != old.id)
    {
        scheduler::cancel(cx, &old.id).await;
    }
}
