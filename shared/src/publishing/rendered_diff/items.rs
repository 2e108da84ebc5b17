//! What is compared within an element: its words, the gaps between them, and its elements.

use std::collections::HashMap;

use super::tree::{Element, Node};

/// A word, a gap or an element.
#[derive(Clone, Copy)]
pub(super) enum Item<'t, 'h> {
    Word(&'h str),
    Element(&'t Element<'h>),
}

impl<'h> Item<'_, 'h> {
    /// As it stands in the HTML.
    pub(super) fn html(&self) -> &'h str {
        match self {
            Self::Word(word) => word,
            Self::Element(element) => element.whole,
        }
    }

    /// Whether it is white space.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Self::Word(word) if word.trim().is_empty())
    }
}

/// The items of a list of nodes.
pub(super) fn items<'t, 'h>(nodes: &'t [Node<'h>]) -> Vec<Item<'t, 'h>> {
    let mut items = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::Element(element) => items.push(Item::Element(element)),
            Node::Text(text) => items.extend(words(text).map(Item::Word)),
        }
    }
    items
}

/// A number for each item of two lists, equal for equal HTML.
pub(super) fn keys(old: &[Item<'_, '_>], new: &[Item<'_, '_>]) -> (Vec<usize>, Vec<usize>) {
    let mut known = HashMap::new();
    let old = numbers(&mut known, old);
    (old, numbers(&mut known, new))
}

fn numbers<'a>(known: &mut HashMap<&'a str, usize>, items: &'a [Item<'_, '_>]) -> Vec<usize> {
    let mut numbers = Vec::with_capacity(items.len());
    for item in items {
        let next = known.len();
        numbers.push(*known.entry(item.html()).or_insert(next));
    }
    numbers
}

/// A text of HTML in pieces: words, gaps, escaped signs, and single signs. Scripts without gaps are
/// compared sign by sign.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = match Kind::of(first) {
            Kind::Escape => rest.find(';').map_or(1, |end| end + 1),
            Kind::Sign => first.len_utf8() + attached(&rest[first.len_utf8()..]),
            kind => rest.find(|char: char| Kind::of(char) != kind).unwrap_or(rest.len()),
        };
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Gap,
    Escape,
    Sign,
}

impl Kind {
    fn of(char: char) -> Self {
        match char {
            '&' => Self::Escape,
            char if char.is_whitespace() => Self::Gap,
            // Dashes and quotation marks.
            '\u{ab}' | '\u{bb}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' => Self::Sign,
            char if has_no_gaps(char) => Self::Sign,
            char if char.is_alphanumeric() || !char.is_ascii() => Self::Word,
            _ => Self::Sign,
        }
    }
}

/// Whether its script writes words without gaps: Thai, Lao, Burmese, Khmer, Chinese, Japanese.
fn has_no_gaps(char: char) -> bool {
    matches!(
        u32::from(char),
        0x0e00..=0x0eff | 0x1000..=0x109f | 0x1780..=0x17ff | 0x2e80..=0xa4cf | 0xf900..=0xfaff
            | 0xff00..=0xffef | 0x20000..=0x3ffff
    )
}

/// How many bytes of marks belong to the sign before them.
fn attached(rest: &str) -> usize {
    let is_mark = |char: char| matches!(u32::from(char), 0xfe00..=0xfe0f | 0x3099..=0x309a);
    rest.find(|char: char| !is_mark(char)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fall_into_words_gaps_and_signs() {
        let of = |text| words(text).collect::<Vec<_>>();
        assert_eq!(of("It's  10&amp;11."), ["It", "'", "s", "  ", "10", "&amp;", "11", "."]);
        assert_eq!(of("京都と"), ["京", "都", "と"]);
        assert_eq!(of("か\u{3099}x\u{2764}\u{fe0f}"), ["か\u{3099}", "x\u{2764}\u{fe0f}"]);
        assert_eq!(of("a & b"), ["a", " ", "&", " ", "b"]);
        assert_eq!(of(""), Vec::<&str>::new());
    }
}
