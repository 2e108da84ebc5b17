//! The toolbar above a text in Markdown.

use maud::{Markup, html};

/// What a button does, in editor.js; its name, with the keys; its icon, drawn on 24 by 24.
const TOOLS: [(&str, &str, &str); 9] = [
    ("bold", "Bold (Ctrl+B)", "M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z"),
    ("italic", "Italic (Ctrl+I)", "M10 5h8M6 19h8M14 5l-4 14"),
    ("heading", "Heading", "M6 5v14M18 5v14M6 12h12"),
    (
        "link",
        "Link (Ctrl+K)",
        "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
    ),
    ("quote", "Quotation", "M5 6v12M10 8h9M10 12h9M10 16h6"),
    ("list", "List", "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01"),
    ("numbers", "Numbered list", "M10 6h10M10 12h10M10 18h10M4 5l1.5-1v5M4 14h3l-3 5h3"),
    ("code", "Code", "M9 7l-5 5 5 5M15 7l5 5-5 5"),
    ("picture", "Picture", "M4 5h16v14H4zM4 16l4.5-4.5 4 4L15 13l5 4M15.5 9h.01"),
];

/// The toolbar. It stays hidden until editor.js has made it work.
pub(crate) fn toolbar() -> Markup {
    html! {
        div.tools role="toolbar" aria-label="Formatting" data-tools hidden {
            @for (deed, label, path) in TOOLS {
                button type="button" data-do=(deed) aria-label=(label) title=(label) {
                    svg.icon viewBox="0 0 24 24" aria-hidden="true" { path d=(path); }
                }
            }
        }
    }
}
