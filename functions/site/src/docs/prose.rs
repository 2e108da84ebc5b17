//! The Markdown that descriptions use: paragraphs, lists, code and bold. A whole Markdown renderer
//! would be most of this function.

use maud::{Markup, html};

/// Paragraphs and lists.
pub(super) fn blocks(text: &str) -> Markup {
    html! {
        @for block in text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
            @if block.starts_with("- ") {
                ul { @for item in items(block) { li { (inline(&item)) } } }
            } @else {
                p { (inline(&block.replace('\n', " "))) }
            }
        }
    }
}

/// The items of a list. Lines that do not start an item continue the one before.
fn items(block: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in block.lines() {
        match (line.strip_prefix("- "), items.last_mut()) {
            (Some(item), _) => items.push(item.to_owned()),
            (None, Some(last)) => *last = format!("{last} {}", line.trim()),
            (None, None) => items.push(line.trim().to_owned()),
        }
    }
    items
}

/// Code in backticks and bold text.
pub(super) fn inline(text: &str) -> Markup {
    html! {
        @for (place, part) in text.split('`').enumerate() {
            @if place % 2 == 1 {
                code { (part) }
            } @else {
                @for (place, part) in part.split("**").enumerate() {
                    @if place % 2 == 1 { strong { (part) } } @else { (part) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_become_html() {
        let html = blocks("Send `a < b`.\n\n- **One**: first\n- two\n  goes on").into_string();
        let expected = "<p>Send <code>a &lt; b</code>.</p>\
                        <ul><li><strong>One</strong>: first</li><li>two goes on</li></ul>";
        assert_eq!(html, expected);
    }
}
