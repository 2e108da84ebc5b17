//! Appointments: a revision goes live at a time. The head of the post holds the appointment; the
//! scheduler only calls, and a call that no head agrees with does nothing.

use serde::{Deserialize, Serialize};
use tokio::sync::OnceCell;

use super::conflict::{Attempt, retry_on_conflict};
use super::drafts::{slug_taken, with_body};
use super::publish::{LiveState, Step, published, revision};
use super::{Actor, rights};
use crate::auth::audit::{Entry, Event};
use crate::context::Context;
use crate::endpoint::IfMatch;
use crate::http::problem::{Code, Problem};
use crate::model::{ActorKind, By, Post, PostId, RevisionId, Schedule, ScheduleId, Time};
use crate::scheduler;
use crate::store::WriteError;
use crate::store::post_transaction::{LiveChange, PostTransaction, WriteConflict};
use crate::store::posts::PostItem;

/// What the scheduler hands to the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// The post.
    pub post_id: PostId,
    /// The appointment.
    pub schedule_id: ScheduleId,
}

/// How far ahead an appointment may be, in seconds: a hundred years, beyond which it is a slip.
const FARTHEST: i64 = 100 * 366 * 24 * 3600;

/// Whether an appointment can be made for then.
pub(super) fn is_near(at: Time, now: Time) -> bool {
    at > now && at <= now.plus_seconds(FARTHEST)
}

/// Makes the appointment of a post that is about to be kept: its latest revision goes live then.
pub(super) async fn appoint(
    cx: &Context,
    post: &mut PostItem,
    at: Time,
    by: By,
) -> Result<(), Problem> {
    // Schedules are kept to the second.
    let publish_at = Time::from_millis(at.as_seconds().saturating_mul(1000));
    let (id, now) = (post.summary.id.clone(), cx.clock.now());
    let appointment = Appointment { post_id: id, schedule_id: ScheduleId::new(now) };
    scheduler::make(cx, &appointment, publish_at).await?;
    let revision_id = post.summary.revision_id.clone();
    post.summary.schedule = Some(Schedule { id: appointment.schedule_id, revision_id, publish_at });
    post.scheduled_by = Some(by);
    post.summary.status = post.status();
    Ok(())
}

/// Makes an appointment for a revision to go live, in place of any other. With `seen`, only if the
/// post still is as the caller saw it.
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
    let appointment = Appointment { post_id: id.clone(), schedule_id: ScheduleId::new(now) };
    let call = OnceCell::new();
    let scheduled = retry_on_conflict(|| async {
        let before = rights::find_as_seen(cx, actor, id, seen).await?;
        let revision = revision(cx, id, revision_id).await?;
        rights::may_make_live(cx, actor.is_person(), &before, &revision).await?;
        if before.summary.live_revision_id.as_ref() == Some(revision_id) {
            let message = "This revision is live already.";
            return Err(Problem::invalid_field("revision_id", "already_live", message));
        }
        // What could not be published then is refused now.
        let html = OnceCell::new();
        let (at, is_person) = (publish_at, actor.is_person());
        Step { before: &before, revision: &revision, html: &html, at, is_person }
            .compose(cx)
            .await?;
        // The call is ordered before the head speaks of it: a call too many does nothing, one that
        // is missing would lose the appointment.
        call.get_or_try_init(|| scheduler::make(cx, &appointment, publish_at)).await?;
        let mut after = before.next(cx.clock.now());
        let schedule_id = appointment.schedule_id.clone();
        let revision_id = revision_id.clone();
        after.scheduled_media = super::content::media_of(&revision.summary.fields, &revision.body);
        after.summary.schedule = Some(Schedule { id: schedule_id, revision_id, publish_at });
        after.scheduled_by = Some(actor.by());
        after.summary.status = after.status();
        let entry = Entry::new(cx, Event::PostScheduled).by_caller(&actor.caller).about(id);
        let entry = entry.with(format!("{} at {publish_at}", revision.summary.id));
        if keep(cx, &before, &after, &entry).await? {
            forget(cx, before.summary.schedule.as_ref(), &after).await;
            return Ok(Attempt::Done(with_body(cx, after).await?));
        }
        Ok(Attempt::Conflict)
    })
    .await;
    // After any other error the head may name this call, and a missing call would lose the schedule.
    if matches!(&scheduled, Err(problem) if problem.code == Code::EditConflict) {
        scheduler::cancel(cx, &appointment.schedule_id).await;
    }
    scheduled
}

