//! `/desk/posts/{id}/history`: who wrote what, what differs, and the way back.

use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::model::{PostId, Revision, RevisionId, Scope, Slug};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::ahead::NamedKind;

use crate::answers::done;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page::{self, Page};
use crate::parts;
use crate::post::{self, revisions};
use crate::visit::Visit;

/// Shows the history of a post, and restores a revision.
struct PostHistory;

/// The operation.
pub const OPERATION: Operation = page::operation::<PostHistory>(module_path!());

/// How many revisions a page shows.
const LIMIT: u8 = 20;

impl Page for PostHistory {
    const NAME: &'static str = "desk-post-history";
    const PATH: &'static str = "/desk/posts/{id}/history";
    const SUMMARY: &'static str = "See the history of a post and restore a revision";
    const PERMISSIONS: &'static [Permission] = &[publishing::SAVE, publishing::HISTORY, HOLD_RIGHT];
    const ERRORS: &'static [Code] =
        &[Code::NotFound, Code::PostTrashed, Code::EditConflict, Code::PreconditionFailed];
    const LIMIT: Option<RateLimit> = Some(limits::COMPARE_ACCOUNT);
    const NAMES: Option<NamedKind> = Some(NamedKind::Post);
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] =
        &[("id", byline_shared::examples::POST_ID)];

    type Needs = scope::PostsRead;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        answer(cx, visit, &visit.id("id")?, None).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let id: PostId = visit.id("id")?;
        let revision: RevisionId =
            visit.form.text("revision_id").parse().map_err(|_| Problem::not_found("revision"))?;
        match restore(cx, visit, &id, &revision).await {
            Ok(response) => Ok(response),
            Err(problem) if post::is_for_the_form(&problem) => {
                answer(cx, visit, &id, Some(&problem)).await
            }
            Err(problem) => Err(problem),
        }
    }
}

/// Saves an older text as the latest one. A form that is sent twice saves it once.
async fn restore(
    cx: &Context,
    visit: &Visit,
    id: &PostId,
    revision: &RevisionId,
) -> Result<Response, Problem> {
    visit.caller.require(Scope::PostsWrite)?;
    let actor = visit.actor();
    let seen = post::seen(visit);
    let restored = publishing::restore_revision(cx, &actor, id, revision, &seen);
    let restored = Box::pin(restored).await;
    if let Err(problem) = restored {
        if problem.code != Code::PreconditionFailed {
            return Err(problem);
        }
        let newest = publishing::get(cx, &actor, id).await?.summary.revision_id;
        let newest = publishing::revision(cx, &actor, id, &newest).await?;
        let old = publishing::revision(cx, &actor, id, revision).await?;
        if !is_same_text(&newest, &old) {
            let detail = "Nothing was restored: the post has changed since this page was opened. \
                          Look at its newest revisions below, and then decide.";
            return Err(Problem::new(Code::PreconditionFailed, detail));
        }
    }
    Ok(done(&post::path(id), Done::TextRestored))
}

/// Whether two revisions have the same text, whatever their address is: restoring leaves that alone.
fn is_same_text(one: &Revision, other: &Revision) -> bool {
    let without_slug = |revision: &Revision| {
        let mut fields = revision.summary.fields.clone();
        fields.slug = Slug::trusted("same");
        fields
    };
    one.body == other.body && without_slug(one) == without_slug(other)
}

async fn answer(
    cx: &Context,
    visit: &Visit,
    id: &PostId,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let named = |name: &str| visit.query.get(name).and_then(|id| id.parse::<RevisionId>().ok());
    // Ids sort by time, so the older one is known whichever was named first.
    let compared = named("from").zip(named("to"));
    let compared =
        compared.map(|(one, other)| if one <= other { (one, other) } else { (other, one) });
    let page = PageParams { limit: LIMIT, cursor: visit.query.get("cursor").map(str::to_owned) };
    let pair = compared.as_ref().map(|(from, to)| (from, to));
    let history = publishing::history(cx, &visit.actor(), id, &page, pair).await;
    let history = history.map_err(|problem| match problem.code {
        // Revisions and the place in the list are part of the address here.
        Code::InvalidInput => Problem::not_found("revision"),
        _ => problem,
    })?;
    let main = revisions::main(&parts::Now::of(cx), visit, &history, compared.as_ref(), problem);
    let title = format!("History: {}", history.post.fields.title);
    Ok(sheet(cx, visit, Sheet::new(&title, Section::Posts).wide().telling(problem), &main))
}
