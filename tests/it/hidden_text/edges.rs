//! Findings at their limits: exactly there, and one beyond.

use byline_shared::model::FindingCode::{
    self, HiddenText, InvisibleCharacters, MixedScript, SpelledText,
};

use super::findings::in_body;

/// The messages of one kind about a text.
pub(super) fn said(text: &str, code: FindingCode) -> Vec<String> {
    let findings = in_body(text).into_iter().filter(|found| found.code == code);
    findings.map(|found| found.message).collect()
}

/// How many findings of one kind each text has.
pub(super) fn counts(code: FindingCode, texts: &[(&str, usize)]) {
    for (text, expected) in texts {
        let said = said(text, code);
        assert_eq!(said.len(), *expected, "{text:?}: {said:?}");
    }
}

/// A message in the two signs of one bit each.
fn in_bits(message: &str, width: u32, [zero, one]: [char; 2]) -> String {
    let bits = message.bytes().flat_map(|byte| {
        (0..width).rev().map(move |bit| if byte >> bit & 1 == 1 { one } else { zero })
    });
    bits.map(|sign| format!("x{sign}")).collect()
}

#[test]
fn blanks_at_the_end_of_a_line_may_be_eight() {
    let end = |count: usize| format!("a{}\nb", " ".repeat(count));
    counts(
        InvisibleCharacters,
        &[
            (&end(8), 0),
            (&end(9), 1),
            (&end(9).replace('\n', "\r\n"), 1),
            (&end(9).replace("\nb", ""), 1),
            // A line of nothing else says nothing, and neither does what stands before a word.
            (&format!("a\n\n{}\n\nb", " ".repeat(9)), 0),
            (&format!("a{}b", " ".repeat(9)), 0),
        ],
    );
    let found = in_body(&format!("a\n\nb{}\n", " ".repeat(9)));
    assert_eq!((found[0].line, found[0].column), (Some(3), Some(2)));
    assert!(found[0].message.starts_with("9 blanks at the end of a line (U+0020). "), "{found:?}");
}

#[test]
fn a_gap_may_change_its_kind_three_times() {
    counts(
        InvisibleCharacters,
        &[
            ("a \t \tb", 0),
            ("a \t \t b", 1),
            ("a    \t\t\t    \t\t\tb", 0),
            ("a\u{a0}\u{a0}b", 0),
            ("a\u{a0} \u{a0}b", 0),
            ("a\u{a0}\u{2003}b", 1),
            ("a\u{a0} \u{2003}b", 1),
        ],
    );
    let said = said("a \t \t b", InvisibleCharacters);
    assert!(
        said[0].starts_with("5 blanks of several kinds in a row (U+0009, U+0020). "),
        "{said:?}"
    );
}

/// Turned around, the seven bits of a capital are those of a digit or sign.
#[test]
fn a_message_in_capitals_is_read_before_its_mirror_image() {
    for width in [7, 8] {
        let found = said(&in_bits("IGNORE", width, ['\u{200c}', '\u{2060}']), SpelledText);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("Invisible characters spell \"IGNORE\"."), "{found:?}");
    }
}

/// Blanks carry whatever they are; a message of them has six letters, of other signs three.
#[test]
fn what_is_spelled_has_so_many_letters() {
    let blanks = ['\u{2002}', '\u{2003}'];
    let joiners = ['\u{200c}', '\u{2060}'];
    for (signs, shortest) in [(blanks, 6), (joiners, 3)] {
        let letters = "ignore".get(..shortest).unwrap();
        for width in [7, 8] {
            for [zero, one] in [signs, [signs[1], signs[0]]] {
                let text = in_bits(letters, width, [zero, one]);
                let found = said(&text, SpelledText);
                assert_eq!(found.len(), 1, "{letters} in {width} bits of {zero:?} and {one:?}");
                assert!(
                    found[0].starts_with(&format!("Invisible characters spell \"{letters}\"."))
                );
                let text = in_bits(&letters[1..], width, [zero, one]);
                assert_eq!(said(&text, SpelledText), [""; 0], "{} in {width} bits", &letters[1..]);
            }
        }
    }
    let selector = |half: u8| char::from_u32(0xfe00 + u32::from(half)).unwrap();
    let halves = |text: &str| {
        let halves = text.bytes().flat_map(|byte| [byte >> 4, byte & 15]);
        halves.map(|half| format!("x{}", selector(half))).collect::<String>()
    };
    counts(SpelledText, &[(&halves("all"), 1), (&halves("al"), 0), (&halves("a\u{7f}l"), 0)]);
    assert!(said(&halves("o~ /"), SpelledText)[0].contains("\"o~ /\""));
}

