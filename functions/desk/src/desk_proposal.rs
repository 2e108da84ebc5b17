//! `/desk/proposals/{id}`: the review of a proposal, and the decision on it.

use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::http::if_match::IfReviewed;
use byline_shared::model::{Markdown, Note, PostId, ProposalId, TextError, Title};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, Approve, Changes, Reviewed};
use byline_shared::store::ahead::NamedKind;

use crate::answers::done;
use crate::notice::Done;
use crate::page::{self, Page};
use crate::proposal::{Told, decision, is_told, page as review_page};
use crate::visit::Visit;
use crate::when;

/// Shows the review, and takes the decision.
struct Proposal;

/// The operation.
pub const OPERATION: Operation = page::operation::<Proposal>(module_path!());

impl Page for Proposal {
    const NAME: &'static str = "desk-proposal";
    const PATH: &'static str = "/desk/proposals/{id}";
    const SUMMARY: &'static str = "Review a proposal and decide on it";
    const PERMISSIONS: &'static [Permission] = &[
        limits::LIMIT_PERMISSION,
        publishing::PUBLISH,
        publishing::HOLD_RIGHTS,
        publishing::HISTORY,
        publishing::READ_APPROVER,
        Permission::Schedules,
    ];
    // As the review in the API: it compares two texts.
    const LIMIT: Option<RateLimit> = Some(limits::COMPARE_ACCOUNT);
    const ERRORS: &'static [Code] = &[
        Code::NotFound,
        Code::Forbidden,
        Code::SlugTaken,
        Code::PostTrashed,
        Code::ProposalConflict,
        Code::ProposalDecided,
        Code::EditConflict,
        Code::PreconditionFailed,
        Code::PreconditionRequired,
        Code::PayloadTooLarge,
        Code::InvalidInput,
    ];
    const NAMES: Option<NamedKind> = Some(NamedKind::Proposal);
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] =
        &[("id", byline_shared::examples::PROPOSAL_ID)];

    const DONE: &'static [Done] = &[Done::Restored];

    type Needs = scope::PostsRead;

    fn prepare() {
        publishing::prepare_review();
    }

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let reviewed = publishing::reviewed(cx, &visit.actor(), &visit.id("id")?).await?;
        review_page(cx, visit, &reviewed, &Told::Nothing).await
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let id = visit.id("id")?;
        let outcome = match visit.form.text("decision") {
            decision::RESTORE => match restore(cx, visit).await {
                Ok(()) => return Ok(done(&format!("/desk/proposals/{id}"), Done::Restored)),
                Err(problem) => Err(problem),
            },
            _ => decide(cx, visit, &id).await,
        };
        match outcome {
            Ok((what, None)) => Ok(done("/desk", what)),
            Ok((what, Some(post))) => Ok(done(&format!("/desk?post={post}"), what)),
            Err(problem) if is_told(&problem) => {
                let reviewed = publishing::reviewed(cx, &visit.actor(), &id).await?;
                let told = Told::of(visit, &reviewed, problem);
                review_page(cx, visit, &reviewed, &told).await
            }
            Err(problem) => Err(problem),
        }
    }
}

/// Takes the post out of the trash, so that the proposal for it can be decided.
async fn restore(cx: &Context, visit: &Visit) -> Result<(), Problem> {
    visit.caller.require(byline_shared::model::Scope::PostsDelete)?;
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let post = visit.form.text("post").parse().map_err(|_| Problem::not_found("post"))?;
    publishing::restore(cx, &visit.actor(), &post).await.map(drop)
}

/// Decides as the button says that was pressed. Names the post that was approved.
async fn decide(
    cx: &Context,
    visit: &Visit,
    id: &ProposalId,
) -> Result<(Done, Option<PostId>), Problem> {
    let (actor, form) = (visit.actor(), &visit.form);
    visit.caller.require(byline_shared::model::Scope::PostsWrite)?;
    visit.count(cx, &limits::WRITE_ACCOUNT).await?;
    let pressed = form.text("decision");
    if pressed == decision::SEND_BACK {
        let seen = form.text(decision::SEEN).parse().ok();
        let reason = Some(reason(form.text("reason"))?);
        publishing::reject(cx, &actor, id, reason, seen.as_ref()).await?;
        return Ok((Done::SentBack, None));
    }
    if pressed == decision::WITHDRAW {
        publishing::withdraw(cx, &actor, id).await?;
        return Ok((Done::Withdrawn, None));
    }
    let mut how = Approve {
        reviewed: form.get("review").map(|tag| IfReviewed(tag.to_owned())),
        confirmed: form.has("confirmed"),
        publish: false,
        publish_at: None,
        edits: Changes::default(),
    };
    let what = match pressed {
        decision::APPROVE => Done::Approved,
        decision::PUBLISH => Done::Published,
        decision::SCHEDULE => {
            how.publish_at = Some(when::time(form)?);
            Done::Scheduled
        }
        decision::EDIT | decision::EDIT_AND_PUBLISH if form.has("body") => {
            let what = if pressed == decision::EDIT { Done::Approved } else { Done::Published };
            how.publish = what == Done::Published;
            let reviewed = publishing::reviewed(cx, &actor, id).await?;
            how.edits = edits(visit, &reviewed)?;
            let post = publishing::approve_with_slug(cx, &actor, &reviewed, how).await?;
            return Ok((what, Some(post.summary.id)));
        }
        _ => {
            let message = "Choose what to do with the proposal.";
            return Err(Problem::invalid_field("decision", "invalid", message));
        }
    };
    how.publish = what == Done::Published;
    let post = publishing::approve(cx, &actor, id, how).await?;
    Ok((what, Some(post.summary.id)))
}

/// The reason. The one who proposed it reads it.
fn reason(sent: &str) -> Result<Note, Problem> {
    let missing = "Say why you send it back, so that it can be mended.";
    let sent = sent.trim();
    if sent.is_empty() {
        return Err(Problem::invalid_field("reason", "required", missing));
    }
    sent.parse().map_err(|error: TextError| invalid("reason", &error))
}

fn invalid(field: &str, error: &TextError) -> Problem {
    Problem::invalid_field(field, "invalid", error.to_string())
}

/// What was changed in the form, compared with the text that would be approved.
fn edits(visit: &Visit, reviewed: &Reviewed) -> Result<Changes, Problem> {
    // Without a review, approving says why there is none.
    let Some(review) = &reviewed.proposal.review else { return Ok(Changes::default()) };
    let (title, body) = (visit.form.text("title").trim(), visit.form.text("body"));
    let shown = &reviewed.fields.title;
    let mut edits = Changes::default();
    if title != shown.as_str() {
        edits.title =
            Some(title.parse::<Title>().map_err(|error: TextError| invalid("title", &error))?);
    }
    if body != review.body.as_str() {
        edits.body =
            Some(body.parse::<Markdown>().map_err(|error: TextError| invalid("body", &error))?);
    }
    if edits == Changes::default() && visit.form.text("review") == review.etag {
        let message = "The text is the same as before. Change it, or approve it as it is.";
        return Err(Problem::invalid_field("body", "nothing_to_change", message));
    }
    Ok(edits)
}
