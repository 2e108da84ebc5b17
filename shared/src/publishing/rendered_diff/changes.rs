//! The changes of a text as a list in words.

use std::collections::BTreeSet;

use super::items::Item;
use super::tree::{Element, Node, attribute, plain};

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

/// Where the links lead, and where the pictures come from.
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
        "img" => attribute(element.open, "src"),
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
