//! The headings of a text: the ids that links lead to, and the table of contents.
//!
//! They are read from the sanitised HTML, so headings of Markdown and of raw HTML are treated alike, and the table of
//! contents names the ids that stand in the page.

use std::collections::HashSet;
use std::ops::Range;

use comrak::Anchorizer;

use super::deadline::Deadline;
use super::markup::{self, Piece, attribute, plain, without_id};
use crate::model::TocEntry;
use crate::model::too_complex::TooComplex;

/// How many headings the table of contents has. An answer must hold it beside the longest text.
const MAX_ENTRIES: usize = 1000;

/// How much of a heading's text is read, in characters. Headings can stand in each other.
const MAX_TEXT: usize = 300;

/// A heading of a page.
struct Heading<'h> {
    level: u8,
    /// Where its start tag is.
    tag: Range<usize>,
    /// The id that it has.
    id: Option<&'h str>,
    /// Its text without markup, with single blanks.
    text: Text,
}

/// The beginning of a text.
#[derive(Default)]
struct Text {
    text: String,
    length: usize,
}

impl Text {
    fn push(&mut self, piece: &str) {
        for char in piece.chars().take(4 * MAX_TEXT) {
            let is_blank = char.is_whitespace();
            if self.length == MAX_TEXT || (is_blank && self.text.ends_with(' ')) {
                continue;
            }
            self.text.push(if is_blank { ' ' } else { char });
            self.length += 1;
        }
    }
}

/// HTML in which every heading has an `id` of its own: the one that its author gave it, or one made of its text by
/// GitHub's rule.
///
/// # Errors
/// Where it takes too long.
pub(super) fn with_ids(html: &str, deadline: &Deadline) -> Result<String, TooComplex> {
    let headings = find(html);
    // What an author chose is kept wherever it stands; the ids that are made give way.
    let mut taken = HashSet::new();
    let chosen: Vec<bool> =
        headings.iter().map(|heading| heading.id.is_some_and(|id| taken.insert(id))).collect();
    let mut made = Anchorizer::new();
    let mut page = String::with_capacity(html.len() + headings.len() * 32);
    let mut end = 0;
    for (heading, is_chosen) in headings.iter().zip(chosen) {
        if deadline.is_past() {
            return Err(TooComplex::Time);
        }
        let tag = &html[heading.tag.clone()];
        page.push_str(&html[end..heading.tag.start]);
        end = heading.tag.end;
        if is_chosen {
            page.push_str(tag);
            continue;
        }
        let name = named(&heading.text.text);
        let mut id = made.anchorize(&name);
        while taken.contains(id.as_str()) {
            id = made.anchorize(&name);
        }
        let tag = without_id(tag);
        let (name, rest) = tag.split_at("<h1".len());
        page.extend([name, " id=\"", &id, "\"", rest]);
    }
    page.push_str(&html[end..]);
    Ok(page)
}

/// The text that the id of a heading is made of. Those of footnotes are not for headings, and no id is empty.
fn named(text: &str) -> String {
    match Anchorizer::new().anchorize(text) {
        id if id.is_empty() => "section".to_owned(),
        id if is_of_footnotes(&id) => format!("section {text}"),
        _ => text.to_owned(),
    }
}

/// Whether only a footnote, or a reference to one, may have this id.
fn is_of_footnotes(id: &str) -> bool {
    id.starts_with("fn-") || id.starts_with("fnref-")
}

/// Whether an author may give a heading this id: it has no signs that addresses or selectors need.
pub(super) fn is_own_id(id: &str) -> bool {
    let is_plain = |char: char| char.is_alphanumeric() || "-_".contains(char);
    !id.is_empty()
        && id.chars().all(is_plain)
        && id.chars().count() <= MAX_TEXT
        && !is_of_footnotes(id)
}

/// The table of contents of rendered HTML: its headings with an id, in their order, at most 1000. HTML that was
/// rendered before headings had ids has none.
#[must_use]
pub fn toc(html: &str) -> Vec<TocEntry> {
    let headings = find(html).into_iter();
    let entry = |heading: Heading<'_>| {
        let id = heading.id?.to_owned();
        Some(TocEntry { level: heading.level, id, text: heading.text.text })
    };
    headings.filter_map(entry).take(MAX_ENTRIES).collect()
}

/// The headings of a page, in their order.
fn find(html: &str) -> Vec<Heading<'_>> {
    let mut found: Vec<Heading<'_>> = Vec::new();
    // The headings that are open, and whether a reference to a footnote is.
    let (mut open, mut is_reference) = (Vec::new(), false);
    let mut start = 0;
    for piece in markup::pieces(html) {
        match piece {
            Piece::Text(text) => {
                if !is_reference && !open.is_empty() {
                    add(&mut found, &open, &plain(text));
                }
                start += text.len();
            }
            Piece::Tag(tag) => {
                let tag_at = start..start + tag.len();
                start = tag_at.end;
                if let Some(level) = level(tag, "<h") {
                    open.push(found.len());
                    let (id, text) = (attribute(tag, "id"), Text::default());
                    found.push(Heading { level, tag: tag_at, id, text });
                } else if open.is_empty() {
                    continue;
                } else if level(tag, "</h").is_some() {
                    open.pop();
                } else if tag.starts_with("<a ") {
                    is_reference = attribute(tag, "id").is_some_and(|id| id.starts_with("fnref-"));
                } else if tag == "</a>" {
                    is_reference = false;
                } else if tag.starts_with("<br") {
                    add(&mut found, &open, " ");
                } else if tag.starts_with("<img ") {
                    add(&mut found, &open, &plain(attribute(tag, "alt").unwrap_or_default()));
                }
            }
        }
    }
    for heading in &mut found {
        let text = heading.text.text.trim();
        heading.text.text = text.to_owned();
    }
    found
}

