//! The parser's positions, which are lines and columns, as ranges of bytes.

use std::ops::Range;

use comrak::nodes::Sourcepos;

/// Where the lines of a text begin, for the parser's positions.
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let is_end = *byte == b'\n' || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n');
            if is_end {
                starts.push(at + 1);
            }
        }
        Self { text, starts }
    }

    pub(super) fn exact(&self, position: Sourcepos) -> Option<Range<usize>> {
        let start = self.starts.get(position.start.line.checked_sub(1)?)?;
        let end = self.starts.get(position.end.line.checked_sub(1)?)?;
        let range = start + position.start.column.checked_sub(1)?..end + position.end.column;
        self.text.get(range.clone()).map(|_| range)
    }

    /// From the first of its lines to the last, both whole.
    pub(super) fn whole(&self, position: Sourcepos) -> Option<Range<usize>> {
        let start = *self.starts.get(position.start.line.checked_sub(1)?)?;
        let end = self.starts.get(position.end.line).copied().unwrap_or(self.text.len());
        (start <= end).then_some(start..end)
    }
}
