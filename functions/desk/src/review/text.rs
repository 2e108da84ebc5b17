//! The lines of a text that differ, and characters that nobody would see.

use byline_shared::model::hidden::{self, Class};
use byline_shared::model::{Diff, Line, LineKind, Review};
use maud::{Markup, html};

/// The changed places of a body as lines of Markdown, with the words that differ within them.
pub(crate) fn lines(diff: &Diff) -> Markup {
    html! {
        @if diff.hunks.is_empty() {
            p.padded.quiet { "The text is the same." }
        } @else {
            ol.diff {
                @for (at, hunk) in diff.hunks.iter().enumerate() {
                    @if at > 0 || hunk.to_line > 1 {
                        li.gap { "Line " (hunk.to_line) }
                    }
                    @for line in &hunk.lines { (one(line)) }
                }
            }
            @if diff.truncated {
                p.padded { strong { "Not all changes are shown: there are too many." } }
            }
            @if diff.coarse {
                p.padded.quiet { "The texts are long, so changed passages are marked as a whole." }
            }
        }
    }
}

/// All that a review has to say about the text: where the difference is cut, the whole text follows.
pub(crate) fn of_review(review: &Review) -> Markup {
    html! {
        (lines(&review.changes))
        @if review.changes.truncated {
            h3.padded { "The whole new text" }
            (whole(review.body.as_str()))
        }
    }
}

/// A text in Markdown, line by line.
pub(crate) fn whole(body: &str) -> Markup {
    html! { ol.diff { @for line in body.lines() { li { (visible(line)) } } } }
}

fn one(line: &Line) -> Markup {
    let (class, said) = match line.kind {
        LineKind::Equal => (None, None),
        LineKind::Removed => (Some("removed"), Some("removed: ")),
        LineKind::Added => (Some("added"), Some("added: ")),
    };
    html! {
        li class=[class] {
            @if let Some(said) = said { span.sr { (said) } }
            @for word in &line.words {
                @let text = word.text.trim_end_matches('\n');
                @match line.kind {
                    LineKind::Removed if word.changed => del { (visible(text)) },
                    LineKind::Added if word.changed => ins { (visible(text)) },
                    _ => (visible(text)),
                }
            }
        }
    }
}

/// A text in which characters stand that are not seen: each becomes a mark with its number and its name.
pub(crate) fn visible(text: &str) -> Markup {
    let mut rest = text;
    let mut pieces: Vec<(&str, Option<char>)> = Vec::new();
    while let Some((at, char)) = rest.char_indices().find(|(_, char)| is_hidden(*char)) {
        pieces.push((&rest[..at], Some(char)));
        rest = &rest[at + char.len_utf8()..];
    }
    pieces.push((rest, None));
    html! {
        @for (piece, char) in pieces {
            (piece)
            @if let Some(char) = char {
                samp.hid title=(hidden::name(char)) { "U+" (format!("{:04X}", u32::from(char))) }
            }
        }
    }
}

/// Joiners and variation selectors are parts of letters and emoji; findings count them.
fn is_hidden(char: char) -> bool {
    let class = hidden::class_of(char);
    class.is_some_and(|class| !matches!(class, Class::Joiner | Class::Variation))
}
