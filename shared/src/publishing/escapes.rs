//! How far the sanitiser's writer looks ahead when it escapes a text.
//!
//! At each sign that it may have to escape, `&` or the first byte of U+0080 to U+00BF, html5ever's
//! writer searches the rest of the text for the next angle bracket. So its work grows with the
//! square of a text that has many of those signs and no bracket
//! (`HtmlSerializer::write_escaped`, html5ever 0.40).

/// A text that is escaped as a whole: what stands between two elements, or the value of an attribute.
#[derive(Clone, Copy, Default)]
pub(super) struct Escapes {
    /// Signs since the last bracket: at each, the bytes up to the next bracket are searched.
    open: usize,
}

impl Escapes {
    /// How many more bytes are searched because `text` follows.
    pub(super) fn follow(&mut self, text: &str) -> usize {
        let mut searched = 0;
        for byte in text.bytes() {
            match byte {
                b'<' | b'>' => self.open = 0,
                b'&' | 0xC2 => self.open += 1,
                _ => {}
            }
            searched += self.open;
        }
        searched
    }

    /// How many bytes are searched in a text of its own.
    pub(super) fn of(text: &str) -> usize {
        Self::default().follow(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bracket_ends_the_search() {
        assert_eq!(Escapes::of("plain"), 0);
        assert_eq!(Escapes::of("&abc"), 4);
        assert_eq!(Escapes::of("&a<&a"), 4);
        assert_eq!(Escapes::of("\u{b7}a"), 3);
        assert_eq!(Escapes::of("é"), 0, "the first byte of é is another");
    }

    #[test]
    fn a_text_in_pieces_costs_as_much_as_in_one() {
        let mut pieces = Escapes::default();
        let sum: usize = ["&a", "&", "a>", "&a"].iter().map(|piece| pieces.follow(piece)).sum();
        assert_eq!(sum, Escapes::of("&a&a>&a"));
    }
}
