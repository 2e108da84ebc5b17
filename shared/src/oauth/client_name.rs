//! The names of OAuth clients. Nobody verifies them, so they must not look like another name.

use crate::model::hidden::class_of;

/// The longest client name, in characters.
const MAX_NAME: usize = 100;

/// A client name that is safe to show: trimmed, one line, with a letter or digit and without
/// characters that make it look like another name.
pub(super) fn check(given: &str) -> Option<String> {
    let name = given.trim();
    // Line and paragraph separators are seen as spaces, if at all.
    let plain = |char: char| {
        !char.is_control() && !matches!(char, '\u{2028}' | '\u{2029}') && class_of(char).is_none()
    };
    let fits = name.chars().any(char::is_alphanumeric)
        && name.chars().count() <= MAX_NAME
        && name.chars().all(plain);
    fits.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_can_be_seen() {
        let longest = "x".repeat(MAX_NAME);
        for (given, name) in [
            ("  An app 2  ", Some("An app 2")),
            ("\u{dc}bersetzer", Some("\u{dc}bersetzer")),
            (&longest, Some(&*longest)),
            (&format!(" {longest} "), Some(&*longest)),
            (&format!("{longest}x"), None),
            ("", None),
            ("...", None),
            ("a\nb", None),
            ("a\u{2028}b", None),
            ("a\u{2029}b", None),
            ("a\u{200b}b", None),
            ("a\u{202e}b", None),
        ] {
            assert_eq!(check(given).as_deref(), name, "{given:?}");
        }
        assert_eq!(MAX_NAME, 100);
    }
}
