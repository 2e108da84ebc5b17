//! The result of a tool, and the limit on its length.

use byline_shared::http::page::{Page, PageParams};
use byline_shared::http::problem::Problem;
use serde::Serialize;
use serde_json::Value;

use crate::truncate;

/// The longest response, in characters of JSON. Clients cut off longer ones (Claude Code at 25,000
/// tokens), and every character fills the model's context window.
pub const MAX_RESPONSE: usize = 25_000;

/// The same in bytes of UTF-8: a letter of most scripts is two or three, and about as many tokens. The built-in
/// agent keeps what a tool returned in an item of the database, whose size is counted in bytes.
pub const MAX_BYTES: usize = 28 * 1024;

/// Characters reserved for the JSON-RPC envelope: the request's id, and `_meta`.
pub const ENVELOPE: usize = 1000;

/// The longest metadata object before a text, in characters, so that there is room for the text.
const MAX_METADATA: usize = 16_000;

/// The same in bytes.
const MAX_METADATA_BYTES: usize = 18 * 1024;

/// What is between two texts.
const BETWEEN: &str = "\n\n";

/// What a tool returns.
#[derive(Debug)]
pub struct ToolResult {
    /// What conforms to the tool's output schema, if it has one.
    pub structured: Option<Value>,
    /// The same as text, or a JSON object as text and a longer text.
    pub texts: Vec<String>,
}

impl ToolResult {
    /// Structured content, which must conform to the tool's output schema, and the same as text for
    /// clients that do not read structured content.
    pub(crate) fn structured(value: &impl Serialize) -> Self {
        let value = as_json(value);
        Self { texts: vec![value.to_string()], structured: Some(value) }
    }

    /// A JSON object as text, for tools without an output schema.
    pub(crate) fn json(value: &impl Serialize) -> Self {
        Self { structured: None, texts: vec![as_json(value).to_string()] }
    }

    /// A JSON object, then a text in a block of its own. A model that edits Markdown must see it
    /// without JSON escapes.
    pub(crate) fn json_and_text(value: &impl Serialize, text: String) -> Self {
        Self { structured: None, texts: vec![as_json(value).to_string(), text] }
    }

    /// The result as one text.
    #[must_use]
    pub fn text(&self) -> String {
        self.texts.join(BETWEEN)
    }

    /// Whether the response is at most [`MAX_RESPONSE`] characters and [`MAX_BYTES`] long.
    pub(crate) fn fits(&self) -> bool {
        let texts = self.texts.iter().map(|text| truncate::json_len(text)).sum::<usize>();
        let bytes = self.texts.iter().map(|text| text.len() + BETWEEN.len()).sum::<usize>();
        let structured = self.structured.as_ref().map_or(0, length);
        texts + structured + ENVELOPE <= MAX_RESPONSE && bytes <= MAX_BYTES
    }

    /// Truncates the longest strings if the result is too long.
    pub(crate) fn truncated(mut self) -> Self {
        if self.fits() {
            return self;
        }
        if let Some(mut value) = self.structured.take() {
            truncate::until_fits(&mut value, |value| Self::structured(value).fits());
            return Self::structured(&value);
        }
        let count = self.texts.len().max(1);
        let (room, bytes) = ((MAX_RESPONSE - ENVELOPE) / count, MAX_BYTES / count - BETWEEN.len());
        for text in &mut self.texts {
            *text = match serde_json::from_str::<Value>(text) {
                Ok(mut value) if value.is_object() => {
                    truncate::until_fits(&mut value, |value| is_within(value, room, bytes));
                    value.to_string()
                }
                _ => {
                    let prefix = truncate::prefix(text, room);
                    prefix[..prefix.floor_char_boundary(bytes)].to_owned()
                }
            };
        }
        self
    }
}

/// Whether a value is at most as long as JSON in a text.
fn is_within(value: &Value, characters: usize, bytes: usize) -> bool {
    let text = value.to_string();
    text.len() <= bytes && truncate::json_len(&text) <= characters
}

fn length(value: &Value) -> usize {
    value.to_string().chars().count()
}

/// A metadata object for [`ToolResult::json_and_text`], truncated to leave room for the text.
pub(crate) fn metadata(value: &impl Serialize) -> Value {
    let mut value = as_json(value);
    truncate::until_fits(&mut value, |value| is_within(value, MAX_METADATA, MAX_METADATA_BYTES));
    value
}

/// A value as JSON without nulls, which cost a model tokens and tell it nothing.
fn as_json(value: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(value)
        .expect("results consist of strings, numbers, lists and objects");
    remove_nulls(&mut value);
    value
}

fn remove_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(remove_nulls);
        }
        Value::Array(entries) => entries.iter_mut().for_each(remove_nulls),
        _ => {}
    }
}

/// A page of a list as a result. If it is too long, a page of half as many entries is read.
///
/// # Errors
/// The error of `read`.
pub(crate) async fn page<T, R>(
    mut page: PageParams,
    read: impl Fn(PageParams) -> R,
    result: impl Fn(Page<T>) -> ToolResult,
) -> Result<ToolResult, Problem>
where
    R: Future<Output = Result<Page<T>, Problem>>,
{
    loop {
        let candidate = result(read(page.clone()).await?);
        if candidate.fits() || page.limit == 1 {
            return Ok(candidate.truncated());
        }
        page.limit = (page.limit / 2).max(1);
    }
}

/// A part of a long text.
pub(crate) struct Chunk<'t> {
    pub(crate) text: &'t str,
    /// The offset of the next chunk, in characters; `None` for the last.
    pub(crate) next_offset: Option<usize>,
}

/// A result with as much of `text` as fits, from `offset` (in characters) on.
pub(crate) fn chunk(
    text: &str,
    offset: usize,
    result: impl Fn(Chunk<'_>) -> ToolResult,
) -> ToolResult {
    let rest = text.char_indices().nth(offset).map_or("", |(at, _)| &text[at..]);
    let mut count = MAX_RESPONSE;
    loop {
        let end = rest.char_indices().nth(count).map_or(rest.len(), |(at, _)| at);
        let text = &rest[..end];
        let next = (end < rest.len()).then_some(offset + count);
        // End the chunk after a line, unless that halves it.
        let (text, next_offset) = match text.rfind('\n').map(|at| at + 1) {
            Some(at) if next.is_some() && at > end / 2 => {
                (&text[..at], Some(offset + text[..at].chars().count()))
            }
            _ => (text, next),
        };
        let candidate = result(Chunk { text, next_offset });
        if candidate.fits() || count < 100 {
            return candidate.truncated();
        }
        count = count * 9 / 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn chunks_fit_and_join_to_the_text() {
        for line in ["a \"quoted\" line\n", "\u{1}", "é", "語", "\u{1f600}", "\n"] {
            let text = line.repeat(60_000 / line.len());
            let (mut joined, mut offset) = (String::new(), 0);
            loop {
                let mut seen = None;
                let cell = std::cell::RefCell::new(&mut seen);
                let result = chunk(&text, offset, |chunk| {
                    **cell.borrow_mut() = Some((chunk.text.to_owned(), chunk.next_offset));
                    let head = json!({ "next_offset": chunk.next_offset });
                    ToolResult::json_and_text(&head, chunk.text.to_owned())
                });
                assert!(result.fits());
                assert!(
                    result.text().len() <= MAX_BYTES && (offset > 0 || result.text().len() > 3000)
                );
                let (piece, next) = seen.unwrap();
                joined.push_str(&piece);
                match next {
                    Some(next) => offset = next,
                    None => break,
                }
            }
            assert!(joined == text);
        }
    }
}
