//! Puts other addresses into a text, and makes sure that nothing else in it changes.

use std::collections::HashSet;
use std::ops::Range;

use byline_shared::publishing::parse_markdown;
use comrak::Arena;
use comrak::nodes::NodeValue;

use super::destination;
use super::reference::Reference;

/// How much is parsed to find the changes that cannot be made, in bytes.
const PARSED: usize = 2 * 1024 * 1024;

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
    let mut end = 0;
    changes.retain(|change| {
        let is_apart = change.range.start >= end;
        match is_apart {
            true => end = change.range.end,
            false => failed.push(change.from.to_owned()),
        }
        is_apart
    });
    if changes.is_empty() {
        return (markdown.to_owned(), failed);
    }
    let Some(before) = outline(markdown) else {
        failed.extend(changes.iter().map(|change| change.from.to_owned()));
        return (markdown.to_owned(), failed);
    };
    // All of them at once. Where one is not what it seemed, each half by itself, and so on: each time, the
    // whole text is parsed.
    let mut left = PARSED.max(markdown.len());
    let mut kept: Vec<Change<'_>> = Vec::new();
    let mut waiting = vec![changes];
    while let Some(changes) = waiting.pop() {
        let Some(rest) = left.checked_sub(markdown.len()) else {
            failed.extend(changes.iter().map(|change| change.from.to_owned()));
            continue;
        };
        left = rest;
        let sure = kept.len();
        kept.extend(changes);
        if is_same(&before, &applied(markdown, &kept), &kept) {
            continue;
        }
        let mut changes = kept.split_off(sure);
        if let [change] = changes.as_slice() {
            failed.push(change.from.to_owned());
            continue;
        }
        let later = changes.split_off(changes.len() / 2);
        waiting.extend([later, changes]);
    }
    (applied(markdown, &kept), failed)
}

/// An address that becomes another.
struct Change<'a> {
    range: Range<usize>,
    from: &'a str,
    to: String,
}

/// A text with changes, which stand in its order and apart from each other.
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

/// All that a text says; `None` where parsing it would take too long.
fn outline(markdown: &str) -> Option<Vec<Said>> {
    let arena = Arena::new();
    let root = parse_markdown(&arena, markdown).ok()?;
    let said = root.descendants().map(|node| match &node.data().value {
        NodeValue::Image(link) => (format!("image {}", link.title), vec![link.url.clone()]),
        NodeValue::Link(link) => (format!("link {}", link.title), vec![link.url.clone()]),
        NodeValue::HtmlInline(literal) => destination::divided(literal),
        NodeValue::HtmlBlock(block) => destination::divided(&block.literal),
        value => (format!("{value:?}"), Vec::new()),
    });
    Some(said.collect())
}

/// Whether a text says the same as before but for these changes.
fn is_same(before: &[Said], text: &str, changes: &[Change<'_>]) -> bool {
    let Some(after) = outline(text) else { return false };
    let changes: HashSet<(&str, String)> =
        changes.iter().map(|change| (change.from, destination::decoded(&change.to))).collect();
    let is_address = |(before, after): (&String, &String)| {
        before == after || changes.contains(&(before.as_str(), after.clone()))
    };
    let is_node = |(before, after): (&Said, &Said)| {
        before.0 == after.0
            && before.1.len() == after.1.len()
            && before.1.iter().zip(&after.1).all(is_address)
    };
    before.len() == after.len() && before.iter().zip(&after).all(is_node)
}

#[cfg(test)]
mod tests {
    use super::super::references;
    use super::*;

    /// Every address of a file becomes `/m/` and its name.
    fn moved(markdown: &str) -> (String, Vec<String>) {
        let references = references(markdown).unwrap();
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
    #[test]
    fn those_that_cannot_be_changed_are_found_among_many() {
        let mut markdown = String::new();
        for number in 0..500 {
            markdown.push_str(&match number {
                // What looks like its definition is code.
                123 | 321 => {
                    let definition = format!("[{number}]: b/{number}.png\n");
                    format!("```\n{definition}```\n\n{definition}\n![x][{number}]\n\n")
                }
                _ => format!("![x](b/{number}.png)\n\n"),
            });
        }
        let (text, failed) = moved(&markdown);
        assert_eq!(failed, ["b/123.png", "b/321.png"]);
        assert_eq!(text.matches("](/m/").count(), 498);
    }

    #[test]
    fn addresses_that_stand_in_each_other_do_not_both_change() {
        let reference = |range: Range<usize>| Reference {
            url: "a b".into(),
            kind: super::super::Kind::Link,
            text: String::new(),
            range: Some(range),
        };
        let (text, failed) =
            rewrite("[x](<a b>)", &[reference(5..8), reference(6..8)], |_| Some("/c".into()));
        assert_eq!(
            (text.as_str(), failed.as_slice()),
            ("[x](</c>)", ["a b".to_owned()].as_slice())
        );
    }
}
