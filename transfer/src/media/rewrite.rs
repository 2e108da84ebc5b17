//! Puts other addresses into a text, and makes sure that nothing else in it changes.

use std::ops::Range;

use byline_shared::publishing::markdown_options;
use comrak::nodes::NodeValue;
use comrak::{Arena, parse_document};

use super::destination;
use super::reference::Reference;

/// How many changes are tried one by one.
const ATTEMPTS: usize = 200;

/// A text in which addresses are others: `new` says which.
///
/// # Errors
/// Those addresses that could not be changed without changing more than themselves; the text is
/// without those changes.
pub fn rewrite(
    markdown: &str,
    references: &[Reference],
    new: impl Fn(&Reference) -> Option<String>,
) -> (String, Vec<String>) {
    let mut failed = Vec::new();
    let mut changes: Vec<Change<'_>> = Vec::new();
    for reference in references {
        let Some(to) = new(reference).filter(|to| *to != reference.url) else { continue };
        match &reference.range {
            Some(range) => changes.push(Change {
                range: range.clone(),
                from: &reference.url,
                to: destination::safe(&to),
            }),
            None => failed.push(reference.url.clone()),
        }
    }
    // Several images may share one definition.
    changes.sort_by_key(|change| change.range.start);
    changes.dedup_by(|a, b| a.range == b.range);
    let before = outline(markdown);
    let text = applied(markdown, &changes);
    if is_same(&before, &outline(&text), &changes) {
        return (text, failed);
    }
    // One of them is not what it seemed. Those that are go in one by one, as far as it is worth it:
    // each time, the whole text is parsed.
    let mut kept: Vec<Change<'_>> = Vec::new();
    for (attempt, change) in changes.into_iter().enumerate() {
        if attempt >= ATTEMPTS {
            failed.push(change.from.to_owned());
            continue;
        }
        kept.push(change);
        if !is_same(&before, &outline(&applied(markdown, &kept)), &kept) {
            failed.extend(kept.pop().map(|change| change.from.to_owned()));
        }
    }
    (applied(markdown, &kept), failed)
}

/// An address that becomes another.
struct Change<'a> {
    range: Range<usize>,
    from: &'a str,
    to: String,
}

fn applied(markdown: &str, changes: &[Change<'_>]) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut end = 0;
    for change in changes {
        text.push_str(&markdown[end..change.range.start]);
        text.push_str(&change.to);
        end = change.range.end;
    }
    text.push_str(&markdown[end..]);
    text
}

/// A node: what it says beside addresses, and its addresses.
type Said = (String, Vec<String>);

/// All that a text says.
fn outline(markdown: &str) -> Vec<Said> {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &markdown_options());
    let html = |literal: &str| {
        let urls = destination::in_html(literal).into_iter().map(|(_, url, _)| url);
        (destination::blanked(literal), urls.collect())
    };
    let said = root.descendants().map(|node| match &node.data().value {
        NodeValue::Image(link) => (format!("image {}", link.title), vec![link.url.clone()]),
        NodeValue::Link(link) => (format!("link {}", link.title), vec![link.url.clone()]),
        NodeValue::HtmlInline(literal) => html(literal),
        NodeValue::HtmlBlock(block) => html(&block.literal),
        value => (format!("{value:?}"), Vec::new()),
    });
    said.collect()
}

/// Whether two texts say the same but for these changes.
fn is_same(before: &[Said], after: &[Said], changes: &[Change<'_>]) -> bool {
    let is_address = |(before, after): (&String, &String)| {
        let mut changes = changes.iter().filter(|change| change.from == before);
        before == after || changes.any(|change| destination::decoded(&change.to) == *after)
    };
    let is_node = |(before, after): (&Said, &Said)| {
        before.0 == after.0
            && before.1.len() == after.1.len()
            && before.1.iter().zip(&after.1).all(is_address)
    };
    before.len() == after.len() && before.iter().zip(after).all(is_node)
}

#[cfg(test)]
mod tests {
    use super::super::references;
    use super::*;

    /// Every address of a file becomes `/m/` and its name.
    fn moved(markdown: &str) -> (String, Vec<String>) {
        let references = references(markdown);
        rewrite(markdown, &references, |reference| {
            let name = reference.url.rsplit('/').next()?;
            name.contains('.').then(|| format!("/m/{name}"))
        })
    }

    #[test]
    fn nothing_but_addresses_changes() {
        for (before, after) in [
            ("a ![x](b/c.png) d", "a ![x](/m/c.png) d"),
            ("![x *y* [z]](<b c/d e.png> \"t (1)\")", "![x *y* [z]](</m/d%20e.png> \"t (1)\")"),
            ("![x](b/c.png\n  'title')", "![x](/m/c.png\n  'title')"),
            (
                "> 1. ![x](b/c.png)\n>\n>    ![y](b/c.png)\n",
                "> 1. ![x](/m/c.png)\n>\n>    ![y](/m/c.png)\n",
            ),
            ("[![x](b/c.png)](b/c-big.png)", "[![x](/m/c.png)](/m/c-big.png)"),
            ("| a |\n|---|\n| ![x\\|y](b/c.png) |\n", "| a |\n|---|\n| ![x\\|y](/m/c.png) |\n"),
            ("![x][i] ![i]\n\n[i]: b/c.png \"t\"\n", "![x][i] ![i]\n\n[i]: /m/c.png \"t\"\n"),
            (
                "<p>\n<img alt=1 src='b/c.png?a=1&amp;b=2'>\n</p>\n",
                "<p>\n<img alt=1 src='/m/c.png?a=1&amp;b=2'>\n</p>\n",
            ),
            ("a <img src=b/c.png> d", "a <img src=/m/c.png> d"),
            (
                "`![x](b/c.png)` b/c.png\n\n    ![x](b/c.png)\n",
                "`![x](b/c.png)` b/c.png\n\n    ![x](b/c.png)\n",
            ),
            (
                "\u{e4}\u{f6} ![\u{fc}](b/\u{e4}.png) \u{df}",
                "\u{e4}\u{f6} ![\u{fc}](/m/\u{e4}.png) \u{df}",
            ),
            (
                "![x](b/c\\_d.png)\r\n\r\n![x](b/c.png)  \r\n",
                "![x](/m/c_d.png)\r\n\r\n![x](/m/c.png)  \r\n",
            ),
            ("- a\n\n\t![x](b/c.png)\n", "- a\n\n\t![x](/m/c.png)\n"),
            ("A[^1].\n\n[^1]: ![x](b/c.png)\n", "A[^1].\n\n[^1]: ![x](/m/c.png)\n"),
        ] {
            assert_eq!(moved(before), (after.to_owned(), vec![]), "{before:?}");
        }
    }

    #[test]
    fn addresses_that_are_their_own_text_stay() {
        let markdown = "<https://a.example/b.png> https://a.example/c.png [](d.png)";
        assert_eq!(
            moved(markdown).0,
            "<https://a.example/b.png> https://a.example/c.png [](/m/d.png)"
        );
    }

    #[test]
    fn what_cannot_be_placed_is_said_and_stays() {
        let markdown = "![x][i]\n\n[i]:\n  b/c.png\n\n![y](b/d.png)\n";
        let (text, failed) = moved(markdown);
        assert_eq!(text, "![x][i]\n\n[i]:\n  b/c.png\n\n![y](/m/d.png)\n");
        assert_eq!(failed, ["b/c.png"]);
    }
}
