//! What people see of a text that is still being written.

use super::hidden::{class_of, replace};

/// A text that grows, without what [`replace`] removes from it. Whether invisible characters may stay depends on
/// those that follow them, so they are left out until the next visible one. So it is always a beginning of the whole
/// text without what is removed from that.
#[derive(Clone, Debug, Default)]
pub struct VisibleText {
    text: String,
    /// Whether there is more than blanks.
    has_words: bool,
    /// What came behind the last visible character, and before it that character.
    rest: String,
    /// How many bytes of the rest are in the text.
    known: usize,
}

impl VisibleText {
    /// Adds what comes next. That costs as much as it is long, however much came before.
    pub fn push(&mut self, more: &str) {
        let mut letters = more.char_indices();
        let Some((at, last)) = letters.rfind(|(_, letter)| class_of(*letter).is_none()) else {
            self.rest.push_str(more);
            return;
        };
        let (seen, rest) = more.split_at(at + last.len_utf8());
        self.rest.push_str(seen);
        let new = replace(&self.rest, |_| None).text;
        // A visible character is never removed, so what is known is still the beginning.
        let new = &new[self.known..];
        self.has_words |= new.chars().any(is_of_word);
        self.text.push_str(new);
        self.known = last.len_utf8();
        self.rest.clear();
        self.rest.push(last);
        self.rest.push_str(rest);
    }

    /// The text, as far as it is known.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether people see nothing of it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        !self.has_words
    }
}

fn is_of_word(letter: char) -> bool {
    class_of(letter).is_none() && !letter.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grown(pieces: &[&str]) -> VisibleText {
        let mut text = VisibleText::default();
        for piece in pieces {
            text.push(piece);
        }
        text
    }

    #[test]
    fn what_may_stay_is_known_with_the_next_visible_character() {
        for (pieces, seen) in [
            (&["a\u{200b}", "\u{200b}"][..], "a"),
            (&["a\u{200b}", "\u{200b}", "b"], "a\u{200b}\u{200b}b"),
            (&["a\u{200b}", "\u{200b}", "\u{200b}", "b"], "ab"),
            // The runs become one when what is between them is removed.
            (&["a\u{200b}", "\u{200b}\u{202e}", "\u{200b}b"], "ab"),
            (&["\u{200b}", "a"], "\u{200b}a"),
            (
                &["\u{1f3f4}\u{e0067}\u{e0062}", "\u{e0065}\u{e006e}", "\u{e0067}\u{e007f}"],
                "\u{1f3f4}",
            ),
            (
                &["\u{1f3f4}\u{e0067}\u{e0062}", "\u{e0065}\u{e006e}\u{e0067}\u{e007f}", "!"],
                "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}!",
            ),
            (&["\u{1f3f4}\u{e0067}\u{e0062}", "!"], "\u{1f3f4}!"),
        ] {
            assert_eq!(grown(pieces).as_str(), seen, "{pieces:?}");
            let whole = pieces.concat();
            assert!(replace(&whole, |_| None).text.starts_with(seen), "{pieces:?}");
        }
    }

    #[test]
    fn a_text_is_blank_until_there_is_a_letter() {
        for blank in
            ["", " \n\t", "\u{200b}", "\u{200b}\u{200b}\u{200b}", " \u{ad}\u{3164} ", "\u{2003}"]
        {
            assert!(grown(&[blank]).is_blank(), "{blank:?}");
            assert!(!grown(&[blank, "a"]).is_blank(), "{blank:?}");
        }
    }
}
