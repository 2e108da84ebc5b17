//! What is known about a post, beside its text: what readers see, who wrote last, what waits.

use byline_shared::model::{By, Scope};
use byline_shared::publishing::Editing;
use maud::{Markup, html};

use super::{date_author, status};
use crate::parts;
use crate::visit::Visit;

/// The facts beside the editor.
pub(crate) fn list(now: &parts::Now, visit: &Visit, editing: &Editing) -> Markup {
    let Editing { post, latest, .. } = editing;
    let may_change = visit.caller.may(Scope::PostsPublish) && post.trashed_at.is_none();
    let agents: Vec<&By> = editing.writers.iter().filter(|by| !by.kind.is_person()).collect();
    html! {
        dl.facts {
            div { dt { "Status" } dd.meta { (status::words(now, post)) } }
            div {
                dt { "Readers see" }
                dd {
                    @match editing.live_since {
                        None => "nothing of it yet",
                        Some(at) if editing.is_live() => { "this text, since " (parts::time(now, at)) }
                        Some(at) => { "an earlier revision, since " (parts::time(now, at)) }
                    }
                    @if let Some(address) = &editing.address { ", at " a href=(address) rel="noopener" { (address) } }
                }
            }
            @if let Some(failure) = &post.schedule_failed {
                div {
                    dt { "Its schedule failed" }
                    dd { "It was to go live " (parts::time(now, failure.publish_at)) ". " (failure.reason) }
                }
            }
            div {
                dt { "Last saved" }
                dd { (parts::by(&latest.summary.created_by)) ", " (parts::time(now, latest.summary.created_at)) }
            }
            div {
                dt { "Author" }
                dd {
                    (post.author.name)
                    @if may_change { ", " a href=(date_author::path(&post.id)) { "change the author or the date" } }
                }
            }
            @if let Some(at) = post.published_at {
                div {
                    dt { @if editing.live_since.is_some() { "First published" } @else { "Its date" } }
                    dd { (parts::time(now, at)) }
                }
            }
            @if !agents.is_empty() {
                div {
                    dt { "Agents that wrote what is not live yet" }
                    dd {
                        ul.bare { @for agent in agents { li { (parts::by(agent)) } } }
                        @if editing.truncated { p.quiet { "and earlier ones" } }
                    }
                }
            }
            @for proposal in &editing.waiting {
                div {
                    dt { "Waits for a decision" }
                    dd {
                        a href={ "/desk/proposals/" (proposal.id) } { "“" (proposal.name()) "”" }
                        " by " (parts::by(&proposal.created_by)) ", " (parts::time(now, proposal.created_at))
                    }
                }
            }
        }
    }
}
