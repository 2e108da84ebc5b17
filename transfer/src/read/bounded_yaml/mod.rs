//! YAML of any author, as Ruby, Go and JavaScript write and read it: YAML 1.1 and 1.2, any tag, merge keys,
//! keys that come twice. Aliases make a few lines stand for billions of values, so the values are counted
//! while they are made.

mod scalar;

use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};
use serde_json::{Map, Value};

use crate::export::OLD_BREAKS;

/// How long a text of YAML may be, in bytes.
const MAX_BYTES: usize = 256 * 1024;

/// How many values a text may stand for, names included.
const MAX_VALUES: usize = 50_000;

/// How many bytes of text the values may have together.
const MAX_TEXT: usize = 2 * 1024 * 1024;

/// How many lists in brackets may be open at once. The parser looks at all of them for each token.
const MAX_OPEN: usize = 200;

/// How many lists and objects may be inside one another.
const MAX_DEPTH: usize = 100;

/// Why a text is not read as YAML.
#[derive(Debug, thiserror::Error)]
pub(super) enum YamlError {
    /// It is none; the parser says where.
    #[error(transparent)]
    Syntax(#[from] ScanError),
    /// It has no names.
    #[error("it is no list of names with values")]
    NoObject,
    /// It is too long.
    #[error("it has more than {MAX_BYTES} bytes")]
    TooLong,
    /// It has too many brackets, lists or objects in each other.
    #[error("it has more than {MAX_DEPTH} lists inside one another")]
    TooDeep,
    /// It has or stands for too many values.
    #[error("it stands for more than {MAX_VALUES} values or {MAX_TEXT} bytes of text")]
    TooMany,
    /// A value stands for itself.
    #[error("a part of it stands for itself")]
    Circle,
}

/// The value that a text of YAML stands for, as JSON; null for an empty text. Of several documents, the
/// first counts.
pub(super) fn from_str(text: &str) -> Result<Value, YamlError> {
    if text.len() > MAX_BYTES {
        return Err(YamlError::TooLong);
    }
    let (mut open, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    if deepest > MAX_OPEN {
        return Err(YamlError::TooDeep);
    }
    let text = &without_indents(text);
    let mut made = Made { values: MAX_VALUES, text: MAX_TEXT, ..Made::default() };
    for event in Parser::new_from_str(text) {
        if let Some(value) = made.event(event?.0)? {
            return Ok(value);
        }
    }
    Ok(Value::Null)
}

/// A text without the indents of lines that end in YAML 1.1 alone: writers of it break lines there.
fn without_indents(text: &str) -> Cow<'_, str> {
    if !text.contains(OLD_BREAKS) {
        return Cow::Borrowed(text);
    }
    let mut without = String::with_capacity(text.len());
    let mut is_indent = false;
    for char in text.chars() {
        is_indent = OLD_BREAKS.contains(&char) || is_indent && char == ' ';
        if !is_indent || char != ' ' {
            without.push(char);
        }
    }
    Cow::Owned(without)
}

/// An object that a text of YAML stands for; an empty one for an empty text.
pub(super) fn object(text: &str) -> Result<Map<String, Value>, YamlError> {
    match from_str(text)? {
        Value::Object(object) => Ok(object),
        Value::Null => Ok(Map::new()),
        _ => Err(YamlError::NoObject),
    }
}

/// A value with what it takes from the budget.
#[derive(Clone)]
struct Weighed {
    value: Value,
    values: usize,
    text: usize,
}

/// A list or an object that is not complete.
struct Open {
    value: Collection,
    /// What other places call it; 0 for nothing.
    anchor: usize,
    /// What was left of the budget before it.
    values: usize,
    text: usize,
}

enum Collection {
    List(Vec<Value>),
    Object {
        members: Map<String, Value>,
        /// The name whose value comes next.
        name: Option<String>,
        /// Objects whose members it has where it does not name them itself (`<<`).
        merged: Vec<Value>,
        /// Whether the next value is one of these.
        is_merge: bool,
    },
}

/// Values while they are made.
#[derive(Default)]
struct Made {
    open: Vec<Open>,
    anchors: HashMap<usize, Weighed>,
    /// How many values and how many bytes of text may still be made.
    values: usize,
    text: usize,
}

impl Made {
    /// Takes an event; answers the whole value once it is complete.
    fn event(&mut self, event: Event<'_>) -> Result<Option<Value>, YamlError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let (values, bytes) = (self.values, self.text);
                self.take(1, text.len())?;
                let is_merge = style == ScalarStyle::Plain && text == "<<";
                let value = match self.is_name_next() {
                    // A name is what stands there, whatever it would mean elsewhere.
                    true if tag.is_none() => Value::from(text.as_ref()),
                    _ => scalar::value(&text, style, tag.as_deref()),
                };
                self.remember(anchor, &value, values, bytes);
                self.add(value, is_merge)
            }
            Event::Alias(anchor) => {
                let found = self.anchors.get(&anchor).cloned().ok_or(YamlError::Circle)?;
                self.take(found.values, found.text)?;
                self.add(found.value, false)
            }
            Event::SequenceStart(anchor, _) => self.begin(Collection::List(Vec::new()), anchor),
            Event::MappingStart(anchor, _) => {
                let (members, merged) = (Map::new(), Vec::new());
                let object = Collection::Object { members, name: None, merged, is_merge: false };
                self.begin(object, anchor)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::Nothing => Ok(None),
        }
    }