#[test]
fn a_flag_of_a_region_is_no_message() {
    let flag = |region: &str| {
        let tags = region.chars().map(|char| char::from_u32(0xe0000 + u32::from(char)).unwrap());
        format!("a \u{1f3f4}{}\u{e007f} b", tags.collect::<String>())
    };
    counts(
        SpelledText,
        &[
            (&flag("gbeng"), 0),
            (&flag("gbsct"), 0),
            (&flag("gbwls"), 0),
            (&flag("gbnir"), 1),
            ("a \u{1f3f4} b", 0),
        ],
    );
}

#[test]
fn signs_beyond_the_letters_are_named_with_their_place() {
    for (text, expected, column) in [
        ("ab\u{1fffe}", "1 \u{d7} U+1FFFE (noncharacter). Readers", 3),
        ("ab\u{1ffff}c\u{1ffff}", "2 \u{d7} U+1FFFF (noncharacter). Readers", 3),
        ("a\u{10ffff}", "1 \u{d7} U+10FFFF (noncharacter). Readers", 2),
        ("a\u{fdef}", "1 \u{d7} U+FDEF (noncharacter). Readers", 2),
        ("a\u{1343f}", "1 \u{d7} U+1343F (control of hieroglyphs). Readers", 2),
    ] {
        let found = in_body(text);
        assert_eq!(found.len(), 1, "{text:?}: {found:?}");
        assert!(found[0].message.starts_with(expected), "{text:?}: {found:?}");
        assert_eq!((found[0].line, found[0].column), (Some(1), Some(column)), "{text:?}");
    }
    counts(
        InvisibleCharacters,
        &[
            ("a\u{1fffd}", 0),
            // These are refused, which another finding says.
            ("a\u{fffe}", 0),
            ("a\u{ffff}", 0),
            ("a\u{fdcf}", 0),
            ("a\u{fdf0}", 0),
            ("a\u{13440}", 0),
            ("a\u{1342f}", 0),
        ],
    );
}

#[test]
fn an_entity_is_read_as_far_as_it_may_be_one() {
    let padded = |digits: usize| format!("a&#x{}200b;b", "0".repeat(digits));
    counts(
        InvisibleCharacters,
        &[
            ("a&#x200b;b", 1),
            ("a&#X200B;b", 1),
            ("a&#8203;b", 1),
            ("a&shy;b", 1),
            ("a&NegativeMediumSpace;b", 1),
            ("a&shy b", 0),
            ("a&Shy;b", 0),
            ("a&#x61;b", 0),
            ("a&;b", 0),
            ("a&&shy;b", 1),
            // 31 characters, and 32.
            (&padded(25), 1),
            (&padded(26), 0),
            ("`&shy;` and &shy; and `&shy;`", 1),
        ],
    );
    counts(HiddenText, &[("a&#xE0041;b", 1), ("a&#917569;b", 1), ("a&#x110000;b", 0)]);
    let found = in_body("a\n\nbc &zwj;\n");
    assert_eq!((found[0].line, found[0].column), (Some(3), Some(4)), "{found:?}");
}

#[test]
fn a_text_is_latin_if_more_than_half_of_its_letters_are() {
    let word = "\u{441}\u{43e}\u{441}\u{43e}";
    counts(
        MixedScript,
        &[
            (&format!("abcde {word}"), 1),
            (&format!("abcd {word}"), 0),
            (&format!("abcd 123 456 {word}"), 0),
            // A word that mixes scripts is a finding in any text.
            ("\u{43c}\u{43e}\u{440}\u{435} \u{440}ort", 1),
            // Scripts that are never taken for another.
            ("Tokyo\u{6771}\u{4eac}", 0),
            // 200 bytes, and more.
            (&format!("p\u{430}{}", "y".repeat(197)), 1),
            (&format!("p\u{430}{}", "y".repeat(198)), 0),
        ],
    );
}
