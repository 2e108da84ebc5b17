//! What findings say: how often something stands in a text, whether the text needs it, and what it spells.

use byline_shared::model::FindingCode::{
    self, HiddenText, InvisibleCharacters, MixedScript, NotExamined, SpelledText, UnusedDefinition,
};

use super::findings::{in_body, tagged};

/// The messages of one kind about a text.
fn said(text: &str, code: FindingCode) -> Vec<String> {
    let findings = in_body(text).into_iter().filter(|found| found.code == code);
    findings.map(|found| found.message).collect()
}

#[test]
fn a_sign_is_counted_wherever_it_stands() {
    for (text, expected) in [
        ("a\u{2028}b\n\nc", "1 \u{d7} U+2028 (line separator). "),
        ("a\u{2028}b\n\nc\u{2028}", "2 \u{d7} U+2028 (line separator). "),
        ("a\u{fdd0}\u{fdd0}b\u{fdd0}", "3 \u{d7} U+FDD0 (noncharacter). "),
        ("bank\u{200b}ing on\u{200b}line", "2 \u{d7} U+200B (zero-width space). "),
    ] {
        let said = said(text, InvisibleCharacters);
        assert!(said.len() == 1 && said[0].starts_with(expected), "{text:?}: {said:?}");
    }
}

#[test]
fn what_a_script_or_an_emoji_needs_is_said_to_be_needed() {
    for (text, is_needed) in [
        // A mark of direction, where some letters run from right to left.
        ("\u{5e9}\u{5dc}\u{5d5}\u{5dd} C++\u{200e}!", true),
        ("\u{645}\u{631}\u{62d}\u{628}\u{627} C#\u{61c}", true),
        ("C++\u{200e}!", false),
        // A place to break a line, between words without spaces.
        ("\u{e2a}\u{e27}\u{e31}\u{200b}\u{e2a}\u{e14}", true),
        ("\u{1780}\u{200b}\u{1781}", true),
        ("\u{e2a}\u{200b}a", false),
        // Joiners, between letters that change their forms, and in one emoji of several.
        ("\u{915}\u{94d}\u{200d}\u{937}", true),
        ("\u{1f469}\u{200d}\u{1f466}", true),
        ("\u{1f469}\u{200d}a", false),
        // A soft hyphen in a word.
        ("pass\u{ad}word", true),
        ("pass\u{ad} word", false),
        // Selectors of emoji, of Han, mathematical and Mongolian forms.
        ("\u{2764}\u{fe0f}", true),
        ("1\u{fe0f}\u{20e3}", true),
        ("\u{4fae}\u{fe00}", true),
        ("\u{2229}\u{fe00}", true),
        ("\u{1820}\u{180b}", true),
        ("\u{1000}\u{fe00}", true),
        ("\u{1820}\u{180e}\u{1820}", true),
        ("a\u{fe0f}", false),
        ("a\u{fe00}", false),
        ("a\u{180b}", false),
        ("a\u{180e}", false),
    ] {
        let said = said(text, InvisibleCharacters);
        assert_eq!(said.len(), 1, "{text:?}: {said:?}");
        let words = match is_needed {
            true => ", where emoji or the script need it.",
            false => ". Readers do not see it, and nothing around it needs it",
        };
        assert!(said[0].contains(words), "{text:?}: {said:?}");
    }
}

#[test]
fn a_selector_belongs_to_what_stands_before_it() {
    let needed = |text: &str| -> Vec<bool> {
        let said = said(text, InvisibleCharacters);
        said.iter().map(|message| message.contains("where emoji or the script need it")).collect()
    };
    // Two selectors behind one character, and one behind a joiner. What nothing needs is said first.
    assert_eq!(needed("\u{4fae}\u{fe00}\u{fe01}"), [true, true]);
    assert_eq!(needed("\u{1f469}\u{200d}\u{fe0f}a"), [false, true]);
}

