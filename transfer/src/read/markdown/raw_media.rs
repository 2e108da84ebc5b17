//! Frames, players and gists in Markdown. They become links, some of which are shown as players.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::text::outside_code;
use crate::html;

/// A text with links in their place, and what is said about it.
pub(super) fn linked(text: &str) -> (String, Vec<String>) {
    static MEDIA: LazyLock<Regex> = LazyLock::new(|| {
        let each = ["iframe", "video", "audio", "object", "embed"];
        let each = each.map(|tag| format!(r"<{tag}\b[^>]*?/>|<{tag}\b[^>]*>(?:.*?</{tag}\s*>)?"));
        let gist = r"<script\b[^>]*gist\.github\.com/[^>]*>\s*</script\s*>";
        Regex::new(&format!("(?is){}|{gist}", each.join("|"))).expect("the pattern is a constant")
    });
    if !text.contains('<') {
        return (text.to_owned(), Vec::new());
    }
    let mut notes = Vec::new();
    let text = outside_code(text, |prose| {
        let changed =
            MEDIA.replace_all(prose, |found: &Captures<'_>| match html::to_markdown(&found[0]) {
                Ok(made) if !made.markdown.is_empty() => {
                    notes.extend(made.notes);
                    made.markdown.trim().to_owned()
                }
                _ => found[0].to_owned(),
            });
        changed.into_owned()
    });
    notes.sort();
    notes.dedup();
    (text, notes)
}