    fn take(&mut self, values: usize, text: usize) -> Result<(), YamlError> {
        self.values = self.values.checked_sub(values).ok_or(YamlError::TooMany)?;
        self.text = self.text.checked_sub(text).ok_or(YamlError::TooMany)?;
        Ok(())
    }

    fn begin(&mut self, value: Collection, anchor: usize) -> Result<Option<Value>, YamlError> {
        if self.open.len() == MAX_DEPTH {
            return Err(YamlError::TooDeep);
        }
        let (values, text) = (self.values, self.text);
        self.take(1, 0)?;
        self.open.push(Open { value, anchor, values, text });
        Ok(None)
    }

    fn end(&mut self) -> Result<Option<Value>, YamlError> {
        let Some(done) = self.open.pop() else { return Ok(None) };
        let value = match done.value {
            Collection::List(values) => Value::Array(values),
            Collection::Object { mut members, merged, .. } => {
                let merged = merged.into_iter().filter_map(|value| match value {
                    Value::Object(members) => Some(members),
                    _ => None,
                });
                for (name, value) in merged.flatten() {
                    members.entry(name).or_insert(value);
                }
                Value::Object(members)
            }
        };
        self.remember(done.anchor, &value, done.values, done.text);
        self.add(value, false)
    }

    /// Keeps a value that other places may name, with what was left before it.
    fn remember(&mut self, anchor: usize, value: &Value, values: usize, text: usize) {
        if anchor > 0 {
            let (values, text) = (values - self.values, text - self.text);
            self.anchors.insert(anchor, Weighed { value: value.clone(), values, text });
        }
    }

    fn is_name_next(&self) -> bool {
        matches!(
            self.open.last().map(|open| &open.value),
            Some(Collection::Object { name: None, is_merge: false, .. })
        )
    }

    /// Puts a value where it belongs; answers it if it is the whole.
    fn add(&mut self, value: Value, merges: bool) -> Result<Option<Value>, YamlError> {
        let Some(open) = self.open.last_mut() else { return Ok(Some(value)) };
        match &mut open.value {
            Collection::List(values) => values.push(value),
            Collection::Object { name, is_merge, .. } if name.is_none() && !*is_merge => {
                match value {
                    _ if merges => *is_merge = true,
                    Value::String(text) => *name = Some(text),
                    other => *name = Some(other.to_string()),
                }
            }
            Collection::Object { members, name, merged, is_merge } => match name.take() {
                // Of two with one name, the last counts.
                Some(name) => {
                    members.insert(name, value);
                }
                None => {
                    *is_merge = false;
                    match value {
                        Value::Array(values) => merged.extend(values),
                        value => merged.push(value),
                    }
                }
            },
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
