//! Who and what the sentences of the log name.

use std::collections::HashMap;

use byline_shared::model::audit::AuditEntry;
use byline_shared::model::{UserId, Zone};
use maud::{Markup, html};

/// An entry, what accounts and things are called now, by id, and whose clocks show when.
pub(super) struct Names<'a> {
    pub(super) entry: &'a AuditEntry,
    pub(super) called: &'a HashMap<String, String>,
    pub(super) zone: &'a Zone,
}

/// A kind of thing: what it is called where it has no name, and where its page is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Thing {
    Account,
    Post,
    Proposal,
    File,
    Tag,
    /// A thing without a page.
    Other(&'static str),
}

impl Thing {
    /// What it is called where its name is not known, and where its page is.
    const fn noun_and_page(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Account => ("a deleted account", Some("people")),
            Self::Post => ("a post that is gone", Some("posts")),
            Self::Proposal => ("a proposal that is gone", Some("proposals")),
            Self::File => ("a file that is gone", Some("media")),
            Self::Tag => ("a tag", Some("tags")),
            Self::Other(noun) => (noun, None),
        }
    }
}

impl Names<'_> {
    /// Who did it, at the beginning of a sentence: a person, their agent, or first the key or app that did it for
    /// them.
    pub(super) fn who(&self) -> Markup {
        let entry = self.entry;
        let Some(actor) = &entry.actor else { return html! { "Somebody" } };
        let app = entry.grant.as_ref().map(|_| entry.client_name.as_deref().unwrap_or("An app"));
        let key = entry.api_key.as_ref();
        let key = key.map(|_| entry.api_key_name.as_ref().map_or("An API key", |it| it.as_str()));
        if entry.agent.is_some() {
            return html! {
                (self.owner(actor)) "'s agent"
                @if let Some(key) = key { " (API key " (key) ")" }
                @if let Some(app) = app { " (app " (app) ")" }
            };
        }
        match (key, app) {
            (Some(key), _) => html! { (key) " (API key of " (self.owner(actor)) ")" },
            (None, Some(app)) => html! { (app) " (app of " (self.owner(actor)) ")" },
            (None, None) if self.name_of(actor).is_none() => html! { "A deleted account" },
            (None, None) => self.owner(actor),
        }
    }

    /// Whose account it was, within a sentence.
    pub(super) fn whose(&self) -> Markup {
        let actor = self.entry.actor.as_ref();
        actor.map_or_else(|| html! { "somebody" }, |actor| self.owner(actor))
    }

    fn owner(&self, actor: &UserId) -> Markup {
        match self.name_of(actor) {
            Some(name) => html! { a href={ "/desk/activity?person=" (actor) } { (name) } },
            None => html! { span title=(actor) { "a deleted account" } },
        }
    }

    fn name_of(&self, actor: &UserId) -> Option<&str> {
        let then = self.entry.actor_name.as_ref().map(|name| name.as_str());
        then.or_else(|| self.called.get(actor.as_str()).map(String::as_str))
    }

    /// What it was done to: its name with the way to its page; its id is in the title.
    pub(super) fn thing(&self, thing: Thing) -> Markup {
        let (noun, page) = thing.noun_and_page();
        let Some(id) = self.entry.subject.as_deref() else { return html! { (noun) } };
        let now = self.called.get(id).map(String::as_str);
        // A tag that is gone is known by its slug.
        let noun = if matches!(thing, Thing::Tag) { id } else { noun };
        match (now, page, self.entry.subject_name.as_deref()) {
            (Some(name), Some(page), _) => {
                html! { a href={ "/desk/" (page) "/" (id) } title=(id) { (quoted(thing, name)) } }
            }
            (Some(name), None, _) | (None, _, Some(name)) => {
                html! { span title=(id) { (quoted(thing, name)) } }
            }
            (None, _, None) => html! { span title=(id) { (noun) } },
        }
    }

    /// The same behind its kind, as in `the API key “Build server”`; `without` where its name is not known.
    pub(super) fn named(&self, kind: &str, thing: Thing, without: &'static str) -> Markup {
        let id = self.entry.subject.as_deref();
        let is_known = id.is_some_and(|id| self.called.contains_key(id));
        match is_known || (id.is_some() && self.entry.subject_name.is_some()) {
            true => html! { (kind) " " (self.thing(thing)) },
            false => html! { span title=[id] { (without) } },
        }
    }

    /// Whether it was done to an account.
    pub(super) fn is_about_account(&self) -> bool {
        self.entry.subject.as_deref().is_some_and(|id| id.parse::<UserId>().is_ok())
    }

    /// The account whose id is in the details.
    pub(super) fn account_in_detail(&self) -> Option<Markup> {
        let detail = self.entry.detail.as_deref()?;
        let id = detail.split(' ').find_map(|word| word.parse::<UserId>().ok())?;
        Some(match self.called.get(id.as_str()) {
            Some(name) => html! { a href={ "/desk/people/" (id) } { (name) } },
            None => html! { span title=(id) { "a deleted account" } },
        })
    }

    /// Whether the details have this text.
    pub(super) fn says(&self, text: &str) -> bool {
        self.entry.detail.as_deref().is_some_and(|detail| detail.contains(text))
    }
}

/// Titles stand in quotation marks. People and addresses do not.
fn quoted(thing: Thing, name: &str) -> String {
    match thing {
        Thing::Account | Thing::Tag | Thing::Other("an address") => name.to_owned(),
        _ => format!("\u{201c}{name}\u{201d}"),
    }
}