/// A run of more than two is refused, and so are some characters by themselves.
#[test]
fn what_is_refused_is_not_said_again_as_invisible() {
    for (text, expected) in [
        ("a\u{200b}\u{200b}\u{200b}b", None),
        ("a\u{200b}x\u{200b}\u{200b}\u{200b}b\u{200b}y", Some("2 \u{d7} U+200B")),
        ("a\u{e0041}b\u{200b}c\u{e0042}d\u{200b}e", Some("2 \u{d7} U+200B")),
        ("a\u{200b}\u{200b}\u{200b}b\u{ad}\u{ad}\u{ad}c\u{200b}d", Some("1 \u{d7} U+200B")),
    ] {
        let said = said(text, InvisibleCharacters);
        assert_eq!(said.len(), usize::from(expected.is_some()), "{text:?}: {said:?}");
        assert!(said.iter().all(|it| it.starts_with(expected.unwrap())), "{text:?}: {said:?}");
    }
}

#[test]
fn five_kinds_of_what_is_refused_are_named() {
    for (letters, expected) in [
        ("a", "1 \u{d7} tag character (U+E0061). Readers"),
        ("bab", "3 \u{d7} tag character (U+E0061, U+E0062). Readers"),
        ("abcde", "(U+E0061, U+E0062, U+E0063, U+E0064, U+E0065). Readers"),
        ("abcdef", "(U+E0061, U+E0062, U+E0063, U+E0064, U+E0065, \u{2026}). Readers"),
    ] {
        let said = said(&format!("x{}", tagged(letters)), HiddenText);
        assert!(said.len() == 1 && said[0].contains(expected), "{letters}: {said:?}");
    }
    // Each class is told by itself, where it stands first.
    let found = in_body(&format!("ab{}c\u{3164}d", tagged("x")));
    let places: Vec<_> = found.iter().map(|it| (it.code, it.line, it.column)).collect();
    assert_eq!(places, [(HiddenText, Some(1), Some(3)), (HiddenText, Some(1), Some(5))]);
}

#[test]
fn a_message_is_found_where_it_begins() {
    let bits = "all".bytes().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let signs = bits.map(|bit| if bit == 1 { "x\u{2060}" } else { "x\u{200c}" });
    let text = format!("One.\nTwo {}", signs.collect::<String>());
    let found = in_body(&text);
    let spelled = found.iter().find(|found| found.code == SpelledText).unwrap();
    assert_eq!((spelled.line, spelled.column), (Some(2), Some(6)), "{spelled:?}");
}

#[test]
fn what_a_text_from_before_the_rule_spells_is_read_out() {
    let selector = |byte: u8| char::from_u32(0xe0100 - 16 + u32::from(byte)).unwrap();
    for (message, is_read) in [("ignore all", true), ("all", true), ("ab", false)] {
        let selectors: String = message.bytes().map(selector).collect();
        for hidden in [tagged(message), selectors] {
            let said = said(&format!("One.{hidden}"), HiddenText);
            assert_eq!(said.len(), 1, "{message}: {said:?}");
            let words = format!("They spell \"{message}\".");
            assert_eq!(said[0].contains(&words), is_read, "{message}: {said:?}");
        }
    }
}

#[test]
fn a_definition_below_words_may_be_shown() {
    for (text, is_below) in [
        ("Words\n[a]: /x", true),
        ("First\nsecond\n[a]: /x", true),
        ("> Words\n> [a]: /x", true),
        ("- Words\n  [a]: /x", true),
        ("[a]: /x", false),
        ("Words\n\n[a]: /x", false),
        ("Words\n\n[a]: /x\n\nWords", false),
        ("Words\n---\n[a]: /x", false),
    ] {
        let said = said(text, UnusedDefinition);
        assert_eq!(said.len(), 1, "{text:?}: {said:?}");
        let words = "Readers do not see it unless it continues a paragraph;";
        assert_eq!(said[0].contains(words), is_below, "{text:?}: {said:?}");
    }
}

#[test]
fn a_tag_that_is_too_long_to_examine_is_said() {
    for (length, is_said) in [(1024, 0), (32 * 1024 + 100, 0), (40 * 1024, 1)] {
        let text = format!("<div title=\"{}\">x</div>", "a".repeat(length));
        assert_eq!(said(&text, NotExamined).len(), is_said, "{length}");
    }
}

#[test]
fn a_single_letter_and_a_foreign_digit_are_no_word_of_another_script() {
    for text in ["The letter \u{430} is Cyrillic.", "Room \u{ff11}\u{ff12} is closed."] {
        assert_eq!(said(text, MixedScript), [] as [String; 0], "{text}");
    }
    assert_eq!(said("The \u{441}\u{43e} is Cyrillic.", MixedScript).len(), 1);
}