/// Adds a piece of text to the headings that it stands in.
fn add(found: &mut [Heading<'_>], open: &[usize], text: &str) {
    for at in open {
        found[*at].text.push(text);
    }
}

/// The level of the heading that a tag begins or ends; none of another tag.
fn level(tag: &str, lead: &str) -> Option<u8> {
    let mut rest = tag.strip_prefix(lead)?.bytes();
    let level = rest.next().filter(|level| (b'1'..=b'6').contains(level))?;
    rest.next().filter(|next| b" >".contains(next))?;
    Some(level - b'0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::too_complex::MAX_HTML;
    use crate::publishing::to_html;

    /// The level, the id and the text of each heading.
    fn found(markdown: &str) -> Vec<(u8, String, String)> {
        let entry = |entry: TocEntry| (entry.level, entry.id, entry.text);
        toc(&to_html(markdown).unwrap()).into_iter().map(entry).collect()
    }

    fn ids(markdown: &str) -> Vec<String> {
        found(markdown).into_iter().map(|(_, id, _)| id).collect()
    }

    #[test]
    fn ids_are_made_as_github_makes_them() {
        for (heading, id) in [
            ("Hello, World!", "hello-world"),
            ("A  B", "a-b"),
            ("`code` & <em>more</em>", "code--more"),
            ("What's *new* in 2.0?", "whats-new-in-20"),
            ("snake_case - dash", "snake_case---dash"),
            ("\u{dc}ber uns", "\u{fc}ber-uns"),
            ("\u{4f60}\u{597d} \u{4e16}\u{754c}", "\u{4f60}\u{597d}-\u{4e16}\u{754c}"),
            ("[A link](https://example.com)", "a-link"),
            ("![A picture](a.png)", "a-picture"),
            ("A note[^1]", "a-note"),
            ("!!!", "section"),
            ("", "section"),
            ("fn a", "section-fn-a"),
            ("fnref-a", "section-fnref-a"),
        ] {
            let text = format!("# {heading}\n\n[^1]: There.\n");
            assert_eq!(ids(&text), [id], "{heading}");
        }
        assert_eq!(to_html("A\nB\n===\n").unwrap(), "<h1 id=\"a-b\">A\nB</h1>\n");
    }

    #[test]
    fn no_two_headings_have_one_id() {
        assert_eq!(ids("# a\n\n# a\n\n## A!\n\n# a-1\n\n# a"), ["a", "a-1", "a-2", "a-1-1", "a-3"]);
        assert_eq!(ids("# !\n\n# ?\n"), ["section", "section-1"]);
    }

    #[test]
    fn an_id_that_the_author_chose_is_kept_if_it_is_harmless_and_the_only_one() {
        for (html, id) in [
            ("<h2 id=\"Own_one-1\">a</h2>", "Own_one-1"),
            ("<h2 id=\"\u{fc}ber\">a</h2>", "\u{fc}ber"),
            ("<h2 id=\"two words\">a</h2>", "a"),
            ("<h2 id=\"\">a</h2>", "a"),
            ("<h2 id=\"fn-a\">a</h2>", "a"),
            ("<h2 id=\"a&quot;b\">a</h2>", "a"),
            ("<h2 id=\"a.b\">a</h2>", "a"),
        ] {
            assert_eq!(ids(html), [id], "{html}");
        }
        let repeated =
            "# a\n\n<h2 id=\"a\">x</h2>\n\n<h2 id=\"a\">y</h2>\n\n<h2 lang=\"en\" id=\"a\">a</h2>";
        assert_eq!(ids(repeated), ["a-1", "a", "y", "a-2"]);
        let html = to_html(repeated).unwrap();
        assert!(html.contains("<h2 id=\"a-2\" lang=\"en\">a</h2>"), "{html}");
        let html = to_html("<p id=\"a\">x</p><div id=\"b\">y</div>").unwrap();
        assert!(!html.contains("id="), "{html}");
    }

    #[test]
    fn the_table_of_contents_has_levels_and_plain_texts() {
        let text = "# One *two*\n\nx\n\n### A &amp; `<b>`<br>c\n\n> ## Within\n\n<h6>Raw</h6>\n";
        let expected = [
            (1, "one-two", "One two"),
            (3, "a--b-c", "A & <b> c"),
            (2, "within", "Within"),
            (6, "raw", "Raw"),
        ];
        let expected = expected.map(|(level, id, text)| (level, id.to_owned(), text.to_owned()));
        assert_eq!(found(text), expected);
        assert!(toc("<h1>Rendered before headings had ids</h1>").is_empty());
        assert!(toc("").is_empty());
    }

    #[test]
    fn ids_and_the_table_are_bounded() {
        let long = found(&format!("# {}\n", "a b ".repeat(10_000)));
        assert_eq!(long[0].2.chars().count(), MAX_TEXT - 1);
        assert!(long[0].1.chars().count() <= MAX_TEXT, "{}", long[0].1);
        assert_eq!(found(&"# a\n".repeat(30_000)).len(), MAX_ENTRIES);
        assert_eq!(to_html(&"# a\n".repeat(65_536)).map(|html| html.len() < MAX_HTML), Ok(true));
        // In each other, where the parser lets them be.
        let nested = "<h1><div>".repeat(45);
        let text = format!("{nested}{}", "word ".repeat(40_000));
        assert_eq!(found(&text).len(), 45);
    }
}
