//! The heads of pages, what stands where there is nothing, and small marks.

use maud::{Markup, html};
use url::form_urlencoded::byte_serialize;

/// The heading of a page, with a sentence below it and actions beside it.
pub(crate) fn head(title: &str, lede: Option<&str>, actions: Option<&Markup>) -> Markup {
    html! {
        header.head {
            div {
                h1 { (title) }
                @if let Some(lede) = lede {
                    p.lede { (lede) }
                }
            }
            @if let Some(actions) = actions {
                div.row { (actions) }
            }
        }
    }
}

/// What a page says that has nothing to list: what would be here, and how to get it.
pub(crate) fn empty(title: &str, text: &str, action: Option<(&str, &str)>) -> Markup {
    html! {
        div.empty {
            h2 { (title) }
            p { (text) }
            @if let Some((href, label)) = action {
                a.button href=(href) { (label) }
            }
        }
    }
}

/// What a badge says, besides its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// A fact.
    Plain,
    /// Readers see it.
    Live,
    /// Nobody but writers sees it.
    Draft,
    /// Somebody has to decide.
    Waiting,
    /// It goes live at a time.
    Scheduled,
    /// It did not work.
    Failed,
    /// No person did it.
    Agent,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "badge",
            Self::Live => "badge live",
            Self::Draft => "badge draft",
            Self::Waiting => "badge waiting",
            Self::Scheduled => "badge scheduled",
            Self::Failed => "badge failed",
            Self::Agent => "badge agent",
        }
    }
}

/// A mark in words. Its colour and shape only repeat them.
pub(crate) fn badge(tone: Tone, text: &str) -> Markup {
    html! { span class=(tone.class()) { (text) } }
}

/// The way to the next page of a list. `path` is the list's own, with its filters.
pub(crate) fn pager(path: &str, next_cursor: Option<&str>) -> Markup {
    let joint = if path.contains('?') { '&' } else { '?' };
    html! {
        @if let Some(cursor) = next_cursor {
            @let cursor: String = byte_serialize(cursor.as_bytes()).collect();
            nav.pager aria-label="More" {
                a.button href={ (path) (joint) "cursor=" (cursor) } rel="next" { "Show more" }
            }
        }
    }
}
