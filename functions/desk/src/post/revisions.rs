//! The history of a post: its revisions, what differs between two of them, and what readers saw when.

use byline_shared::http::problem::Problem;
use byline_shared::model::{
    Diff, PostSummary, Publication, PublicationAction, RevisionId, RevisionSummary, Scope, Tag,
    TagName,
};
use byline_shared::publishing::History;
use maud::{Markup, html};

use crate::parts::{self, Field, Kind, Tone};
use crate::review::{fields, text};
use crate::visit::Visit;

/// All of the page.
pub(crate) fn main(
    now: &parts::Now,
    visit: &Visit,
    history: &History,
    compared: Option<&(RevisionId, RevisionId)>,
    problem: Option<&Problem>,
) -> Markup {
    let post = &history.post;
    let path = format!("{}/history", super::path(&post.id));
    html! {
        a.back href=(super::path(&post.id)) { "Back to the editor" }
        (parts::head(&format!("History: {}", post.fields.title), None, None))
        @if let Some(problem) = problem { (parts::problem(problem)) }
        @if let Some(difference) = &history.difference { (changes(difference)) }
        section.stack aria-labelledby="revisions" {
            h2 #revisions { "Revisions" }
            (compare(now, &path, &history.revisions.items, compared))
            ul.list {
                @for revision in &history.revisions.items {
                    (row(now, visit, &path, post, revision))
                }
            }
            (parts::pager(&path, history.revisions.next_cursor.as_deref()))
        }
        (publications(now, &path, &history.publications))
    }
}

/// What differs between the two revisions that were chosen.
fn changes(difference: &Diff) -> Markup {
    html! {
        section.sheet aria-labelledby="changes" {
            header { h2 #changes { "What changed" } }
            (fields::table(&difference.fields, "Before", "After"))
            @for change in difference.fields.iter().filter(|change| change.field == "tags") {
                @let (before, after) = (tag_names(&change.from), tag_names(&change.to));
                p.padded { "Tags: " (fields::tags(&before, &after)) }
            }
            @if difference.fields.iter().any(|change| change.field == "cover") {
                p.padded { "The cover is another one." }
            }
            (text::lines(difference))
        }
    }
}

fn tag_names(tags: &serde_json::Value) -> Vec<TagName> {
    let tags: Vec<Tag> = serde_json::from_value(tags.clone()).unwrap_or_default();
    tags.into_iter().map(|tag| tag.name).collect()
}

/// The choice of two revisions.
fn compare(
    now: &parts::Now,
    path: &str,
    revisions: &[RevisionSummary],
    compared: Option<&(RevisionId, RevisionId)>,
) -> Markup {
    let named: Vec<(String, String)> =
        revisions.iter().map(|revision| (revision.id.to_string(), name(now, revision))).collect();
    let choices: Vec<(&str, &str)> =
        named.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
    let last = choices.last().map_or("", |(id, _)| id);
    let first = choices.first().map_or("", |(id, _)| id);
    let (from, to) = compared.map_or((last, first), |(from, to)| (from.as_str(), to.as_str()));
    html! {
        @if choices.len() > 1 {
            form.row method="get" action=(path) {
                (parts::field(Field {
                    name: "from",
                    label: "Compare",
                    value: from,
                    kind: Kind::Choice(&choices),
                    ..Field::default()
                }))
                (parts::field(Field {
                    name: "to",
                    label: "with",
                    value: to,
                    kind: Kind::Choice(&choices),
                    ..Field::default()
                }))
                button.button type="submit" { "Compare" }
            }
            p.hint { "Times are those of " (now.zone.name()) "." }
        }
    }
}

/// A revision in a list to choose from: when, and by whom.
fn name(now: &parts::Now, revision: &RevisionSummary) -> String {
    let at = now.zone.at(revision.created_at);
    format!("{}, {}", at.strftime("%Y-%m-%d %H:%M:%S"), parts::name(&revision.created_by))
}

fn row(
    now: &parts::Now,
    visit: &Visit,
    path: &str,
    post: &PostSummary,
    revision: &RevisionSummary,
) -> Markup {
    let is_latest = post.revision_id == revision.id;
    let is_live = post.live_revision_id.as_ref() == Some(&revision.id);
    let scheduled = post.schedule.as_ref().filter(|schedule| schedule.revision_id == revision.id);
    let may_restore =
        !is_latest && post.trashed_at.is_none() && visit.caller.may(Scope::PostsWrite);
    html! {
        li #(revision.id) {
            div.main {
                p.name { (revision.fields.title) }
                p { (parts::by(&revision.created_by)) }
                @if let Some(approval) = &revision.approval {
                    p { "Approved by "
                        (approval.by_name.as_ref().map_or("a deleted account", |name| name.as_str()))
                        ", " (parts::time(now, approval.at))
                        ". Approving makes a revision of its own, also of a text that stays as it was." }
                }
            }
            div.side { (parts::time(now, revision.created_at)) }
            div.meta {
                @if is_latest { (parts::badge(Tone::Draft, "latest")) }
                @if is_live { (parts::badge(Tone::Live, "live")) }
                @if let Some(schedule) = scheduled {
                    (parts::badge(Tone::Scheduled, "scheduled"))
                    span { "goes live " (parts::time(now, schedule.publish_at)) }
                }
                @if !revision.created_by.kind.is_person() { (parts::badge(Tone::Agent, "by an agent")) }
                @if let Some(parent) = &revision.parent_id {
                    a href={ (path) "?from=" (parent) "&to=" (revision.id) } { "What changed" }
                } @else {
                    span { "the first revision" }
                }
                @if may_restore {
                    form method="post" action=(path) {
                        (parts::token(visit))
                        input type="hidden" name="revision_id" value=(revision.id);
                        input type="hidden" name="version" value=(post.version);
                        button.button.slim type="submit" name="action" value="restore" { "Restore this text" }
                    }
                }
            }
        }
    }
}

fn publications(now: &parts::Now, path: &str, publications: &[Publication]) -> Markup {
    html! {
        section.stack aria-labelledby="seen" {
            h2 #seen { "What readers saw" }
            @if publications.is_empty() {
                p.quiet { "It was never live." }
            } @else {
                ul.list {
                    @for entry in publications {
                        li {
                            div.main {
                                p.name {
                                    @match entry.action {
                                        PublicationAction::Published => "Went live",
                                        PublicationAction::Unpublished => "Taken down",
                                    }
                                }
                                p {
                                    @if entry.scheduled { "Scheduled by " } @else { "by " }
                                    (parts::by(&entry.by))
                                }
                            }
                            div.side { (parts::time(now, entry.at)) }
                            div.meta {
                                a href={ (path) "#" (entry.revision_id) } { "See the revision" }
                            }
                        }
                    }
                }
            }
        }
    }
}
