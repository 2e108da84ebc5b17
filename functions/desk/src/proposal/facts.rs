//! Facts about a proposal: who made it, what it rests on, and what approving it does.

use byline_shared::Context;
use byline_shared::model::{
    PostSummary, Proposal, ProposalKind, ProposalStatus, Review, RevisionId, Scope, Settings, Time,
};
use byline_shared::publishing::Reviewed;
use maud::{Markup, html};

use super::told::status_word;
use crate::visit::Visit;
use crate::{parts, post};

/// Who, why, when, on what, and what is live now.
pub(super) fn facts(cx: &Context, now: &parts::Now, reviewed: &Reviewed) -> Markup {
    let Proposal { summary, review, .. } = &reviewed.proposal;
    let is_pending = summary.status == ProposalStatus::Pending;
    html! {
        dl.facts {
            // What was decided says above where it goes on.
            @if let Some(post) = reviewed.post.as_ref().filter(|_| is_pending) {
                div { dt { "Its post" } dd { (ways_to(cx, post, reviewed)) } }
            }
            div { dt { "Proposed by" } dd { (parts::by(&summary.created_by)) ", " (parts::time(now, summary.created_at)) } }
            @if let Some(base) = &summary.base_revision_id {
                div { dt { "Based on" } dd { (based_on(now, reviewed, base)) } }
            }
            @if let Some(review) = review {
                div { dt { "Live now" } dd { (live(now, reviewed, review)) } }
                div { dt { "Author that readers see" } dd { (review.author.name) } }
            }
            @if !is_pending {
                div { dt { "Decision" } dd { (decision(now, &reviewed.proposal)) } }
            }
        }
    }
}

/// The post, its history, and where readers find it.
fn ways_to(cx: &Context, post: &PostSummary, reviewed: &Reviewed) -> Markup {
    let path = post::path(&post.id);
    let address = reviewed.live.as_ref().map(|place| {
        let site = Settings::clone(&cx.settings.last()).site();
        site.address_of(place.post_type, &place.slug)
    });
    html! {
        ul.bare {
            li { a href=(path) { "Open the post" } }
            li { a href={ (path) "/history" } { "Its history" } }
            @if let Some(address) = address { li { a href=(address) rel="noopener" { "See it on the website" } } }
        }
    }
}

fn based_on(now: &parts::Now, reviewed: &Reviewed, base: &RevisionId) -> Markup {
    let made = Time::from_millis(i64::try_from(base.ulid().timestamp_ms()).unwrap_or(i64::MAX));
    let is_latest = reviewed.post.as_ref().is_some_and(|post| post.revision_id == *base);
    let is_new = reviewed.proposal.summary.kind() == ProposalKind::NewPost;
    html! {
        @match (is_new, is_latest) {
            (true, true) => "the draft as it is, saved ",
            (true, false) => "an earlier draft, saved ",
            (false, true) => "the latest text, saved ",
            (false, false) => "an older text, saved ",
        }
        (parts::time(now, made))
    }
}

fn live(now: &parts::Now, reviewed: &Reviewed, review: &Review) -> Markup {
    let since = reviewed.post.as_ref().and_then(|post| post.published_at);
    html! {
        @if review.live_revision_id.is_none() {
            "Nothing. Readers do not see this post."
        } @else {
            "An earlier text. This page shows what differs from it."
            @if let Some(since) = since { " First published " (parts::time(now, since)) "." }
        }
    }
}

fn decision(now: &parts::Now, proposal: &Proposal) -> Markup {
    let Some(decision) = &proposal.summary.decision else { return html! { "none" } };
    html! {
        (status_word(proposal.summary.status))
        @if decision.edited_revision_id.is_some() { " with edits" }
        @if let Some(name) = &decision.by_name { " by " (name) }
        ", " (parts::time(now, decision.at))
        @if let Some(reason) = &decision.reason { br; span.keep { "\u{201c}" (reason) "\u{201d}" } }
    }
}

/// What approving does, in words.
pub(super) fn effects(cx: &Context, visit: &Visit, reviewed: &Reviewed, review: &Review) -> Markup {
    let now = &parts::Now::of(cx);
    let site = Settings::clone(&cx.settings.last()).site();
    let path = site.path_of(reviewed.fields.post_type, &reviewed.fields.slug);
    let is_live = review.live_revision_id.is_some();
    let is_own = reviewed.proposal.summary.created_by.user_id == visit.caller.user.id;
    let slug = review.changes.fields.iter().find(|change| change.field == "slug");
    html! {
        ul.bare.stack.small {
            @if visit.caller.may(Scope::PostsPublish) {
                @if is_live {
                    li { strong { "Approve and publish" } " replaces what readers see now, at once." }
                } @else {
                    li { strong { "Approve and publish" } " shows this to all readers, at once, at "
                        code { (path) } "." }
                }
                li { strong { "Approve" } " makes it the latest text. Readers see no change yet: it waits under \u{201c}Approved, not live\u{201d}." }
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
            @if reviewed.went_on {
                li {
                    @if is_own { "You went on writing" } @else { "The writer went on" }
                    " after this was handed in. What you see is the text that was saved last."
                }
            } @else if reviewed.proposal.diff_from_head.is_some() {
                li { "Others changed the post since this was proposed. Their changes are kept: what you \
                    see is both together." }
            }
        }
    }
}
