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

#[cfg(test)]
mod tests {
    use super::super::items::items;
    use super::super::tree::parse;
    use super::*;

    /// The pairs, and whether there were too many to look at.
    fn found(old: &str, new: &str) -> (Vec<(usize, usize)>, bool) {
        let (old, new) = (parse(old).unwrap(), parse(new).unwrap());
        let found = partners(&items(&old), &items(&new), &Deadline::of_rendering());
        (found.pairs, found.is_cut)
    }

    /// How much two lists can have in common in their order, found by trying everything.
    fn most(old: &[Candidate<'_, '_>], new: &[Candidate<'_, '_>]) -> usize {
        let (Some((one, ones)), Some((other, others))) = (old.split_first(), new.split_first())
        else {
            return 0;
        };
        let paired = match one.alike(other) {
            0 => 0,
            score => score + most(ones, others),
        };
        paired.max(most(ones, new)).max(most(old, others))
    }

    #[test]
    fn the_pairs_have_as_much_in_common_as_any_in_that_order() {
        let mut random = fastrand::Rng::with_seed(11);
        for _ in 0..2_000 {
            let mut page = || -> String {
                let mut block = || {
                    let mut word = || random.choice(["one ", "two ", "three ", "four "]).unwrap();
                    let text: String = [word(), word(), word()].concat();
                    // Words between blocks are in the list as well, and have no partner.
                    [format!("<p>{text}</p>"), text][usize::from(random.u8(..4) == 0)].clone()
                };
                (0..5).map(|_| block()).collect()
            };
            let (old, new) = (page(), page());
            let (one, two) = (parse(&old).unwrap(), parse(&new).unwrap());
            let hasher = RandomState::new();
            let (old, new) = (candidates(&items(&one), &hasher), candidates(&items(&two), &hasher));
            let at = |list: &[Candidate<'_, '_>], at| list.iter().position(|one| one.at == at);
            let pairs = partners(&items(&one), &items(&two), &Deadline::of_rendering()).pairs;
            let scores = pairs.iter().map(|(before, after)| {
                old[at(&old, *before).unwrap()].alike(&new[at(&new, *after).unwrap()])
            });
            assert_eq!(scores.sum::<usize>(), most(&old, &new), "{one:?} {two:?}");
            assert!(pairs.is_sorted_by(|one, two| one.0 < two.0 && one.1 < two.1), "{pairs:?}");
        }
    }

    #[test]
    fn as_many_pairs_are_looked_at_as_the_limit_says() {
        let blocks = |count| "<p>a</p>".repeat(count);
        let all: Vec<_> = (0..200).map(|at| (at, at)).collect();
        assert_eq!(found(&blocks(200), &blocks(200)), (all, false));
        assert_eq!(found(&blocks(200), &blocks(201)), (Vec::new(), true));
        assert_eq!(found(&blocks(40_001), ""), (Vec::new(), false));
    }

    #[test]
    fn partners_have_thirty_words_of_a_hundred_in_common() {
        let paired = |old: &str, new: &str| {
            let page = |words: &str| format!("<p>{words}</p>");
            !found(&page(old), &page(new)).0.is_empty()
        };
        assert!(paired("a b c d e f g h i j", "a b c 1 2 3 4 5 6 7"));
        assert!(!paired("a b c d e f g h i j", "a b c 1 2 3 4 5 6 7 8"));
        // A word counts as often as it stands in both.
        assert!(!paired("a a a 1 2 3", "a 4 5 6 7 8"));
        assert!(paired("a a a 1 2 3", "a a 4 5 6 7"));
        // Pictures are words; and two empty blocks are the same.
        assert!(paired("<img src=\"/a\"> b", "c <img src=\"/b\">"));
        assert!(!paired("<img src=\"/a\"> b", "c <br>"));
        assert!(paired("", ""));
        assert!(!paired("", "a"));
    }

    #[test]
    fn only_the_first_words_of_a_long_element_are_looked_at() {
        let html = format!("<p>{}</p>", "<b>a</b>".repeat(MAX_WORDS + 1));
        let tree = parse(&html).unwrap();
        let mut digests = Vec::new();
        collect(tree[0].element().unwrap(), &RandomState::new(), &mut digests);
        assert_eq!(digests.len(), MAX_WORDS);
    }

    #[test]
    fn tables_and_their_parts_are_partners_only_with_as_many_columns() {
        let rows = |cells: usize| format!("<tr>{}</tr>", "<td>a</td>".repeat(cells));
        for part in ["thead", "tbody", "tfoot"] {
            let table = |cells| format!("<table><{part}>{}</{part}></table>", rows(cells));
            assert_eq!(found(&table(2), &table(2)).0, [(0, 0)], "{part}");
            assert_eq!(found(&table(2), &table(3)).0, [], "{part}");
        }
        // The first row that has cells counts; and only cells of the same kind are partners.
        let later = format!("<table>{}{}{}</table>", rows(0), rows(2), rows(5));
        assert_eq!(found(&later, &format!("<table>{}</table>", rows(2))).0, [(0, 0)]);
        let headings = rows(1).replace("td", "th");
        assert_eq!(found(&rows(1), &headings).0, []);
        assert_eq!(found(&rows(1), &rows(1)).0, [(0, 0)]);
    }

    #[test]
    fn elements_whose_contents_are_compared_as_a_whole_have_no_partner() {
        for name in WHOLE {
            let element = format!("<{name}>a</{name}>");
            assert_eq!(found(&element, &element).0, [], "{name}");
        }
        assert_eq!(found("<br>", "<br>").0, []);
        assert_eq!(found("<p class=\"a\">a</p>", "<p>a</p>").0, []);
        // Lists hold blocks, which are compared one by one, and are partners whatever they hold.
        for name in ["ul", "ol", "dl"] {
            let list = |word| format!("<{name}><li>{word}</li></{name}>");
            assert_eq!(found(&list("a"), &list("b")).0, [(0, 0)], "{name}");
        }
    }
}
