//! Which elements of two lists are the same one, changed.

use std::hash::{BuildHasher, RandomState};

use super::items::{Item, words};
use super::tree::{Element, Node};
use crate::publishing::deadline::Deadline;

/// How many pairs of elements are looked at in one place. Where there are more, all of it is gone or
/// new.
const MAX_PAIRS: usize = 40_000;

/// How many words of an element are looked at.
const MAX_WORDS: usize = 2_000;

/// How many words of a hundred two elements must have in common.
const ENOUGH: usize = 30;

/// The elements whose contents are compared as a whole.
const WHOLE: [&str; 5] = ["pre", "ruby", "map", "svg", "math"];

/// The pairs that were found.
#[derive(Default)]
pub(super) struct Partners {
    /// Where they stand in both lists, in order.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Whether there were too many to look at.
    pub(super) is_cut: bool,
}

/// The elements that two lists have in common, as alike as they can be found without changing the
/// order.
pub(super) fn partners(
    old: &[Item<'_, '_>],
    new: &[Item<'_, '_>],
    deadline: &Deadline,
) -> Partners {
    let hasher = RandomState::new();
    let (old, new) = (candidates(old, &hasher), candidates(new, &hasher));
    if old.is_empty() || new.is_empty() {
        return Partners::default();
    }
    if old.len().saturating_mul(new.len()) > MAX_PAIRS {
        return Partners { pairs: Vec::new(), is_cut: true };
    }
    // How much the rest of both lists has in common at best, from the ends on.
    let width = new.len() + 1;
    let mut best = vec![0_usize; (old.len() + 1) * width];
    let mut alike = vec![0_usize; old.len() * new.len()];
    for (row, one) in old.iter().enumerate().rev() {
        if deadline.is_past() {
            return Partners { pairs: Vec::new(), is_cut: true };
        }
        for (column, other) in new.iter().enumerate().rev() {
            let score = one.alike(other);
            alike[row * new.len() + column] = score;
            let paired = match score {
                0 => 0,
                score => score + best[(row + 1) * width + column + 1],
            };
            let without = best[(row + 1) * width + column].max(best[row * width + column + 1]);
            best[row * width + column] = paired.max(without);
        }
    }
    let (mut row, mut column, mut pairs) = (0, 0, Vec::new());
    while row < old.len() && column < new.len() {
        let here = best[row * width + column];
        let score = alike[row * new.len() + column];
        if score > 0 && here == score + best[(row + 1) * width + column + 1] {
            pairs.push((old[row].at, new[column].at));
            (row, column) = (row + 1, column + 1);
        } else if here == best[(row + 1) * width + column] {
            row += 1;
        } else {
            column += 1;
        }
    }
    Partners { pairs, is_cut: false }
}

/// An element that may have a partner.
struct Candidate<'t, 'h> {
    at: usize,
    element: &'t Element<'h>,
    /// The digests of its words, sorted.
    words: Vec<u64>,
    /// How many cells each row of a table has.
    columns: usize,
}

fn candidates<'t, 'h>(items: &[Item<'t, 'h>], hasher: &RandomState) -> Vec<Candidate<'t, 'h>> {
    let mut candidates = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let Item::Element(element) = *item else { continue };
        if element.close.is_empty() || WHOLE.contains(&element.name) {
            continue;
        }
        let mut digests = Vec::new();
        collect(element, hasher, &mut digests);
        digests.sort_unstable();
        candidates.push(Candidate { at, element, words: digests, columns: columns(element) });
    }
    candidates
}

/// Adds the words of an element, and its pictures, which are words as well.
fn collect(element: &Element<'_>, hasher: &RandomState, digests: &mut Vec<u64>) {
    for child in &element.children {
        if digests.len() >= MAX_WORDS {
            return;
        }
        match child {
            Node::Text(text) => {
                let words = words(text).filter(|word| !word.trim().is_empty());
                digests.extend(words.map(|word| hasher.hash_one(word)));
            }
            Node::Element(child) if child.close.is_empty() => {
                digests.push(hasher.hash_one(child.name));
            }
            Node::Element(child) => collect(child, hasher, digests),
        }
    }
}

/// How many cells the first row has that an element holds; none but tables and their parts have any.
fn columns(element: &Element<'_>) -> usize {
    match element.name {
        "tr" => element.elements().count(),
        "table" | "thead" | "tbody" | "tfoot" => {
            element.elements().map(columns).find(|columns| *columns > 0).unwrap_or(0)
        }
        _ => 0,
    }
}

impl Candidate<'_, '_> {
    /// How much two elements have in common, from 1; 0 if they are not the same one.
    fn alike(&self, other: &Self) -> usize {
        let (one, two) = (self.element, other.element);
        if one.open != two.open || self.columns != other.columns || !has_its_cells(one, two) {
            return 0;
        }
        let all = self.words.len() + other.words.len();
        if all == 0 {
            return 1;
        }
        let common = 200 * common(&self.words, &other.words) / all;
        // What only holds other blocks is compared block by block.
        let is_frame =
            matches!(one.name, "ul" | "ol" | "dl" | "table" | "thead" | "tbody" | "tfoot");
        if common >= ENOUGH || is_frame { 1 + common } else { 0 }
    }
}

/// Whether two rows have the same cells, so that each has a partner.
fn has_its_cells(one: &Element<'_>, two: &Element<'_>) -> bool {
    one.name != "tr"
        || one.elements().map(|cell| cell.open).eq(two.elements().map(|cell| cell.open))
}

/// How many words two sorted lists have in common.
fn common(one: &[u64], two: &[u64]) -> usize {
    let (mut first, mut second, mut count) = (0, 0, 0);
    while let (Some(a), Some(b)) = (one.get(first), two.get(second)) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => first += 1,
            std::cmp::Ordering::Greater => second += 1,
            std::cmp::Ordering::Equal => {
                (first, second, count) = (first + 1, second + 1, count + 1)
            }
        }
    }
    count
}
