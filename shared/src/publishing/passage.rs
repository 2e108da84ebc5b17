//! Where a passage stands in a text.
//!
//! What a person or a program copies out of a text is not always the same bytes: editors and systems
//! write a letter with an accent as one character (NFC) or as two (NFD). Such spellings are canonically
//! equivalent and look alike (UAX #15), so they are the same passage. Line ends are the same on both
//! sides already ([`super::content::with_line_feeds`]).

use std::ops::Range;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The places of a passage: byte for byte, or where it stands nowhere so, those of another spelling.
pub(super) fn places(text: &str, passage: &str) -> Vec<Range<usize>> {
    let found = text.match_indices(passage).map(|(at, _)| at..at + passage.len());
    let found: Vec<Range<usize>> = found.collect();
    let may_be_spelt_otherwise = !passage.is_ascii() || !text.is_ascii();
    if !found.is_empty() || !may_be_spelt_otherwise {
        return found;
    }
    let composed = Composed::of(text);
    let passage: String = passage.nfc().collect();
    let found = composed.text.match_indices(&passage);
    let found = found.filter_map(|(at, _)| {
        // A passage that begins or ends within a letter is no passage.
        Some(composed.original(at)?..composed.original(at + passage.len())?)
    });
    found.collect()
}

/// A text in NFC, with the way back.
struct Composed {
    text: String,
    /// Where a character begins: its byte here, and in the original. In order.
    starts: Vec<(usize, usize)>,
}

impl Composed {
    fn of(original: &str) -> Self {
        let mut composed = Self { text: String::with_capacity(original.len()), starts: Vec::new() };
        let mut from = 0;
        for (at, char) in original.char_indices().skip(1) {
            if begins(char) {
                composed.push(original, from..at);
                from = at;
            }
        }
        composed.push(original, from..original.len());
        composed.starts.push((composed.text.len(), original.len()));
        composed
    }

    fn push(&mut self, original: &str, range: Range<usize>) {
        self.starts.push((self.text.len(), range.start));
        self.text.extend(original[range].nfc());
    }

    /// The byte of the original where the character at this byte begins.
    fn original(&self, at: usize) -> Option<usize> {
        let place = self.starts.binary_search_by_key(&at, |(here, _)| *here).ok()?;
        Some(self.starts[place].1)
    }
}

/// Whether a character never joins the one before it.
fn begins(char: char) -> bool {
    canonical_combining_class(char) == 0
        && is_nfc_quick(std::iter::once(char)) != IsNormalized::Maybe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_a_letter_are_one_passage() {
        // é as one character and as two, ệ in three spellings, 각 as a syllable and as letters.
        for (text, passage) in [
            ("a caf\u{e9} b", "caf\u{e9}"),
            ("a cafe\u{301} b", "caf\u{e9}"),
            ("a caf\u{e9} b", "cafe\u{301}"),
            ("\u{1ec7}", "e\u{323}\u{302}"),
            ("e\u{302}\u{323}", "\u{1ec7}"),
            ("\u{ac01}!", "\u{1100}\u{1161}\u{11a8}"),
            ("\u{1100}\u{1161}\u{11a8}!", "\u{ac01}"),
            // A character that NFC replaces: the sign of the angstrom.
            ("5 \u{212b}", "\u{c5}"),
            // The sign of the kelvin is a plain K in NFC: only one side has letters beyond ASCII.
            ("300 \u{212a}", "300 K"),
            ("300 K", "300 \u{212a}"),
        ] {
            let found = places(text, passage);
            assert_eq!(found.len(), 1, "{passage:?} in {text:?}");
            let same: String = text[found[0].clone()].nfc().collect();
            assert_eq!(same, passage.nfc().collect::<String>());
        }
    }

    #[test]
    fn a_part_of_a_letter_is_no_passage_of_another_spelling() {
        assert!(places("caf\u{e9}", "e\u{300}").is_empty());
        assert!(places("e\u{302}\u{323}", "e\u{323}").is_empty());
        assert!(places("\u{1100}\u{1161}\u{11a8}", "\u{ac00}").is_empty());
        assert!(places("plain", "other").is_empty());
        assert_eq!(places("one two one", "one"), [0..3, 8..11]);
        let [place] = &places("e\u{301} \u{e9}", "\u{e9}")[..] else { panic!("one place") };
        assert_eq!(*place, 4..6, "where it stands byte for byte");
        assert_eq!(places("a\u{e9}", ""), [0..0, 1..1, 3..3]);
    }
}
