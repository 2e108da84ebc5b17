//! What happens when a schedule is due.

use tokio::sync::OnceCell;

use super::authorization::find_revision;
use super::conflict::{Attempt, retry_on_conflict, slug_taken};
use super::covers::Covers;
use super::go_live::{PublishPlan, publication};
use super::schedule::write;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{By, RevisionId, Schedule, ScheduleFailure, Scope, User};
use crate::scheduler::ScheduledPost;
use crate::store::WriteError;
use crate::store::post_transaction::{PostTransaction, WriteConflict};
use crate::store::posts::PostItem;

/// Publishes a scheduled revision, if the post still has the schedule. Running it twice is safe. A
/// schedule that cannot be carried out is cancelled, with the reason in the post and in the audit log:
/// another post has taken the slug, agents may no longer publish, the account that made it may no longer
/// publish, or something beside the text is not as it was shown.
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
        let at = schedule.publish_at;
        let state = async {
            let covers = still_covers(cx, &before, &by, &schedule.revision_id).await?;
            let (kind, covers) = (by.kind, &covers);
            let plan =
                PublishPlan { before: &before, revision: &revision, html: &html, at, kind, covers };
            plan.build(cx).await
        };
        let published = match state.await {
            Ok(published) => published,
            Err(refusal) if refusal.code.status() < 500 => {
                if cancel(cx, &before, &schedule, &by, &refusal).await? {
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
                live: published.change(),
                publication: Some(&record),
                entry: Some(&entry),
                ..PostTransaction::new(Some(&before), &published.after)
            })
            .await;
        match written {
            Ok(()) => return Ok(Attempt::Done(())),
            Err(WriteError::Conflict(WriteConflict::SlugTaken)) => {
                let refusal = slug_taken(&published.page.summary.slug);
                if cancel(cx, &before, &schedule, &by, &refusal).await? {
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

/// What a schedule covers when it is due: the account that made it may have lost the right to publish
/// since, and what agents may do may be another.
///
/// # Errors
/// 403 that says what a person has to do.
async fn still_covers(
    cx: &Context,
    post: &PostItem,
    by: &By,
    revision: &RevisionId,
) -> Result<Covers, Problem> {
    let account = cx.store.users().get(&by.user_id).await?.map(|account| account.user);
    let may = |user: &User| !user.disabled && user.role >= Scope::PostsPublish.role();
    if !account.as_ref().is_some_and(may) {
        let detail = "The account that scheduled this was disabled or deleted, or may no longer \
                      publish. Somebody with the right to publish has to publish it or schedule it \
                      again.";
        return Err(Problem::new(Code::ApprovalRequired, detail));
    }
    if by.kind.is_person() {
        // A schedule from before the content was recorded covers its revision.
        let content = post.scheduled_content.clone();
        return Ok(content.map_or(Covers::Anything, Covers::WithChangesOfPeople));
    }
    Covers::of_actor(cx, by.kind, post, revision).await
}

/// Cancels a schedule that cannot be carried out, and keeps the reason. Returns false if somebody else
/// wrote to the post in between.
async fn cancel(
    cx: &Context,
    before: &PostItem,
    schedule: &Schedule,
    by: &By,
    refusal: &Problem,
) -> Result<bool, Problem> {
    let mut after = before.next(cx.clock.now());
    after.unschedule();
    let field = refusal.errors.first();
    after.summary.schedule_failed = Some(ScheduleFailure {
        revision_id: schedule.revision_id.clone(),
        publish_at: schedule.publish_at,
        code: refusal.code.as_str().to_owned(),
        reason: field.map_or_else(|| refusal.detail.clone(), |field| field.message.clone()),
    });
    let entry =
        AuditEntry::new(cx, Event::PostUnscheduled).by_earlier(by).about(&before.summary.id);
    let entry =
        entry.refused().with(format!("it could not be published: {}", refusal.code.as_str()));
    write(cx, before, &after, &entry).await
}
