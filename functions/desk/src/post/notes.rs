//! What somebody who opens a post has to know first: that it is live now, which text is scheduled, and why a
//! proposal was sent back.

use byline_shared::model::{Scope, Time};
use byline_shared::publishing::Editing;
use maud::{Markup, html};

use super::path;
use crate::notice::{Done, Notice};
use crate::parts;
use crate::visit::Visit;

/// The notes above the editor.
pub(crate) fn all(now: &parts::Now, visit: &Visit, editing: &Editing) -> Markup {
    let is_published = visit.notice == Some(Notice::Done(Done::Published));
    html! {
        @if let Some(address) = editing.address.as_ref().filter(|_| is_published) {
            p { a.button href=(address) rel="noopener" { "See it on the website" } }
        }
        (scheduled(now, visit, editing))
        (approved(now, editing))
        (sent_back(now, editing))
    }
}

/// Which text goes live at its time: never the one that is written here, unless it is scheduled anew.
fn scheduled(now: &parts::Now, visit: &Visit, editing: &Editing) -> Markup {
    let Editing { post, latest, .. } = editing;
    let Some(schedule) = &post.schedule else { return html! {} };
    let made = schedule.revision_id.ulid().timestamp_ms();
    let made = Time::from_millis(i64::try_from(made).unwrap_or(i64::MAX));
    html! {
        div.note role="note" {
            @if schedule.revision_id == latest.summary.id {
                p { "This text goes live " (parts::time(now, schedule.publish_at)) ". What you change here does not \
                    go live with it: it has to be scheduled again." }
            } @else {
                p { strong { "An older text goes live " (parts::time(now, schedule.publish_at)) ", not this one." }
                    " It is the one that was saved " (parts::time(now, made)) "." }
                @if visit.caller.may(Scope::PostsPublish) && post.trashed_at.is_none() {
                    p { a href={ (path(&post.id)) "/go-live?revision=" (latest.summary.id) } { "Schedule this text instead" } }
                }
            }
        }
    }
}

/// That a text is approved, and what has to happen before readers see it.
fn approved(now: &parts::Now, editing: &Editing) -> Markup {
    let Editing { post, latest, .. } = editing;
    let Some(approval) = post.waiting_approval() else { return html! {} };
    let is_latest = approval.revision_id == latest.summary.id;
    html! {
        div.note role="note" {
            p {
                strong { @if is_latest { "This text is approved, not live yet." } @else { "An earlier text is approved, not live yet." } }
                " Approved "
                @if let Some(name) = &approval.by_name { "by " (name) " " }
                (parts::time(now, approval.at)) ". "
                a href={ "/desk/proposals/" (approval.proposal_id) } { "See what was decided" } "."
            }
            @if editing.may_publish {
                p { a href={ (path(&post.id)) "/go-live?revision=" (approval.revision_id) } { "See what changes for readers, and publish it" } }
            } @else if is_latest {
                p { "Somebody who may publish makes it live. You need not hand it in again." }
            }
        }
    }
}

/// Why the newest proposal was sent back.
fn sent_back(now: &parts::Now, editing: &Editing) -> Markup {
    let Some(proposal) = &editing.sent_back else { return html! {} };
    let decision = proposal.decision.as_ref();
    html! {
        div.note role="note" {
            p {
                a href={ "/desk/proposals/" (proposal.id) } { "What was proposed" }
                " by " (parts::by(&proposal.created_by)) " was sent back"
                @if let Some(name) = decision.and_then(|decision| decision.by_name.as_ref()) { " by " (name) }
                @if let Some(decision) = decision { " " (parts::time(now, decision.at)) }
                "."
            }
            @if let Some(reason) = decision.and_then(|decision| decision.reason.as_ref()) {
                p.keep { "\u{201c}" (reason) "\u{201d}" }
            }
        }
    }
}
