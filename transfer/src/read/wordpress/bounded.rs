//! A reader for a parser that reads a tag or a text as a whole.

use std::io::{self, BufRead, Read};

/// How long a single tag or text may be, in bytes. It is read into memory as a whole.
const MAX_EVENT: u64 = 64 * 1024 * 1024;

/// A reader that gives so many bytes until it is allowed more.
pub(super) struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R> Bounded<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, left: MAX_EVENT }
    }

    /// Begins another tag or text.
    pub(super) fn allow(&mut self) {
        self.left = MAX_EVENT;
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.left == 0 {
            let message = format!("a tag or a text has more than {MAX_EVENT} bytes");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.left = self.left.saturating_sub(amount as u64);
        self.inner.consume(amount);
    }
}
