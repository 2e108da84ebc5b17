//! A schedule that cannot be carried out ends: the post keeps the reason, and people are told.

use super::conflict::{Attempt, retry_on_conflict};
use super::every_post::EveryPost;
use super::{covers, publishers};
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{AgentPublishing, By, EndedSchedule, News, PostId, ScheduleFailure};
use crate::settings;
use crate::store::WriteError;
use crate::store::post_transaction::PostTransaction;
use crate::store::posts::{PostFilter, PostItem};
use crate::store::rights::Right;

/// Holds a schedule to the right of the account that made it.
///
/// # Errors
/// 403 that says what a person has to do.
pub(super) async fn require_right(
    cx: &Context,
    post: &PostItem,
    by: &By,
) -> Result<Right, Problem> {
    let author = &post.summary.author;
    if let Some(right) = publishers::may_still(cx, &by.user_id, by.kind, author).await? {
        return Ok(right);
    }
    let detail = "The account that scheduled this was disabled or deleted, or may no longer publish. \
                  Somebody with the right to publish has to publish it or schedule it again.";
    Err(Problem::new(Code::ApprovalRequired, detail))
}

/// The same, and of an agent's schedule also the right of the person whose approval it rests on.
///
/// # Errors
/// As [`require_right`].
async fn require_rights(cx: &Context, post: &PostItem, by: &By) -> Result<(), Problem> {
    require_right(cx, post, by).await?;
    let scheduled = post.summary.schedule.as_ref().map(|schedule| &schedule.revision_id);
    let approved = post.approved.as_ref().map(|approved| &approved.revision_id);
    let settings = settings::current(cx).await?;
    let rests_on_approval = !by.kind.is_person()
        && scheduled == approved
        && settings.agent_publishing == AgentPublishing::Approved;
    if rests_on_approval { covers::require_approver(cx, post).await.map(drop) } else { Ok(()) }
}

/// Ends the schedule of a post and keeps the reason. Returns false if somebody else wrote to the post in
/// between. A post without a schedule stays as it is. The scheduler's call, if it is still to come, does
/// nothing.
///
/// # Errors
/// 503 while the database does not answer.
pub(super) async fn end(
    cx: &Context,
    before: &PostItem,
    refusal: &Problem,
) -> Result<bool, Problem> {
    let (Some(by), Some(schedule)) = (&before.scheduled_by, &before.summary.schedule) else {
        return Ok(true);
    };
    let (post, code) = (&before.summary.id, refusal.code.as_str());
    let field = refusal.errors.first();
    let reason = field.map_or_else(|| refusal.detail.clone(), |field| field.message.clone());
    let mut after = before.next(cx.clock.now());
    after.unschedule();
    after.summary.schedule_failed = Some(ScheduleFailure {
        revision_id: schedule.revision_id.clone(),
        publish_at: schedule.publish_at,
        code: code.to_owned(),
        reason: reason.clone(),
    });
    let news = News::ScheduleEnded(EndedSchedule {
        post_id: post.clone(),
        schedule_id: schedule.id.clone(),
        made_by: by.user_id.clone(),
        publish_at: schedule.publish_at,
        reason,
    });
    let entry = AuditEntry::new(cx, Event::PostUnscheduled).by_earlier(by).about(post);
    let entry = entry.refused().with(format!("it could not be published: {code}"));
    let write = PostTransaction {
        news: Some(&news),
        entry: Some(&entry),
        ..PostTransaction::new(Some(before), &after)
    };
    let is_written = WriteError::applied(cx.store.posts().write(&write).await)?;
    if is_written {
        tracing::error!(%post, code, "a schedule was cancelled; the post has the reason");
    }
    Ok(is_written)
}

/// Ends the schedules of all accounts that may no longer publish what they scheduled, and those of agents
/// that rest on the approval of such an account. Safe to repeat:
/// after an error, the next run does the rest.
///
/// # Errors
/// 409 if others keep writing to a post; 503 while the database does not answer.
pub(super) async fn end_all_without_right(cx: &Context) -> Result<(), Problem> {
    let mut posts = EveryPost::active(PostFilter::default());
    while let Some(post) = posts.next(cx).await? {
        if post.schedule.is_some() {
            end_without_right(cx, &post.id).await?;
        }
    }
    Ok(())
}

/// Ends the schedule of a post where the account that made it may no longer publish it.
///
/// # Errors
/// As [`end_all_without_right`].
pub(super) async fn end_without_right(cx: &Context, id: &PostId) -> Result<(), Problem> {
    retry_on_conflict(|| async {
        let done = Ok(Attempt::Done(()));
        let Some(before) = cx.store.posts().get(id).await? else { return done };
        let Some(by) = before.scheduled_by.as_ref() else { return done };
        let refusal = match require_rights(cx, &before, by).await {
            Ok(()) => return done,
            Err(refusal) if refusal.code == Code::ApprovalRequired => refusal,
            Err(problem) => return Err(problem),
        };
        match end(cx, &before, &refusal).await? {
            true => done,
            false => Ok(Attempt::Conflict),
        }
    })
    .await
}
