//! Texts of any encoding as UTF-8: by their byte order mark, by what they say of themselves, by a look at them. A
//! byte that means nothing costs itself alone.

use std::io::{self, BufRead, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};

/// How much of a stream is looked at to find its encoding, in bytes.
const HEAD: usize = 1024;

/// How much is decoded at once, in bytes.
const PIECE: usize = 16 * 1024;

/// A text, and what is to be said of its encoding.
pub(crate) struct Decoded {
    pub(crate) text: String,
    /// In a sentence; `None` where it was UTF-8.
    pub(crate) note: Option<String>,
}

/// A whole text, without a byte order mark.
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    let encoding =
        Encoding::for_bom(bytes).map_or_else(|| guessed(bytes), |(encoding, _)| encoding);
    let (text, _, is_damaged) = encoding.decode(bytes);
    let note = match (encoding == UTF_8, is_damaged) {
        (true, false) => None,
        (false, false) => Some(format!("It was read as {}.", encoding.name())),
        (_, true) => Some(format!(
            "It was read as {}; bytes that mean nothing there stand as \u{fffd}.",
            encoding.name()
        )),
    };
    Decoded { text: text.into_owned(), note }
}

/// The encoding of a text that does not name one. UTF-8 with a few wrong bytes is still UTF-8.
fn guessed(bytes: &[u8]) -> &'static Encoding {
    let (mut right, mut wrong) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        right += chunk.valid().chars().filter(|char| !char.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    if wrong == 0 || right > wrong {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// A stream as UTF-8, without a byte order mark.
pub(crate) struct Utf8<R> {
    inner: R,
    decoder: Option<Decoder>,
    piece: String,
    /// How much of the piece was taken.
    taken: usize,
    is_over: bool,
}

impl<R: BufRead> Utf8<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, decoder: None, piece: String::new(), taken: 0, is_over: false }
    }

    /// Decodes the next piece that has something in it.
    fn advance(&mut self) -> io::Result<()> {
        self.piece.clear();
        self.taken = 0;
        while self.piece.is_empty() && !self.is_over {
            let bytes = self.inner.fill_buf()?;
            let decoder = self.decoder.get_or_insert_with(|| {
                let head = &bytes[..bytes.len().min(HEAD)];
                declared(head).unwrap_or(UTF_8).new_decoder()
            });
            self.is_over = bytes.is_empty();
            self.piece.reserve(PIECE);
            // A part of a character waits in the decoder.
            let (result, read, _) = decoder.decode_to_string(bytes, &mut self.piece, self.is_over);
            self.inner.consume(read);
            if result == CoderResult::OutputFull {
                self.is_over = false;
                break;
            }
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Utf8<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken >= self.piece.len() {
            self.advance()?;
        }
        Ok(&self.piece.as_bytes()[self.taken..])
    }

    fn consume(&mut self, amount: usize) {
        self.taken += amount;
    }
}

/// What an XML declaration names: `<?xml version="1.0" encoding="ISO-8859-1"?>`.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head);
    let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let name = value.trim_start_matches(['"', '\'']).split(['"', '\'']).next()?;
    // What was read as letters of one byte is none of two.
    Encoding::for_label(name.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(bytes: &[u8], piece: usize) -> String {
        let mut text = String::new();
        Utf8::new(io::BufReader::with_capacity(piece, bytes)).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn whole_texts_are_read() {
        for (bytes, text, is_noted) in [
            (&b"\xef\xbb\xbfa\xc3\xbc"[..], "a\u{fc}", false),
            (b"\xff\xfea\0\xfc\0", "a\u{fc}", true),
            (b"Caf\xe9 cr\xe8me, d\xe9j\xe0 vu", "Caf\u{e9} cr\u{e8}me, d\u{e9}j\u{e0} vu", true),
            (b"\xc3\xbc\xc3\xb6\xc3\xa4 caf\xe9 x", "\u{fc}\u{f6}\u{e4} caf\u{fffd} x", true),
        ] {
            let decoded = decode(bytes);
            assert_eq!((decoded.text.as_str(), decoded.note.is_some()), (text, is_noted));
        }
    }

    #[test]
    fn streams_are_read_in_pieces() {
        let latin = b"<?xml version=\"1.0\" encoding='ISO-8859-1' ?><a>Caf\xe9</a>";
        for piece in [64, 1000] {
            assert!(stream(latin, piece).ends_with("<a>Caf\u{e9}</a>"));
        }
        for piece in [1, 2, 3, 100] {
            assert_eq!(
                stream(b"\xef\xbb\xbf{\"\xc3\xbc\"} \xe9!", piece),
                "{\"\u{fc}\"} \u{fffd}!"
            );
        }
        let long = "\u{fc}".repeat(100_000);
        assert_eq!(stream(long.as_bytes(), 4096), long);
    }
}
