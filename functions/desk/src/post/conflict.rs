//! Two people wrote at the same time: nothing of either is lost. The form gets a text that holds both, as
//! far as they fit together, and what the other changed stands beside it.

use byline_shared::Context;
use byline_shared::http::problem::Problem;
use byline_shared::model::{By, Diff, PostId, RevisionId, Time};
use byline_shared::publishing::{self, Editing};
use maud::{Markup, html};

use super::values::Values;
use crate::parts;
use crate::review::{fields, text};
use crate::visit::Visit;

/// A text that was sent, and another one that was saved in the meantime.
pub(crate) struct Conflict {
    /// What the form is filled with.
    pub(crate) values: Values,
    /// What only the other one changed, and the form now has.
    taken: Vec<&'static str>,
    /// What both changed: the form has what was sent.
    both: Vec<&'static str>,
    /// Whether both changed the text, in different places, and the form has the changes of both.
    is_merged: bool,
    /// What the other one saved.
    theirs: Values,
    by: By,
    /// Whether it was the visitor, in another tab.
    is_own: bool,
    at: Time,
    /// What the other one changed.
    difference: Diff,
}

/// Puts together what was sent and what is the latest revision now. `base` is the revision that the form
/// began with.
///
/// # Errors
/// 404 for a base that the post does not have.
pub(crate) async fn of(
    cx: &Context,
    visit: &Visit,
    id: &PostId,
    base: &RevisionId,
    editing: &Editing,
    sent: Values,
) -> Result<Conflict, Problem> {
    let actor = visit.actor();
    let old = publishing::revision(cx, &actor, id, base).await?;
    let latest = &editing.latest;
    let difference = publishing::difference(cx, &actor, id, base, &latest.summary.id).await?;
    let base = Values::of_text(&old.summary.fields, &old.body);
    let theirs = Values::of_text(&latest.summary.fields, &latest.body);
    let (mut taken, mut both, mut is_merged) = (Vec::new(), Vec::new(), false);
    let mut values = sent.clone();
    for name in theirs.differing(&base) {
        if sent.get(name) == theirs.get(name) {
            continue;
        }
        if sent.get(name) == base.get(name) {
            taken.push(name);
            values.set(name, theirs.get(name).to_owned());
            continue;
        }
        let text = |values: &Values| values.get(name).to_owned();
        let merged = match name {
            "body" => {
                publishing::merged_bodies(cx, text(&base), text(&sent), text(&theirs)).await?
            }
            _ => None,
        };
        match merged {
            Some(body) => {
                is_merged = true;
                values.set(name, body);
            }
            None => both.push(name),
        }
    }
    let (by, at) = (latest.summary.created_by.clone(), latest.summary.created_at);
    let is_own = by.kind.is_person() && by.user_id == visit.caller.user.id;
    Ok(Conflict { values, taken, both, is_merged, theirs, by, is_own, at, difference })
}

/// What happened, above the form.
pub(crate) fn message(now: &parts::Now, conflict: &Conflict) -> Markup {
    let listed = |names: &[&'static str]| {
        names.iter().map(|name| fields::label(name)).collect::<Vec<_>>().join(", ")
    };
    html! {
        div.alert role="alert" tabindex="-1" {
            @if conflict.is_own {
                h2 { "You saved this post in another tab while this one was open" }
                p { "That was " (parts::time(now, conflict.at)) ". Nothing is lost: what you wrote here \
                    is in the form below, and is not saved yet." }
            } @else {
                h2 { "Somebody else saved this post while you were writing" }
                p { (parts::by(&conflict.by)) " saved it " (parts::time(now, conflict.at))
                    ". Nothing is lost: what you wrote is in the form below, and is not saved yet." }
            }
            ul {
                @if conflict.is_merged {
                    li { "Different places of the text were changed. The form has the changes of both." }
                }
                @if !conflict.taken.is_empty() {
                    li { "You had not changed these here, so the form has them as they were saved: "
                        (listed(&conflict.taken)) "." }
                }
                @if !conflict.both.is_empty() {
                    li { "These were changed on both sides, and the form has what you wrote here: "
                        (listed(&conflict.both)) ". If you save, the other text stays in the history." }
                }
            }
            p { "Compare with the other changes below the form, and then save." }
        }
    }
}

/// What the other one changed, below the form or beside it.
pub(crate) fn theirs(conflict: &Conflict) -> Markup {
    html! {
        section.sheet aria-labelledby="theirs" {
            header { h2 #theirs { "What was saved meanwhile" } }
            (fields::table(&conflict.difference.fields, "Before", "Saved meanwhile"))
            (text::lines(&conflict.difference))
            @for name in conflict.both.iter().filter(|name| matches!(**name, "tags" | "cover")) {
                p.padded { (fields::label(name)) ", saved meanwhile: " (conflict.theirs.get(name)) }
            }
        }
    }
}
