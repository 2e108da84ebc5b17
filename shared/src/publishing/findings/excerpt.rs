//! A part of a text in a message: short, in one line, with everything in it visible.

use crate::model::hidden::{self, class_of};

/// How much of a text a message repeats, in characters.
const MAX: usize = 120;

/// The longest name, in bytes, and how many words it may have.
const MAX_NAME: usize = 24;
const MAX_WORDS: usize = 2;

/// The start of a text, in quotation marks.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut chars = text.trim().chars();
    let mut gap = false;
    for (count, char) in chars.by_ref().take(4 * MAX).enumerate() {
        if char.is_whitespace() {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
        }
        match class_of(char) {
            Some(_) => out.push_str(&format!("\u{27e6}{}\u{27e7}", code(char))),
            None => out.push(char),
        }
        if count >= MAX || out.len() >= 4 * MAX {
            break;
        }
    }
    if chars.next().is_some() {
        out.push('\u{2026}');
    }
    out.push('"');
    out
}

/// A code point as Unicode writes it: `U+200B`.
pub(super) fn code(char: char) -> String {
    format!("U+{:04X}", u32::from(char))
}

/// A code point with its name.
pub(super) fn named(char: char) -> String {
    format!("{} ({})", code(char), hidden::name(char))
}

/// How many words a text has.
pub(super) fn words(text: &str) -> usize {
    let is_gap = |char: char| !char.is_alphanumeric() && char != '\'';
    text.split(is_gap).filter(|word| !word.is_empty()).count()
}

/// Whether a text is short enough to be a name, such as that of a language, or a number.
pub(super) fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME && words(text) <= MAX_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_is_short_and_in_one_line() {
        let longest = "x".repeat(MAX + 1);
        // Letters of four bytes each.
        let wide = "\u{1d49c}".repeat(MAX);
        for (text, expected) in [
            ("  a  b\n\tc ", "\"a b c\"".to_owned()),
            ("", "\"\"".to_owned()),
            ("a\u{200b}b", "\"a\u{27e6}U+200B\u{27e7}b\"".to_owned()),
            (&longest, format!("\"{longest}\"")),
            (&format!("{longest}y"), format!("\"{longest}\u{2026}\"")),
            (&wide, format!("\"{wide}\"")),
            (&format!("{wide}y"), format!("\"{wide}\u{2026}\"")),
            // Blanks count, too.
            (&format!("a{}b", " ".repeat(4 * MAX - 2)), "\"a b\"".to_owned()),
            (&format!("a{}b", " ".repeat(4 * MAX - 1)), "\"a\u{2026}\"".to_owned()),
        ] {
            assert_eq!(quoted(text), expected, "{text:?}");
        }
        assert_eq!(MAX, 120);
    }

    #[test]
    fn a_name_is_short_and_has_two_words_at_most() {
        for (text, count, is_short) in [
            ("", 0, true),
            ("rust", 1, true),
            ("objective-c", 2, true),
            ("don't stop", 2, true),
            ("one two three", 3, false),
            ("123456789012345678901234", 1, true),
            ("1234567890123456789012345", 1, false),
            ("- , .", 0, true),
        ] {
            assert_eq!((words(text), is_name(text)), (count, is_short), "{text}");
        }
        assert_eq!(named('\u{ad}'), "U+00AD (soft hyphen)");
        assert_eq!(code('\u{e0041}'), "U+E0041");
    }
}
