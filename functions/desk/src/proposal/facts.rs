//! Facts about a proposal: who made it, what it rests on, and what approving it does.

use byline_shared::model::{Proposal, ProposalStatus, Review, Scope, Time};
use byline_shared::publishing::Reviewed;
use maud::{Markup, html};

use super::told::status_word;
use crate::parts;
use crate::review::text::visible;
use crate::visit::Visit;

/// Who, why, when, on what, and what is live now.
pub(super) fn facts(now: Time, reviewed: &Reviewed) -> Markup {
    let Proposal { summary, review, .. } = &reviewed.proposal;
    html! {
        dl.facts {
            div { dt { "Proposed by" } dd { (parts::by(&summary.created_by)) " " (parts::time(now, summary.created_at)) } }
            @if let Some(note) = &summary.note {
                div { dt { "Note" } dd.keep { (visible(note.as_str())) } }
            }
            div { dt { "Based on" } dd { (base(now, reviewed)) } }
            @if let Some(review) = review {
                div { dt { "Live now" } dd { (live(now, reviewed, review)) } }
                div { dt { "Author that readers see" } dd { (review.author.name) } }
            }
            @if summary.status != ProposalStatus::Pending {
                div { dt { "Decision" } dd { (decision(now, &reviewed.proposal)) } }
            }
        }
    }
}

fn base(now: Time, reviewed: &Reviewed) -> Markup {
    let Some(base) = &reviewed.proposal.summary.base_revision_id else {
        return html! { "nothing: it is a new post" };
    };
    let made = Time::from_millis(i64::try_from(base.ulid().timestamp_ms()).unwrap_or(i64::MAX));
    let is_latest = reviewed.post.as_ref().is_some_and(|post| post.revision_id == *base);
    html! {
        @if is_latest { "the latest text, " } @else { "an older text, " }
        (parts::time(now, made))
    }
}

fn live(now: Time, reviewed: &Reviewed, review: &Review) -> Markup {
    let since = reviewed.post.as_ref().and_then(|post| post.published_at);
    html! {
        @if review.live_revision_id.is_none() {
            "Nothing. Readers do not see this post."
        } @else {
            "The text that is compared here"
            @if let Some(since) = since { ". The post was first published " (parts::time(now, since)) }
        }
    }
}

fn decision(now: Time, proposal: &Proposal) -> Markup {
    let Some(decision) = &proposal.summary.decision else { return html! { "none" } };
    html! {
        (status_word(proposal.summary.status))
        @if let Some(name) = &decision.by_name { " by " (name) }
        " " (parts::time(now, decision.at))
        @if let Some(reason) = &decision.reason { br; span.keep { "\u{201c}" (reason) "\u{201d}" } }
    }
}

/// What approving does, in words.
pub(super) fn effects(now: Time, visit: &Visit, reviewed: &Reviewed, review: &Review) -> Markup {
    let is_live = review.live_revision_id.is_some();
    let slug = review.changes.fields.iter().find(|change| change.field == "slug");
    html! {
        ul.bare.stack.small {
            @if visit.caller.may(Scope::PostsPublish) {
                @if is_live {
                    li { strong { "Approve and publish" } " replaces what readers see now, at once." }
                } @else {
                    li { strong { "Approve and publish" } " shows this to all readers, at once, at "
                        code { "/" (reviewed.fields.slug) } "." }
                }
                li { strong { "Approve" } " makes it the latest text. Readers see no change yet." }
            } @else {
                li { strong { "Approve" } " makes it the latest text. Readers see no change yet: an editor \
                    publishes it." }
            }
            @if is_live && slug.is_some() {
                li { "The address changes. The old one leads to the new one." }
            }
            @if let Some(schedule) = &review.schedule {
                li { "Another text of this post goes live " (parts::time(now, schedule.publish_at))
                    ". It then replaces this one, unless you schedule this one." }
            }
            @if reviewed.proposal.diff_from_head.is_some() {
                li { "Others changed the post since this was proposed. Their changes are kept: what you \
                    see is both together." }
            }
        }
    }
}
