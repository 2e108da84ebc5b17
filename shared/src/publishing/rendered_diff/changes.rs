//! The changes of a text as a list in words.

use std::collections::BTreeSet;

use super::super::markup::{attribute, plain};
use super::items::Item;
use super::tree::{Element, Node};

/// How many characters of a passage the list shows.
const SHOWN: usize = 80;

/// A change in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Its number, from 1.
    pub number: usize,
    /// How the passage that is gone begins; empty if nothing is.
    pub removed: String,
    /// How the new passage begins; empty if nothing is new.
    pub added: String,
    /// Where links led and pictures came from before, if that changed.
    pub old_targets: Vec<String>,
    /// Where they lead and come from now.
    pub new_targets: Vec<String>,
}

impl Change {
    /// The `id` of its place in the HTML.
    #[must_use]
    pub fn anchor(&self) -> String {
        format!("change-{}", self.number)
    }

    /// What became of these items.
    pub(super) fn new(old: &[Item<'_, '_>], new: &[Item<'_, '_>]) -> Self {
        let (before, after) = (targets(old), targets(new));
        let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| match other.is_empty() {
            // A link that is new or gone is seen as such.
            true => Vec::new(),
            false => one.difference(other).cloned().collect(),
        };
        Self {
            number: 0,
            removed: beginning(old),
            added: beginning(new),
            old_targets: only(&before, &after),
            new_targets: only(&after, &before),
        }
    }

    /// The change of targets as a sentence; none if there is none.
    #[must_use]
    pub fn targets(&self) -> Option<String> {
        let (old, new) = (self.old_targets.join(", "), self.new_targets.join(", "));
        (!old.is_empty() || !new.is_empty()).then(|| {
            let or_none =
                |list: String| if list.is_empty() { "nothing else".to_owned() } else { list };
            format!("Linked or shown before: {}. Now: {}.", or_none(old), or_none(new))
        })
    }
}

/// Where the links lead, and where pictures, sounds and videos come from.
fn targets(items: &[Item<'_, '_>]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for item in items {
        if let Item::Element(element) = item {
            find_targets(element, &mut found);
        }
    }
    found
}

fn find_targets(element: &Element<'_>, found: &mut BTreeSet<String>) {
    let target = match element.name {
        "a" => attribute(element.open, "href"),
        "audio" | "img" | "source" | "video" => attribute(element.open, "src"),
        _ => None,
    };
    found.extend(target.map(plain));
    element.elements().for_each(|child| find_targets(child, found));
}

/// The first words of a passage.
fn beginning(items: &[Item<'_, '_>]) -> String {
    let mut text = String::new();
    for item in items {
        match item {
            Item::Word(word) => text.push_str(word),
            Item::Element(element) => collect(element, &mut text),
        }
        // Escapes and white space can shrink it.
        if text.len() > 16 * SHOWN {
            break;
        }
    }
    let text = plain(&text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}\u{2026}", text[..end].trim_end()),
        None => text,
    }
}

fn collect(element: &Element<'_>, text: &mut String) {
    if element.name == "img" {
        text.push_str(attribute(element.open, "alt").unwrap_or_default());
    }
    for child in &element.children {
        match child {
            Node::Text(words) => text.push_str(words),
            Node::Element(child) => collect(child, text),
        }
        if text.len() > 16 * SHOWN {
            return;
        }
    }
    if element.is_block {
        text.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::super::items::items;
    use super::super::tree::parse;
    use super::*;

    fn change(old: &str, new: &str) -> Change {
        let (old, new) = (parse(old).unwrap(), parse(new).unwrap());
        Change::new(&items(&old), &items(&new))
    }

    #[test]
    fn links_and_pictures_have_targets() {
        let picture =
            |name: &str| format!("<p><img src=\"/{name}.png?a=1&amp;b=2\" alt=\"A\"></p>");
        let told = |old: &str, new: &str| change(old, new).targets();
        let both = "Linked or shown before: /a.png?a=1&b=2. Now: /b.png?a=1&b=2.";
        assert_eq!(told(&picture("a"), &picture("b")).as_deref(), Some(both));
        let both = "Linked or shown before: /a. Now: /b.";
        let link = |target: &str| format!("<p><b><a href=\"{target}\">x</a></b></p>");
        assert_eq!(told(&link("/a"), &link("/b")).as_deref(), Some(both));
        // What both have is not said, and neither is what only one side has.
        assert_eq!(told(&link("/a"), &link("/a")), None);
        assert_eq!(told(&link("/a"), "<p>x</p>"), None);
        assert_eq!(told("<p>x</p>", &link("/a")), None);
        let more = "Linked or shown before: nothing else. Now: /b.";
        let two = format!("{}{}", link("/a"), link("/b"));
        assert_eq!(told(&link("/a"), &two).as_deref(), Some(more));
        let less = "Linked or shown before: /b. Now: nothing else.";
        assert_eq!(told(&two, &link("/a")).as_deref(), Some(less));
        // Other elements have no targets.
        assert_eq!(told("<q href=\"/a\" src=\"/c\">x</q>", &link("/a")), None);
    }

    #[test]
    fn a_passage_is_told_by_its_beginning() {
        let began = |html: &str| change(html, "").removed;
        assert_eq!(began("<p>a <b>b</b>\n c &amp; d</p><p>e</p>f"), "a b c & d e f");
        assert_eq!(began("a<img src=\"/x\" alt=\"P\"><br>b"), "aPb");
        assert_eq!(began("<b title=\"x\" alt=\"no\">a</b>"), "a");
        let longest = "x".repeat(SHOWN);
        assert_eq!(began(&format!("<p>{longest}</p>")), longest);
        assert_eq!(began(&format!("<p>{longest}y</p>")), format!("{longest}\u{2026}"));
        assert_eq!(began(&format!("{longest}y")), format!("{longest}\u{2026}"));
        let blank = format!("{} y", &longest[1..]);
        assert_eq!(began(&blank), format!("{}\u{2026}", &longest[1..]));
    }

    /// Blanks shrink what is read, so more of it is read than is shown: 1,280 bytes, and then nothing.
    #[test]
    fn so_much_of_a_passage_is_read() {
        let began = |html: &str| change(html, "").removed;
        // Each piece is a word and a blank, or an element.
        let gaps = |bytes: usize| format!("a{}", " ".repeat(bytes - 1));
        assert_eq!(began(&format!("{}b", gaps(1280))), "a b");
        assert_eq!(began(&format!("{}b", gaps(1281))), "a");
        let inner = |bytes: usize| format!("<i><b>{}</b><b>c</b></i>", gaps(bytes));
        assert_eq!(began(&inner(1280)), "a c");
        assert_eq!(began(&inner(1281)), "a");
    }
}
