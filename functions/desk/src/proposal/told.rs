//! What the page says about a decision that could not be carried out.

use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::{ProposalStatus, ReviewTag};
use byline_shared::publishing::Reviewed;
use http::StatusCode;
use maud::{Markup, html};

use crate::answers::status_of;
use crate::parts;
use crate::visit::Visit;

/// What is told above the review.
pub(crate) enum Told {
    Nothing,
    /// Nothing was approved: the review is another one now. In words, what of it.
    Stale(Vec<&'static str>),
    /// The proposal was decided before.
    Decided,
    /// It is approved and could not go live as it was shown.
    NotLive,
    /// The post and the proposal changed the same part, which the page shows.
    Conflict,
    /// Another problem.
    Problem(Problem),
}

/// Whether a problem is told on the page of the proposal, with what was entered.
pub(crate) fn is_told(problem: &Problem) -> bool {
    matches!(
        problem.code,
        Code::InvalidInput
            | Code::SlugTaken
            | Code::PostTrashed
            | Code::EditConflict
            | Code::ProposalConflict
            | Code::ProposalDecided
            | Code::PreconditionFailed
            | Code::PreconditionRequired
            | Code::PayloadTooLarge
    )
}

impl Told {
    /// What to tell about a problem, with the proposal as it is after it.
    pub(crate) fn of(visit: &Visit, reviewed: &Reviewed, problem: Problem) -> Self {
        let is_decided = reviewed.proposal.summary.status != ProposalStatus::Pending;
        match problem.code {
            Code::ProposalDecided => Self::Decided,
            Code::ProposalConflict => Self::Conflict,
            Code::PreconditionFailed if is_decided => Self::NotLive,
            Code::PreconditionFailed | Code::PreconditionRequired => {
                let seen = ReviewTag::from_header(visit.form.text("review"));
                let now = reviewed.proposal.review.as_ref();
                let now = now.map(|review| ReviewTag::from_header(&review.etag));
                Self::Stale(now.map(|now| now.changed_since(seen.as_str())).unwrap_or_default())
            }
            _ => Self::Problem(problem),
        }
    }

    /// The problem whose fields are marked in the forms.
    pub(crate) fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }

    /// The status of the page.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Nothing => StatusCode::OK,
            Self::Stale(_) | Self::NotLive => StatusCode::PRECONDITION_FAILED,
            Self::Decided | Self::Conflict => StatusCode::CONFLICT,
            Self::Problem(problem) => status_of(problem),
        }
    }

    /// The words above the review.
    pub(crate) fn words(&self, now: &parts::Now, reviewed: &Reviewed) -> Markup {
        let summary = &reviewed.proposal.summary;
        let post = format!("/desk/posts/{}", summary.post_id);
        match self {
            Self::Nothing | Self::Conflict => html! {},
            Self::Problem(problem) => parts::problem(problem),
            Self::Stale(changed) => html! {
                div.alert role="alert" tabindex="-1" {
                    h2 { "What changed since you looked" }
                    p { "Nothing was approved. What approving would make visible is not what you saw any more:" }
                    ul {
                        @for part in changed { li { (part) } }
                        @if changed.is_empty() { li { "what can be approved at all" } }
                    }
                    p { "This page shows it as it is now. Read it again, then decide." }
                }
            },
            Self::Decided => html! {
                div.alert role="alert" tabindex="-1" {
                    h2 { "This was already " (status_word(summary.status)) }
                    @if let Some(decision) = &summary.decision {
                        p {
                            @if let Some(name) = &decision.by_name { (name) " decided " } @else { "Decided " }
                            (parts::time(now, decision.at)) ". Nothing was done a second time."
                        }
                    }
                }
            },
            Self::NotLive => html! {
                div.alert role="alert" tabindex="-1" {
                    h2 { "Approved, and not live" }
                    p { "The cover or the tags changed after you read the review, so it did not go live. "
                        a href={ (post) "/go-live" } { "Read it as it is now, and publish it" } "." }
                }
            },
        }
    }
}

/// What became of a proposal, within a sentence.
pub(super) fn status_word(status: ProposalStatus) -> &'static str {
    match status {
        ProposalStatus::Pending => "waiting",
        ProposalStatus::Approved => "approved",
        ProposalStatus::Rejected => "sent back",
        ProposalStatus::Withdrawn => "withdrawn",
    }
}