/// Calls an appointment off. A post without one stays as it is.
///
/// # Errors
/// 404, 409, 412.
pub async fn unschedule(
    cx: &Context,
    actor: &Actor,
    id: &PostId,
    seen: Option<&IfMatch>,
) -> Result<Post, Problem> {
    retry_on_conflict(|| async {
        let before = rights::find_as_seen(cx, actor, id, seen).await?;
        let mut after = before.next(cx.clock.now());
        if after.unschedule().is_none() {
            return Ok(Attempt::Done(with_body(cx, before).await?));
        }
        let entry = Entry::new(cx, Event::PostUnscheduled).by_caller(&actor.caller).about(id);
        if keep(cx, &before, &after, &entry).await? {
            forget(cx, before.summary.schedule.as_ref(), &after).await;
            return Ok(Attempt::Done(with_body(cx, after).await?));
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// Publishes what an appointment says, if the post still has it. Done twice it does no harm. An
/// appointment that cannot be kept, as another post has the slug by now or agents may not make it
/// live any more, is called off, so that nobody goes on waiting for it.
///
/// # Errors
/// As any call; then the scheduler calls again.
pub async fn keep_appointment(cx: &Context, appointment: &Appointment) -> Result<(), Problem> {
    let id = &appointment.post_id;
    let html = OnceCell::new();
    retry_on_conflict(|| async {
        let Some(before) = cx.store.posts().get(id).await? else { return Ok(Attempt::Done(())) };
        let schedule = before.summary.schedule.clone();
        let (Some(schedule), Some(by)) = (schedule, before.scheduled_by.clone()) else {
            return Ok(Attempt::Done(()));
        };
        if schedule.id != appointment.schedule_id || schedule.publish_at > cx.clock.now() {
            return Ok(Attempt::Done(()));
        }
        let revision = revision(cx, id, &schedule.revision_id).await?;
        // What agents may do may have changed since.
        let is_person = by.kind == ActorKind::Person;
        let at = schedule.publish_at;
        let step = Step { before: &before, revision: &revision, html: &html, at, is_person };
        let state = async {
            let state = step.compose(cx).await?;
            rights::may_make_live(cx, is_person, &before, &revision).await?;
            Ok::<_, Problem>(state)
        };
        let LiveState { after, page } = match state.await {
            Ok(state) => state,
            Err(refusal) if refusal.code.status() < 500 => {
                if call_off(cx, &before, &by, &refusal).await? {
                    return Err(refusal);
                }
                return Ok(Attempt::Conflict);
            }
            Err(problem) => return Err(problem),
        };
        let publication = published(&schedule.revision_id, by.clone(), true, at);
        let entry = Entry::new(cx, Event::PostPublished).by(&by.user_id).about(id);
        let entry = entry.with(format!("{}, as scheduled", schedule.revision_id));
        let written = cx
            .store
            .posts()
            .write(&PostTransaction {
                live: LiveChange::Publish(&page),
                publication: Some(&publication),
                entry: Some(&entry),
                ..PostTransaction::new(Some(&before), &after)
            })
            .await;
        match written {
            Ok(()) => return Ok(Attempt::Done(())),
            Err(WriteError::Conflict(WriteConflict::SlugTaken)) => {
                let refusal = slug_taken(&page.summary.slug);
                if call_off(cx, &before, &by, &refusal).await? {
                    return Err(refusal);
                }
            }
            Err(WriteError::Conflict(_)) => {}
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
        Ok(Attempt::Conflict)
    })
    .await
}

/// Takes an appointment off its post that cannot be kept; says whether nothing came in between.
async fn call_off(
    cx: &Context,
    before: &PostItem,
    by: &By,
    refusal: &Problem,
) -> Result<bool, Problem> {
    let mut after = before.next(cx.clock.now());
    after.unschedule();
    let entry = Entry::new(cx, Event::PostUnscheduled).by(&by.user_id).about(&before.summary.id);
    let entry = entry.refused().with(format!("it cannot be kept: {}", refusal.code.as_str()));
    keep(cx, before, &after, &entry).await
}

async fn keep(
    cx: &Context,
    before: &PostItem,
    after: &PostItem,
    entry: &Entry,
) -> Result<bool, Problem> {
    let written = cx
        .store
        .posts()
        .write(&PostTransaction { entry: Some(entry), ..PostTransaction::new(Some(before), after) })
        .await;
    Ok(WriteError::applied(written)?)
}

/// Takes back the call of an appointment that the post has no more.
pub(super) async fn forget(cx: &Context, before: Option<&Schedule>, after: &PostItem) {
    if let Some(old) = before
        && after.summary.schedule.as_ref().is_none_or(|kept| kept.id != old.id)
    {
        scheduler::cancel(cx, &old.id).await;
    }
}
