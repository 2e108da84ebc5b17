//! What a tool answers, and how long it may be.

use byline_shared::http::page::{Page, PageParams};
use byline_shared::http::problem::Problem;
use rmcp::model::{CallToolResult, ContentBlock};
use serde::Serialize;
use serde_json::Value;

use crate::shorten;

/// How long an answer may be, in characters of its JSON as it is sent: clients cut off what is
/// longer, and a model's window is worth more.
pub(crate) const MAX_ANSWER: usize = 25_000;

/// Room for what stands around the contents: the envelope with the request's id, and who answers.
pub(crate) const ENVELOPE: usize = 1000;

/// How much of an answer may be the head before a text, so that there is room for the text.
const MAX_HEAD: usize = 16_000;

/// An answer of a tool.
#[derive(Debug)]
pub(crate) struct Answer {
    structured: Option<Value>,
    texts: Vec<String>,
}

impl Answer {
    /// A value that is as the tool's output schema says; the same as text for clients that do not
    /// read structure.
    pub(crate) fn of(value: &impl Serialize) -> Self {
        let value = as_json(value);
        Self { texts: vec![value.to_string()], structured: Some(value) }
    }

    /// A value as text alone.
    pub(crate) fn text_of(value: &impl Serialize) -> Self {
        Self { structured: None, texts: vec![as_json(value).to_string()] }
    }

    /// A value, then a text as it is: Markdown that is to be edited must not be read through the
    /// escapes of JSON.
    pub(crate) fn with_text(value: &impl Serialize, text: String) -> Self {
        Self { structured: None, texts: vec![as_json(value).to_string(), text] }
    }

    /// Whether it is short enough.
    pub(crate) fn fits(&self) -> bool {
        let texts = self.texts.iter().map(|text| shorten::sent(text)).sum::<usize>();
        let structured = self.structured.as_ref().map_or(0, length);
        texts + structured + ENVELOPE <= MAX_ANSWER
    }

    /// The same, where too long with its longest strings cut.
    pub(crate) fn fitted(mut self) -> Self {
        if self.fits() {
            return self;
        }
        if let Some(mut value) = self.structured.take() {
            shorten::until(&mut value, |value| Self::of(value).fits());
            return Self::of(&value);
        }
        let room = (MAX_ANSWER - ENVELOPE) / self.texts.len().max(1);
        for text in &mut self.texts {
            *text = match serde_json::from_str::<Value>(text) {
                Ok(mut value) if value.is_object() => {
                    shorten::until(&mut value, |value| shorten::sent(&value.to_string()) <= room);
                    value.to_string()
                }
                _ => shorten::beginning(text, room).to_owned(),
            };
        }
        self
    }

    /// The answer in the protocol's form.
    pub(crate) fn into_result(self) -> CallToolResult {
        let blocks = self.texts.into_iter().map(ContentBlock::text).collect();
        let mut result = CallToolResult::success(blocks);
        result.structured_content = self.structured;
        result
    }
}

fn length(value: &Value) -> usize {
    value.to_string().chars().count()
}

/// The head of a text, cut so that there is room for the text.
pub(crate) fn head(value: &impl Serialize) -> Value {
    let mut value = as_json(value);
    shorten::until(&mut value, |value| shorten::sent(&value.to_string()) <= MAX_HEAD);
    value
}

/// A value as JSON, where what is not there is left out.
fn as_json(value: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(value).expect("answers are text, numbers and lists");
    leave_out_nulls(&mut value);
    value
}

fn leave_out_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(leave_out_nulls);
        }
        Value::Array(entries) => entries.iter_mut().for_each(leave_out_nulls),
        _ => {}
    }
}

/// The answer with a page that fits: where one does not, a shorter one is read.
///
/// # Errors
/// As reading a page.
pub(crate) async fn paged<T, R>(
    mut page: PageParams,
    read: impl Fn(PageParams) -> R,
    answer: impl Fn(Page<T>) -> Answer,
) -> Result<Answer, Problem>
where
    R: Future<Output = Result<Page<T>, Problem>>,
{
    loop {
        let found = answer(read(page.clone()).await?);
        if found.fits() || page.limit == 1 {
            return Ok(found.fitted());
        }
        page.limit = (page.limit / 2).max(1);
    }
}

/// A part of a text that makes an answer fit.
pub(crate) struct Piece<'t> {
    /// The text.
    pub(crate) text: &'t str,
    /// Where the next piece begins, in characters, if this is not the last.
    pub(crate) next: Option<usize>,
}

/// The answer with as much of `text`, from `offset` in characters, as fits.
pub(crate) fn from(text: &str, offset: usize, answer: impl Fn(Piece<'_>) -> Answer) -> Answer {
    let rest = text.char_indices().nth(offset).map_or("", |(at, _)| &text[at..]);
    let mut count = MAX_ANSWER;
    loop {
        let end = rest.char_indices().nth(count).map_or(rest.len(), |(at, _)| at);
        let piece = &rest[..end];
        let next = (end < rest.len()).then_some(offset + count);
        // A piece ends with a line, if that does not shorten it much.
        let (piece, next) = match piece.rfind('\n').map(|at| at + 1) {
            Some(at) if next.is_some() && at > end / 2 => {
                (&piece[..at], Some(offset + piece[..at].chars().count()))
            }
            _ => (piece, next),
        };
        let found = answer(Piece { text: piece, next });
        if found.fits() || count < 100 {
            return found.fitted();
        }
        count = count * 9 / 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pieces_fit_and_join_to_the_text() {
        for line in ["a \"quoted\" line\n", "\u{1}", "é", "\n"] {
            let text = line.repeat(60_000 / line.len());
            let (mut joined, mut offset) = (String::new(), 0);
            loop {
                let mut seen = None;
                let cell = std::cell::RefCell::new(&mut seen);
                let found = from(&text, offset, |piece| {
                    **cell.borrow_mut() = Some((piece.text.to_owned(), piece.next));
                    Answer::with_text(&json!({ "next_offset": piece.next }), piece.text.to_owned())
                });
                assert!(found.fits());
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
