//! What happens when a schedule is due.

use super::authorization::find_revision;
use super::conflict::{Attempt, retry_on_conflict, slug_taken};
use super::covers::Covers;
use super::go_live::{PublishPlan, publication};
use super::schedule_end;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{By, RevisionId};
use crate::scheduler::ScheduledPost;
use crate::store::WriteError;
use crate::store::post_transaction::{PostTransaction, WriteConflict};
use crate::store::posts::PostItem;
use crate::store::rights::Right;

/// Publishes a scheduled revision, if the post still has the schedule. Running it twice is safe. A
/// schedule that cannot be carried out is cancelled, with the reason in the post and in the audit log:
/// another post has taken the slug, agents may no longer publish, the account that made it may no longer
/// publish, or something beside the text is not as it was shown. People are told. That, too, is done with
/// this call.
///
/// # Errors
/// Only what a later call may not meet again: 503 while the database does not answer, 409 if every attempt
/// meets another write. The schedule stays, and has to be run again.
pub async fn run_scheduled(cx: &Context, scheduled: &ScheduledPost) -> Result<(), Problem> {
    let id = &scheduled.post_id;
    retry_on_conflict(|| async {
        let done = Ok(Attempt::Done(()));
        let Some(before) = cx.store.posts().get(id).await? else { return done };
        let schedule = before.summary.schedule.clone();
        let (Some(schedule), Some(by)) = (schedule, before.scheduled_by.clone()) else {
            return done;
        };
        if schedule.id != scheduled.schedule_id || schedule.publish_at > cx.clock.now() {
            return done;
        }
        let at = schedule.publish_at;
        let state = async {
            let revision = find_revision(cx, id, &schedule.revision_id).await?;
            let (covers, rights) = still_covers(cx, &before, &by, &schedule.revision_id).await?;
            let (kind, covers) = (by.kind, &covers);
            let plan = PublishPlan { before: &before, revision: &revision, at, kind, covers };
            Ok::<_, Problem>((plan.build(cx).await?, rights))
        };
        let (published, rights) = match state.await {
            Ok(made) => made,
            Err(refusal) if is_final(&refusal) => {
                return ended(cx, &before, &refusal).await;
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
                rights: &rights,
                entry: Some(&entry),
                ..PostTransaction::new(Some(&before), &published.after)
            })
            .await;
        match written {
            Ok(()) => done,
            Err(WriteError::Conflict(WriteConflict::SlugTaken)) => {
                let refusal = slug_taken(&published.page.summary.slug);
                ended(cx, &before, &refusal).await
            }
            // The next round finds what won, also where a right was lost.
            Err(WriteError::Conflict(_)) => Ok(Attempt::Conflict),
            Err(WriteError::Store(error)) => Err(error.into()),
        }
    })
    .await
}

/// Whether a person has to do something before the revision can go live. Faults of ours, and other writes,
/// pass.
fn is_final(refusal: &Problem) -> bool {
    refusal.code.status() < 500 && refusal.code != Code::EditConflict
}

/// What a schedule covers when it is due, and the rights that it rests on: the account that made it may have lost
/// the right to publish since, and what agents may do may be another.
///
/// # Errors
/// 403 that says what a person has to do.
async fn still_covers(
    cx: &Context,
    post: &PostItem,
    by: &By,
    revision: &RevisionId,
) -> Result<(Covers, Vec<Right>), Problem> {
    let maker = schedule_end::require_right(cx, post, by).await?;
    if by.kind.is_person() {
        // A schedule from before the content was recorded covers its revision.
        let content = post.scheduled_content.clone();
        let covers = content.map_or(Covers::Anything, Covers::WithChangesOfPeople);
        return Ok((covers, vec![maker]));
    }
    let (covers, approver) = Covers::of_actor(cx, by.kind, post, revision, cx.clock.now()).await?;
    Ok((covers, approver.into_iter().chain([maker]).collect()))
}

/// Ends the schedule of a post, unless somebody else wrote to the post in between.
async fn ended(cx: &Context, before: &PostItem, refusal: &Problem) -> Result<Attempt<()>, Problem> {
    Ok(match schedule_end::end(cx, before, refusal).await? {
        true => Attempt::Done(()),
        false => Attempt::Conflict,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_person_can_mend_ends_a_schedule() {
        let ends = |code| is_final(&Problem::new(code, "Why."));
        for code in [Code::ApprovalRequired, Code::NotFound, Code::SlugTaken, Code::InvalidInput] {
            assert!(ends(code), "{code:?}");
        }
        for code in [Code::EditConflict, Code::Internal, Code::Unavailable] {
            assert!(!ends(code), "{code:?}");
        }
    }
}
