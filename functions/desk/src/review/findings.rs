//! What an eye would miss, in words.

use byline_shared::model::{By, Finding, PendingFile, Time, UnreviewedRevision, Warning};
use maud::{Markup, html};

use super::fields::label;
use super::text::visible;
use crate::parts;

/// The findings under a heading; nothing if there are none. Those that are new come first.
pub(crate) fn list(title: &str, findings: &[Finding]) -> Markup {
    html! {
        @if !findings.is_empty() {
            section.findings role="note" {
                h2 { (title) }
                ol { @for finding in findings { li { (one(finding)) } } }
            }
        }
    }
}

/// What stands in a text and does not reach readers; nothing if all does.
pub(crate) fn unseen(removed: &[Warning], found: &[Finding]) -> Markup {
    html! {
        @if !removed.is_empty() || !found.is_empty() {
            section.findings role="note" {
                h2 { "Readers will not see this" }
                ol {
                    @for warning in removed {
                        li {
                            @if let Some(line) = warning.line { strong { "Line " (line) } ": " }
                            (warning.message)
                        }
                    }
                    @for finding in found { li { (one(finding)) } }
                }
            }
        }
    }
}

fn one(finding: &Finding) -> Markup {
    let field = finding.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
    html! {
        @if !field.is_empty() {
            strong {
                (label(field))
                @if let Some(line) = finding.line { ", line " (line) }
            }
            ": "
        }
        (visible(&finding.message))
        @if !finding.new { " It is in the live text already." }
    }
}

/// The files that have to be uploaded first.
pub(crate) fn pending(files: &[PendingFile]) -> Markup {
    html! {
        @if !files.is_empty() {
            div.alert role="alert" {
                h2 { "Files are missing" }
                p { "The text names files whose upload is not complete. It cannot go live before: \
                     upload them again, or take them out of the text." }
                ul { @for file in files { li { (file.filename) } } }
            }
        }
    }
}

/// Who wrote without the right to publish, and when.
struct Writer<'a> {
    by: &'a By,
    saves: usize,
    first: Time,
    last: Time,
}

/// Each writer once, those who wrote last first. Somebody who writes for an hour saves dozens of times, and a reader
/// of the review wants to know whose words these are.
fn writers(revisions: &[UnreviewedRevision]) -> Vec<Writer<'_>> {
    let mut writers: Vec<Writer<'_>> = Vec::new();
    // The newest come first.
    for UnreviewedRevision { created_by: by, created_at: at, .. } in revisions {
        match writers.iter_mut().find(|writer| writer.by.is_same(by)) {
            Some(writer) => (writer.saves, writer.first) = (writer.saves + 1, *at),
            None => writers.push(Writer { by, saves: 1, first: *at, last: *at }),
        }
    }
    writers
}

/// Whose words no person with the right to publish has seen.
pub(crate) fn unreviewed(
    now: &parts::Now,
    revisions: &[UnreviewedRevision],
    truncated: bool,
) -> Markup {
    html! {
        @if !revisions.is_empty() {
            section.findings role="note" {
                h2 { "Parts of this text are not approved yet" }
                p { "Nobody with the right to publish has approved what was saved by:" }
                ul {
                    @for Writer { by, saves, first, last } in writers(revisions) {
                        li {
                            (parts::by(by))
                            @if saves == 1 { ", " (parts::time(now, last)) }
                            @else { ": " (saves) " saves, the first " (parts::time(now, first)) ", the last " (parts::time(now, last)) }
                        }
                    }
                    @if truncated { li { "and older ones" } }
                }
            }
        }
    }
}
