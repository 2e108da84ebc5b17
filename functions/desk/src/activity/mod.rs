//! The security log in words: each entry is one sentence, which names who did what to which thing.

mod filter;
mod kinds;
mod names;
mod sentence;
mod things;

pub(crate) use filter::Chosen;

use std::collections::HashMap;

use byline_shared::Context;
use byline_shared::model::audit::{AuditEntry, Event, Outcome};
use maud::{Markup, html};

use crate::parts::{self, Tone};
use names::Names;

/// An entry; `called` has what accounts and things are called now, by id.
pub(crate) fn entry(cx: &Context, entry: &AuditEntry, called: &HashMap<String, String>) -> Markup {
    let now = &parts::Now::of(cx);
    let names = Names { entry, called, zone: &now.zone };
    html! {
        li {
            div.main {
                p.told { (sentence::of(&names)) }
                @if let Some(more) = more(entry) { p.small { (more) } }
                @if entry.ip.is_some() || entry.user_agent.is_some() {
                    p.small {
                        @if let Some(ip) = &entry.ip { (ip) }
                        @if let Some(agent) = &entry.user_agent {
                            @if entry.ip.is_some() { " · " }
                            span title=(agent) { (parts::device(Some(agent))) }
                        }
                    }
                }
            }
            div.side { (parts::time(now, entry.at)) }
            @if entry.outcome == Outcome::Refused {
                div.meta { (parts::badge(Tone::Failed, "refused")) }
            }
        }
    }
}

/// Why, or what with it, where the sentence has no room for it.
fn more(entry: &AuditEntry) -> Option<String> {
    let detail = entry.detail.as_deref()?;
    match entry.event {
        Event::ConsentGiven => {
            let scopes = kinds::scopes(detail);
            (!scopes.is_empty()).then(|| format!("It may: {scopes}."))
        }
        Event::AccessDenied => Some(match entry.count {
            None | Some(1) => detail.to_owned(),
            Some(count) => format!("{detail} {count} times in this hour."),
        }),
        Event::MediaCompleted if entry.outcome == Outcome::Refused => {
            Some(format!("The reason: {detail}."))
        }
        _ => None,
    }
}
