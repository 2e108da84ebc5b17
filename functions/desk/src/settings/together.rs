//! Two people at the settings at once: the later one is told what the other has changed, and loses nothing.
//!
//! The form carries the version that it began with and a digest of each value, so that the page knows who of the
//! two changed what. What only the other one changed is taken over into the form; where both changed the same,
//! both values are shown, and the form keeps the visitor's own.

use byline_shared::crypto::digest::sha256;
use byline_shared::model::Settings;
use maud::{Markup, html};

use super::entries::{Entry, entries};
use crate::fields::Fields;

/// The field with the digests.
pub(crate) const BASE: &str = "base";

/// How much of a digest is enough to see that two values differ, in characters.
const LENGTH: usize = 12;

/// What the other person did to a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// Only they changed it.
    Theirs,
    /// Both changed it, and not to the same.
    Both,
}

/// The digests of all values, as the form carries them.
pub(crate) fn base(settings: &Settings) -> String {
    entries(settings).map(|entry| digest(&entry.value)).join(".")
}

/// The values that the form is to have: what was sent, and what somebody else has saved since where the
/// visitor changed nothing.
pub(crate) fn merged(form: &Fields, saved: &Settings) -> Vec<(&'static str, String)> {
    let all = compared(form, saved).into_iter();
    all.map(|(entry, change)| {
        let is_theirs = change == Some(Change::Theirs);
        (entry.name, if is_theirs { entry.value } else { form.text(entry.name).to_owned() })
    })
    .collect()
}

/// Whether all that was sent is what is saved now: a form that was sent twice.
pub(crate) fn is_saved(form: &Fields, saved: &Settings) -> bool {
    entries(saved).iter().all(|entry| form.text(entry.name).trim() == entry.value.trim())
}

/// What the other person has changed, and what becomes of it.
pub(crate) fn told(form: &Fields, saved: &Settings, when: Option<&Markup>) -> Markup {
    let changed: Vec<(Entry, Change)> = compared(form, saved)
        .into_iter()
        .filter_map(|(entry, change)| change.map(|change| (entry, change)))
        .collect();
    html! {
        div.alert role="alert" tabindex="-1" {
            h2 { "Somebody else changed the settings while you did" }
            p {
                "Nothing of yours is saved yet, and nothing is lost: it is in the form below. Save again after you \
                 have read what they changed"
                @if let Some(when) = when { " (" (when) ")" }
                ":"
            }
            ul {
                @for (entry, change) in &changed {
                    li {
                        a href={ "#" (entry.id()) } { (entry.label) } " is now "
                        @if entry.in_words().is_empty() { "empty" } @else {
                            "“" span.keep { (entry.in_words()) } "”"
                        }
                        @match change {
                            Change::Theirs => ". You did not change it, so the form has theirs.",
                            Change::Both => ". You changed it, too: the form has yours, which replaces theirs.",
                        }
                    }
                }
            }
        }
    }
}

/// Each setting as it is saved, with what the other person did to it.
fn compared(form: &Fields, saved: &Settings) -> Vec<(Entry, Option<Change>)> {
    let base = form.text(BASE);
    let mut known = base.split('.');
    let all = entries(saved).into_iter();
    all.map(|entry| {
        // Without the digest, what differs counts as changed by both.
        let known = known.next().filter(|digest| digest.len() == LENGTH);
        let sent = form.text(entry.name);
        let is_same = sent.trim() == entry.value.trim();
        let they_did = known.is_none_or(|known| known != digest(&entry.value));
        let visitor_did = known.is_none_or(|known| known != digest(sent));
        let change = match (they_did, visitor_did) {
            (false, _) => None,
            (true, true) if is_same => None,
            (true, false) => Some(Change::Theirs),
            (true, true) => Some(Change::Both),
        };
        (entry, change)
    })
    .collect()
}

fn digest(value: &str) -> String {
    let mut digest = sha256(value.trim());
    digest.truncate(LENGTH);
    digest
}
