//! The names of OAuth clients. Nobody verifies them, so they must not look like another name.

use crate::model::is_deceptive;

/// The longest client name, in characters.
const MAX_NAME: usize = 100;

/// A client name that is safe to show: trimmed, one line, with a letter or digit and without
/// characters that make it look like another name.
pub(super) fn check(given: &str) -> Option<String> {
    let name = given.trim();
    let plain = |char: char| !char.is_control() && !is_deceptive(char) && !is_invisible(char);
    let fits = name.chars().any(char::is_alphanumeric)
        && name.chars().count() <= MAX_NAME
        && name.chars().all(plain);
    fits.then(|| name.to_owned())
}

/// Line and paragraph separators, and characters that draw nothing (Unicode's
/// `Default_Ignorable_Code_Point` and the blank Braille pattern). A name with them could look like
/// another name, or be empty to the eye.
fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{16fe4}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
