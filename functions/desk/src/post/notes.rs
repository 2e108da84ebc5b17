//! What somebody who opens a post has to know first: that it is live now, which text is scheduled, and why a
//! proposal was sent back.

use byline_shared::model::{Scope, Time};
use byline_shared::publishing::Editing;
use maud::{Markup, html};
use url::Url;

use super::path;
use crate::notice::{Done, Notice};
use crate::parts;
use crate::visit::Visit;

/// The notes above the editor.
pub(crate) fn all(now: &parts::Now, visit: &Visit, editing: &Editing) -> Markup {
    html! {
        @if let Some(address) = just_published(visit, editing).filter(|address| is_local(address)) {
            p.note role="note" {
                "The website is your own frontend, which reads the posts from Byline. It is expected on this machine, at "
                (address) ". If nothing runs there yet, "
                a href={ (path(&editing.post.id)) "/go-live?revision=" (editing.latest.summary.id) "&view=result#text" } {
                    "see here what readers get"
                }
                "."
            }
        }
        (scheduled(now, visit, editing))
        (approved(now, editing))
        (sent_back(now, editing))
    }
}

/// Where readers find a post that was published a moment ago.
pub(crate) fn just_published<'e>(visit: &Visit, editing: &'e Editing) -> Option<&'e str> {
    let is_published = visit.notice == Some(Notice::Done(Done::Published));
    editing.address.as_deref().filter(|_| is_published)
}

/// Whether an address is on the machine of the browser, as it is until somebody says where the website is.
fn is_local(address: &str) -> bool {
    let address = Url::parse(address).ok();
    let host = address.as_ref().and_then(Url::host_str);
    host.is_some_and(|host| matches!(host, "localhost" | "127.0.0.1" | "[::1]"))
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
