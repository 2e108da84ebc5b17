//! How the letters and signs of scripts behave next to each other.

use unicode_script::{Script, UnicodeScript};

/// Whether a character is of a script whose letters take other forms next to each other.
pub(super) fn is_joining(char: char) -> bool {
    !matches!(
        char.script(),
        Script::Common
            | Script::Inherited
            | Script::Unknown
            | Script::Latin
            | Script::Greek
            | Script::Cyrillic
            | Script::Armenian
            | Script::Georgian
            | Script::Hebrew
            | Script::Han
            | Script::Hiragana
            | Script::Katakana
            | Script::Hangul
            | Script::Bopomofo
    )
}

/// Whether a script writes words without spaces, so that line breaks need zero-width ones.
pub(super) fn has_no_spaces(char: char) -> bool {
    matches!(
        char.script(),
        Script::Thai
            | Script::Lao
            | Script::Khmer
            | Script::Myanmar
            | Script::Tibetan
            | Script::Javanese
            | Script::Balinese
            | Script::Tai_Tham
            | Script::New_Tai_Lue
            | Script::Tai_Viet
    )
}

pub(super) fn is_rtl(char: char) -> bool {
    matches!(char, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Roughly the signs that emoji are made of.
pub(super) fn is_emoji(char: char) -> bool {
    matches!(char, '\u{a9}' | '\u{ae}' | '\u{203c}'..='\u{3299}' | '\u{fe0f}'
        | '\u{1f000}'..='\u{1faff}')
}
