//! What became of a proposal that was decided, and where it goes on.

use byline_shared::model::{PostSummary, ProposalStatus, ProposalSummary, RevisionId, Scope};
use byline_shared::publishing::Reviewed;
use maud::{Markup, html};

use crate::visit::Visit;
use crate::{parts, post};

/// The note above a decided proposal; nothing for one that waits, and where the post is gone.
pub(super) fn next(now: &parts::Now, visit: &Visit, reviewed: &Reviewed) -> Markup {
    let summary = &reviewed.proposal.summary;
    let Some(post) = &reviewed.post else { return html! {} };
    let path = post::path(&post.id);
    html! {
        @match (summary.status, summary.made()) {
            (ProposalStatus::Pending, _) => {},
            (ProposalStatus::Approved, Some(made)) => {
                div.note role="note" {
                    (approved(now, visit, post, summary, made))
                    (edits(&path, summary))
                }
            },
            _ => {
                div.note role="note" {
                    p { a href=(path) { "Open the post" } " to go on with its text." }
                }
            },
        }
    }
}

fn approved(
    now: &parts::Now,
    visit: &Visit,
    post: &PostSummary,
    summary: &ProposalSummary,
    made: &RevisionId,
) -> Markup {
    let path = post::path(&post.id);
    let is_waiting = post.waiting_approval().is_some_and(|by| by.proposal_id == summary.id);
    let schedule = post.schedule.as_ref().filter(|schedule| schedule.revision_id == *made);
    html! {
        @if post.trashed_at.is_some() {
            p { "Its post is in the trash." }
        } @else if post.live_revision_id.as_ref() == Some(made) {
            p { strong { "Readers see it now." } }
        } @else if let Some(schedule) = schedule {
            p { strong { "It goes live " (parts::time(now, schedule.publish_at)) "." } }
        } @else if is_waiting {
            p { strong { "It is not live yet." } " It waits to be published, and need not be handed in again." }
            @if visit.caller.may(Scope::PostsPublish) {
                p { a href={ (path) "/go-live?revision=" (made) } { "See what changes for readers, and publish it" } }
            }
        } @else if post.revision_id == *made {
            p { "It is the latest text of the post. Readers do not see it." }
        } @else {
            p { "The post has other texts since." }
        }
        p { a href=(path) { "Open the post" } }
    }
}

/// What the person changed who approved it.
fn edits(path: &str, summary: &ProposalSummary) -> Markup {
    let decision = summary.decision.as_ref();
    let edited = decision.and_then(|decision| decision.edited_revision_id.as_ref());
    html! {
        @if let Some(edited) = edited {
            p {
                @if let Some(name) = decision.and_then(|decision| decision.by_name.as_ref()) { (name) }
                @else { "Somebody" }
                " changed something before approving. "
                a href={ (path) "/history?from=" (summary.revision_id) "&to=" (edited) } { "See the difference" }
            }
        }
    }
}
