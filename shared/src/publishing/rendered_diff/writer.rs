//! Writes a page with what changed in it.

use std::borrow::Cow;
use std::ops::Range;

use super::super::markup::{escaped, tag_end, value, without_id};
use super::changes::Change;
use super::items::Item;
use super::tree::{Element, Node};

/// How many changes are listed and can be jumped to. All of them are marked.
const MAX_LISTED: usize = 200;

/// Elements that may hold nothing but certain elements, so that a mark stands further in.
const FRAMES: [&str; 11] =
    ["ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr", "colgroup", "hgroup", "details"];

/// Whether something is gone or new.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Removed,
    Added,
}

impl Side {
    /// In words, and as the class of a run.
    fn word(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Added => "added",
        }
    }

    fn element(self) -> &'static str {
        match self {
            Self::Removed => "del",
            Self::Added => "ins",
        }
    }
}

/// The page so far.
#[derive(Default)]
pub(super) struct Writer {
    html: String,
    changes: Vec<Change>,
    unlisted: usize,
    /// The `id` of the change that is written, until it stands on the page.
    anchor: Option<String>,
    /// What there is to say about targets, until it stands on the page.
    note: Option<String>,
}

impl Writer {
    /// The page, its changes, and how many are not in the list.
    pub(super) fn finish(self) -> (String, Vec<Change>, usize) {
        (self.html, self.changes, self.unlisted)
    }

    /// What both pages have.
    pub(super) fn same(&mut self, html: &str) {
        self.html.push_str(html);
    }

    /// Begins a change.
    pub(super) fn begin(&mut self, mut change: Change) {
        self.note = change.targets();
        if self.changes.len() == MAX_LISTED {
            self.unlisted += 1;
            return;
        }
        change.number = self.changes.len() + 1;
        self.anchor = Some(change.anchor());
        self.changes.push(change);
    }

    /// Ends a change.
    pub(super) fn end(&mut self) {
        (self.anchor, self.note) = (None, None);
    }

    /// What is gone, or new.
    pub(super) fn marked(&mut self, items: &[Item<'_, '_>], side: Side) {
        let mut run = String::new();
        for item in items {
            match item {
                Item::Element(element) if element.is_block => {
                    self.run(&mut run, side);
                    self.block(element, side);
                }
                item => run.push_str(item.html()),
            }
        }
        self.run(&mut run, side);
    }

    /// Words and the elements among them.
    fn run(&mut self, run: &mut String, side: Side) {
        if run.is_empty() {
            return;
        }
        let (element, class) = (side.element(), side.word());
        let id = self.anchor.take().map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
        let html = shown(run, side);
        self.html.push_str(&format!("<{element} class=\"{class}\"{id}>{html}</{element}>"));
        if side == Side::Added
            && let Some(note) = self.note.take()
        {
            self.html.push_str(&format!("<span class=\"note\">{}</span>", escaped(&note)));
        }
        run.clear();
    }

    /// A whole block.
    fn block(&mut self, element: &Element<'_>, side: Side) {
        let id = self.anchor.take().map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
        let word = side.word();
        let mark = format!("<span class=\"sr\"{id}>{word}: </span>");
        let (start, rest) = element.open.split_at(1 + element.name.len());
        let rest = shown(rest, side);
        if element.name == "hr" {
            self.html.push_str(&format!("{mark}{start}{}", with_class(&rest, word, "")));
        } else if has_place(element) {
            self.html.push_str(&format!("{start}{}", with_class(&rest, word, "")));
            self.inner(element, side, mark);
        } else {
            // A row without cells, which nobody sees.
            self.html.push_str(&format!("{start}{}", with_class(&rest, word, &id)));
            self.html.push_str(element.inner());
        }
        self.html.push_str(element.close);
    }

    /// What stands in a block, with the mark in the first element that words can stand in.
    fn inner(&mut self, element: &Element<'_>, side: Side, mark: String) {
        if !FRAMES.contains(&element.name) {
            self.html.push_str(&mark);
            self.html.push_str(&shown(element.inner(), side));
            return;
        }
        let mut mark = Some(mark);
        for child in &element.children {
            match child {
                Node::Text(text) => self.html.push_str(text),
                Node::Element(child) => match mark.take_if(|_| has_place(child)) {
                    Some(mark) => {
                        self.html.push_str(&shown(child.open, side));
                        self.inner(child, side, mark);
                        self.html.push_str(child.close);
                    }
                    None => self.html.push_str(&shown(child.whole, side)),
                },
            }
        }
    }
}

/// The rest of a block's start tag with the class of a side before those that it has, and with an `id`.
fn with_class(rest: &str, word: &str, id: &str) -> String {
    match value(rest, "class") {
        Some(Range { start, .. }) => {
            format!("{id}{}block-{word} {}", &rest[..start], &rest[start..])
        }
        None => format!(" class=\"block-{word}\"{id}{rest}"),
    }
}

/// Whether words can stand in an element.
fn has_place(element: &Element<'_>) -> bool {
    let is_void = element.close.is_empty();
    !is_void && (!FRAMES.contains(&element.name) || element.elements().any(has_place))
}

/// HTML as it is shown: what is gone has no `id`, as the new text may have the same one.
fn shown(html: &str, side: Side) -> Cow<'_, str> {
    if side == Side::Added || !html.contains(" id=\"") {
        return Cow::Borrowed(html);
    }
    let mut page = String::with_capacity(html.len());
    let mut rest = html;
    // The rest of a start tag, whose name was written already.
    if html.starts_with([' ', '>']) {
        return without_id(html);
    }
    while let Some(start) = rest.find('<') {
        let (text, tags) = rest.split_at(start);
        let (tag, after) = tags.split_at(tag_end(tags).unwrap_or(tags.len()));
        page.push_str(text);
        page.push_str(&without_id(tag));
        rest = after;
    }
    page.push_str(rest);
    Cow::Owned(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_changes_are_listed_and_the_others_counted() {
        for (count, listed, unlisted) in [(0, 0, 0), (199, 199, 0), (200, 200, 0), (203, 200, 3)] {
            let mut writer = Writer::default();
            for _ in 0..count {
                writer.begin(Change::default());
                writer.end();
            }
            let (_, changes, left) = writer.finish();
            let numbers: Vec<usize> = changes.iter().map(|change| change.number).collect();
            assert_eq!((numbers.len(), left), (listed, unlisted));
            assert!(numbers.into_iter().eq(1..=listed));
        }
    }
}
