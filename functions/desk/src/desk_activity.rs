//! `/desk/activity`: the security log, by person and by kind of event.

use byline_shared::http::Response;
use byline_shared::model::UserId;
use byline_shared::model::audit::{AuditEntry, Event, Outcome};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use maud::{Markup, html};
use std::collections::HashMap;
use url::form_urlencoded::Serializer;

use crate::layout::{Section, Sheet, sheet};
use crate::page;
use crate::parts::{self, Field, Kind, Tone};
use crate::visit::Visit;

/// Shows the security log.
struct Activity;

/// The operation.
pub const OPERATION: Operation = page::operation::<Activity>(module_path!());

impl page::Page for Activity {
    const NAME: &'static str = "desk-activity";
    const PATH: &'static str = "/desk/activity";
    const SUMMARY: &'static str = "Show the security log";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Content, keys::AUDIT, &[Query]),
        Permission::Table(Content, &[BatchGetItem]),
    ];

    type Needs = scope::Admin;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let person: Option<UserId> = visit.query.text("person").parse().ok();
        let kind = visit.query.text("kind");
        let event = Event::ALL.iter().copied().find(|event| event.as_str() == kind);
        let page = PageParams { limit: 50, cursor: visit.query.get("cursor").map(str::to_owned) };
        let entries = cx.store.audit_log().list(&page, person.as_ref(), event).await?;
        let called = cx.store.audit_log().subjects(&entries.items).await?;
        let path = path(person.as_ref(), event);
        let main = html! {
            (parts::head("Activity", Some("Sign-ins, changes of accounts and credentials, and everything that was published. Kept for 400 days."), None))
            (filter(person.as_ref(), event))
            @if entries.items.is_empty() {
                @if entries.next_cursor.is_some() {
                    p.quiet { "Nothing in this part of the log. Older parts may have more." }
                } @else {
                    (parts::empty("Nothing to show", "Nothing of this kind happened in the last 400 days.", Some(("/desk/activity", "Show everything"))))
                }
            } @else {
                section.sheet {
                    ul.list { @for item in &entries.items { (entry(cx, item, &called)) } }
                }
            }
            (parts::pager(&path, entries.next_cursor.as_deref()))
        };
        Ok(sheet(cx, visit, Sheet::new("Activity", Section::Activity), &main))
    }
}

/// The path of the page with these filters.
fn path(person: Option<&UserId>, event: Option<Event>) -> String {
    let mut query = Serializer::new(String::new());
    if let Some(person) = person {
        query.append_pair("person", person.as_str());
    }
    if let Some(event) = event {
        query.append_pair("kind", event.as_str());
    }
    let query = query.finish();
    if query.is_empty() { "/desk/activity".to_owned() } else { format!("/desk/activity?{query}") }
}

/// The name of an event, as words: `password reset`.
fn words(event: Event) -> String {
    event.as_str().replace('_', " ")
}

fn filter(person: Option<&UserId>, event: Option<Event>) -> Markup {
    let names: Vec<String> = Event::ALL.iter().map(|event| words(*event)).collect();
    let mut choices = vec![("", "every kind")];
    choices
        .extend(Event::ALL.iter().zip(&names).map(|(event, name)| (event.as_str(), name.as_str())));
    let chosen = event.map_or("", Event::as_str);
    html! {
        form.row method="get" action="/desk/activity" {
            @if let Some(person) = person {
                input type="hidden" name="person" value=(person);
            }
            (parts::field(Field { name: "kind", label: "Kind of event", value: chosen, kind: Kind::Choice(&choices), ..Field::default() }))
            button.button type="submit" { "Show" }
            @if person.is_some() {
                a href=(path(None, event)) { "Show everybody" }
            }
        }
    }
}

fn entry(cx: &Context, entry: &AuditEntry, called: &HashMap<String, String>) -> Markup {
    let known = entry.actor.as_ref().and_then(|actor| called.get(actor.as_str()));
    let who = entry.actor_name.as_ref().map(|name| name.as_str()).or(known.map(String::as_str));
    html! {
        li {
            div.main {
                p.name { (words(entry.event)) }
                p.small {
                    @match (&entry.actor, who) {
                        (Some(id), name) => a href=(path(Some(id), None)) { (name.unwrap_or("an account without a known name")) },
                        (None, _) => "unknown person",
                    }
                    @if let Some(key) = &entry.api_key_name { ", API key " (key) }
                    @if entry.grant.is_some() { ", by an app" }
                    @if let Some(detail) = &entry.detail { " · " (in_words(detail)) }
                    @if let Some(count) = entry.count { " · " @if count == 1 { "once" } @else { (count) " times" } " in this hour" }
                }
                // What people do to their own account is told by their name alone.
                @if let Some(id) = entry.subject.as_deref().filter(|id| !is_own(entry, id)) {
                    p.quiet.small { (subject(id, called.get(id))) }
                }
                p.quiet.small {
                    @if let Some(ip) = &entry.ip { (ip) }
                    @if let Some(agent) = &entry.user_agent { " · " (agent) }
                }
            }
            div.side { (parts::time(cx.clock.now(), entry.at)) }
            @if entry.outcome == Outcome::Refused {
                div.meta { (parts::badge(Tone::Failed, "refused")) }
            }
        }
    }
}

/// Whether somebody did something to their own account.
fn is_own(entry: &AuditEntry, subject: &str) -> bool {
    entry.actor.as_ref().is_some_and(|actor| actor.as_str() == subject)
}

/// What an id with this prefix is of.
fn kind(id: &str) -> Option<&'static str> {
    let (prefix, ulid) = id.split_once('_')?;
    let is_id = ulid.len() == 26 && ulid.bytes().all(|byte| byte.is_ascii_alphanumeric());
    Some(match prefix {
        _ if !is_id => return None,
        "user" => "an account",
        "post" => "a post",
        "rev" => "a revision",
        "prop" => "a proposal",
        "media" => "a file",
        "sess" => "a session",
        "grant" => "the access of an app",
        "key" => "an API key",
        "client" => "an app",
        _ => "an item",
    })
}

/// Details as people read them: `a revision, as scheduled`.
fn in_words(detail: &str) -> String {
    let words = detail.split(' ').map(|word| {
        let end = word.trim_end_matches([',', '.', ';']).len();
        kind(&word[..end]).map_or_else(|| word.to_owned(), |kind| format!("{kind}{}", &word[end..]))
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What something was done to, by its name. What has none, or is gone, is told by its kind; its id is in the
/// title.
fn subject(id: &str, name: Option<&String>) -> Markup {
    // The slug of a tag, or the fingerprint of an address that has no account.
    let Some(kind) = kind(id) else { return html! { (id) } };
    let page = match kind {
        "an account" => Some("people"),
        "a post" => Some("posts"),
        "a proposal" => Some("proposals"),
        "a file" => Some("media"),
        _ => None,
    };
    html! {
        @match (name, page) {
            (Some(name), Some(page)) => a href={ "/desk/" (page) "/" (id) } title=(id) { (name) },
            (None, Some(_)) => span title=(id) { (kind) " that is gone" },
            _ => span title=(id) { (kind) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_have_no_ids() {
        let id = "rev_01JD9ZN5V8Q2M4T6W8X0Y2Z4G8";
        assert_eq!(in_words(id), "a revision");
        assert_eq!(in_words(&format!("{id}, as scheduled")), "a revision, as scheduled");
        assert_eq!(in_words("now sea_side"), "now sea_side");
    }
}
