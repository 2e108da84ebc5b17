//! The three views of what would go live. The text is the authority: nothing in it is left out.

use byline_shared::Context;
use byline_shared::http::problem::Problem;
use byline_shared::model::Review;
use byline_shared::publishing::{self, RenderedChange, RenderedDiff, Reviewed};
use maud::{Markup, PreEscaped, html};

use crate::fields::Fields;
use crate::review::result::{opened, result, too_complex};
use crate::review::text::{of_review, visible};

/// A view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// The text with what changed, as it reads.
    Reading,
    /// The Markdown by line and word.
    Text,
    /// As readers will see it.
    Result,
}

impl View {
    const ALL: [Self; 3] = [Self::Reading, Self::Text, Self::Result];

    /// The view that the query names. A difference that is cut is shown with the whole text below it.
    pub(super) fn of(query: &Fields, review: &Review) -> Self {
        let named = Self::ALL.into_iter().find(|view| view.name() == query.text("view"));
        named.unwrap_or(if shows_all(Self::Reading, review) { Self::Reading } else { Self::Text })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Text => "text",
            Self::Result => "result",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Reading => "Reading",
            Self::Text => "Text",
            Self::Result => "Result",
        }
    }
}

/// Whether a page with this view shows everything that approving makes visible. Only such a page has the
/// forms to approve.
pub(super) fn shows_all(view: View, review: &Review) -> bool {
    view == View::Text || !review.changes.truncated
}

/// The views as links, and the one that is chosen.
pub(super) async fn views(
    cx: &Context,
    path: &str,
    view: View,
    reviewed: &Reviewed,
    review: &Review,
) -> Result<Markup, Problem> {
    let shown = match view {
        View::Text => of_review(review),
        View::Reading => {
            let live = reviewed.live_body.as_ref();
            let diff = publishing::rendered_difference(cx, live, &review.body).await?;
            match diff {
                Ok(diff) => reading(reviewed, &diff),
                Err(fault) => too_complex(&fault.to_string()),
            }
        }
        View::Result => match publishing::rendered_result(cx, &review.body).await? {
            Ok(body) => result(&reviewed.fields, review, &body),
            Err(fault) => too_complex(&fault.to_string()),
        },
    };
    Ok(html! {
        section.sheet aria-label="The text" {
            nav.views aria-label="Views" {
                @for other in View::ALL {
                    a href={ (path) "?view=" (other.name()) } aria-current=[(other == view).then_some("page")] {
                        (other.label())
                    }
                }
            }
            (shown)
        }
    })
}

fn reading(reviewed: &Reviewed, diff: &RenderedDiff) -> Markup {
    let language = reviewed.fields.language.as_ref().map(|language| language.as_str());
    html! {
        @if diff.changes.is_empty() {
            p.padded.quiet { "Readers see the same text as now." }
        } @else {
            nav.padded.small aria-label="Changes" {
                details {
                    summary { (count(diff)) }
                    ol {
                        @for change in &diff.changes {
                            li { a href={ "#" (change.anchor()) } { (in_words(change)) } }
                        }
                    }
                    @if diff.unlisted > 0 { p { (diff.unlisted) " more are marked in the text." } }
                }
            }
        }
        @if diff.coarse {
            p.padded.quiet { "The texts are long, so changed passages are marked as a whole." }
        }
        div.prose lang=[language] { (PreEscaped(opened(&diff.html))) }
    }
}

fn count(diff: &RenderedDiff) -> String {
    match diff.changes.len() + diff.unlisted {
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    }
}

fn in_words(change: &RenderedChange) -> Markup {
    html! {
        @if !change.removed.is_empty() { "removed \u{201c}" (visible(&change.removed)) "\u{201d}" }
        @if !change.removed.is_empty() && !change.added.is_empty() { ", " }
        @if !change.added.is_empty() { "added \u{201c}" (visible(&change.added)) "\u{201d}" }
        @if change.removed.is_empty() && change.added.is_empty() { "changed without words" }
        @if let Some(targets) = change.targets() { ". " (targets) }
    }
}
