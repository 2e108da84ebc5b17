//! `/desk/posts/{id}/go-live`: what changes for readers, and the decision about it.

use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::http::if_match::IfReviewed;
use byline_shared::model::{PostId, ReviewTag, RevisionId, Schedule};
use byline_shared::prelude::*;
use byline_shared::publishing;

use crate::answers::{done, see_other};
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page::{self, Page};
use crate::post::going_live::{self, GoingLive};
use crate::review::result::{result, too_complex};
use crate::visit::Visit;
use crate::{parts, post, when};

/// Makes a post live, now or later, or takes it down.
struct GoLive;

/// The operation.
pub const OPERATION: Operation = page::operation::<GoLive>(module_path!());

impl Page for GoLive {
    const NAME: &'static str = "desk-post-go-live";
    const PATH: &'static str = "/desk/posts/{id}/go-live";
    const SUMMARY: &'static str = "Publish, schedule or take down a post";
    const PERMISSIONS: &'static [Permission] =
        &[publishing::PUBLISH, publishing::HOLD_RIGHTS, publishing::HISTORY, Permission::Schedules];
    const ERRORS: &'static [Code] = &[
        Code::NotFound,
        Code::SlugTaken,
        Code::PostTrashed,
        Code::EditConflict,
        Code::PreconditionFailed,
        Code::ApprovalRequired,
    ];
    // As the review in the API: it compares two texts.
    const LIMIT: Option<RateLimit> = Some(limits::COMPARE_ACCOUNT);
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] =
        &[("id", byline_shared::examples::POST_ID)];
    const EXAMPLE_QUERY: &'static [(&'static str, &'static str)] =
        &[("revision", byline_shared::examples::REVISION_ID)];

    /// Authors publish their own posts where the publication lets them.
    type Needs = scope::PostsWrite;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        publishing::require_publisher(cx, &visit.actor()).await?;
        let id: PostId = visit.id("id")?;
        let asked = visit.query.get("revision").or_else(|| visit.form.get("revision_id"));
        let Some(revision) = asked else {
            let newest = publishing::get(cx, &visit.actor(), &id).await?.summary.revision_id;
            return Ok(see_other(&format!("{}/go-live?revision={newest}", post::path(&id))));
        };
        let revision = revision.parse().map_err(|_| Problem::not_found("revision"))?;
        answer(cx, visit, &id, &revision, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        publishing::require_publisher(cx, &visit.actor()).await?;
        let id: PostId = visit.id("id")?;
        let revision: RevisionId =
            visit.form.text("revision_id").parse().map_err(|_| Problem::not_found("revision"))?;
        match decide(cx, visit, &id, &revision).await {
            Ok(response) => Ok(response),
            Err(problem) if problem.code == Code::PreconditionFailed => {
                stale(cx, visit, &id, &revision).await
            }
            Err(problem) if post::is_for_the_form(&problem) => {
                answer(cx, visit, &id, &revision, Some(&problem)).await
            }
            Err(problem) => Err(problem),
        }
    }
}

async fn decide(
    cx: &Context,
    visit: &Visit,
    id: &PostId,
    revision: &RevisionId,
) -> Result<Response, Problem> {
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let actor = visit.actor();
    let reviewed = IfReviewed(visit.form.text("reviewed").to_owned());
    let editor = post::path(id);
    match visit.form.text("action") {
        "publish" => {
            publishing::publish(cx, &actor, id, revision, None, Some(&reviewed)).await?;
            Ok(done(&editor, Done::Published))
        }
        "schedule" => {
            let at = when::time(&visit.form)?;
            let seen = (None, Some(&reviewed));
            publishing::schedule(cx, &actor, id, revision, at, seen).await?;
            Ok(done(&editor, Done::Scheduled))
        }
        "unschedule" => {
            publishing::unschedule(cx, &actor, id, Some(&post::seen(visit))).await?;
            Ok(done(&editor, Done::Unscheduled))
        }
        "unpublish" => {
            publishing::unpublish(cx, &actor, id, Some(&post::seen(visit))).await?;
            Ok(done(&editor, Done::TakenDown))
        }
        _ => Err(Problem::invalid_field("action", "unknown", "Press one of the buttons.")),
    }
}

/// After a form that was made from another state than the post has now. A form that was sent twice has
/// done its work already.
async fn stale(
    cx: &Context,
    visit: &Visit,
    id: &PostId,
    revision: &RevisionId,
) -> Result<Response, Problem> {
    let now = publishing::get(cx, &visit.actor(), id).await?.summary;
    let is_done = match visit.form.text("action") {
        "schedule" => {
            let is_planned = |planned: &Schedule| {
                planned.revision_id == *revision
                    && when::time(&visit.form).is_ok_and(|at| at == planned.publish_at)
            };
            now.schedule.as_ref().is_some_and(is_planned).then_some(Done::Scheduled)
        }
        "publish" => (now.live_revision_id.as_ref() == Some(revision)).then_some(Done::Published),
        "unschedule" => now.schedule.is_none().then_some(Done::Unscheduled),
        "unpublish" => now.live_revision_id.is_none().then_some(Done::TakenDown),
        _ => None,
    };
    if let Some(what) = is_done {
        return Ok(done(&post::path(id), what));
    }
    let detail = "Nothing was done: the post, its tags or its files have changed since this page was \
                  opened. Below is what would go live now. Read it again, and then decide.";
    let problem = Problem::new(Code::PreconditionFailed, detail);
    answer(cx, visit, id, revision, Some(&problem)).await
}

async fn answer(
    cx: &Context,
    visit: &Visit,
    id: &PostId,
    revision: &RevisionId,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let actor = visit.actor();
    let reviewed = Box::pin(publishing::review_of_post(cx, &actor, id, revision)).await;
    let (post, fields, review) = reviewed.map_err(|problem| match problem.code {
        // The revision is part of the address here.
        Code::InvalidInput => Problem::not_found("revision"),
        _ => problem,
    })?;
    let stale = problem.filter(|problem| problem.code == Code::PreconditionFailed);
    let changed = stale.map(|_| {
        let seen = ReviewTag::from_header(visit.form.text("reviewed"));
        ReviewTag::from_header(&review.etag).changed_since(seen.as_str())
    });
    // The forms that take it back name no review.
    let changed = changed.filter(|_| visit.form.has("reviewed")).unwrap_or_default();
    let result = match visit.query.text("view") {
        "result" => Some(match publishing::rendered_result(cx, &review.body).await? {
            Ok(body) => result(&fields, &review, &body),
            Err(fault) => too_complex(&fault.to_string()),
        }),
        _ => None,
    };
    let (post, review) = (&post, &review);
    let shown = GoingLive { post, review, result, problem, changed: &changed };
    let main = going_live::main(&parts::Now::of(cx), visit, &shown);
    let title = format!("Go live: {}", post.fields.title);
    Ok(sheet(cx, visit, Sheet::new(&title, Section::Posts).wide().telling(problem), &main))
}
