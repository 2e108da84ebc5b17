//! The keys of front matter, under whichever name a generator gives them.

use byline_shared::model::Time;
use serde_json::{Map, Value};

use super::super::clean::text_of;
use super::super::dates;
use super::super::source_context::SourceContext;

/// Front matter, whose keys are taken out one by one. `heroImage`, `hero_image` and `hero-image` are
/// the same.
pub(super) struct Fields {
    pub(super) left: Map<String, Value>,
    /// Whether text is taken to the letter: Byline wrote it.
    pub(super) is_exact: bool,
    /// What is to be said of its values.
    pub(super) notes: Vec<String>,
}

impl Fields {
    /// The first of these that is there and says something.
    pub(super) fn take(&mut self, names: &[&str]) -> Option<Value> {
        names.iter().find_map(|name| {
            let key = self.left.keys().find(|key| plain(key) == *name)?.clone();
            self.left.shift_remove(&key).filter(|value| !value.is_null())
        })
    }

    pub(super) fn text(&mut self, names: &[&str]) -> Option<String> {
        let value = self.take(names)?;
        self.text_of(&value)
    }

    pub(super) fn text_of(&self, value: &Value) -> Option<String> {
        match value {
            Value::String(text) if self.is_exact => Some(text.clone()),
            value => text_of(value),
        }
    }

    /// A list, or text that is one.
    pub(super) fn list(&mut self, names: &[&str]) -> Vec<Value> {
        match self.take(names) {
            Some(Value::Array(values)) => values,
            Some(Value::String(text)) => parts(&text).into_iter().map(Value::from).collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        }
    }

    /// A list, or one text as it is.
    pub(super) fn list_of_one(&mut self, names: &[&str]) -> Vec<Value> {
        match self.take(names) {
            Some(Value::Array(values)) => values,
            Some(value) => vec![value],
            None => Vec::new(),
        }
    }

    pub(super) fn time(
        &mut self,
        names: &[&str],
        context: &SourceContext,
        wrong: &mut Vec<String>,
    ) -> Option<Time> {
        let text = self.text(names)?;
        let time = dates::time(&text, &context.zone);
        if time.is_some() && dates::is_ambiguous(&text) {
            self.notes.push(format!("`{text}` was read with the day first."));
        }
        if time.is_none() {
            wrong.push(text);
        }
        time
    }
}

/// The parts of a text that is a list: at its commas, else at its spaces. What is in quotes is one part.
fn parts(text: &str) -> Vec<String> {
    let has_commas = text.contains(',');
    let (mut parts, mut quote) = (vec![String::new()], None);
    for char in text.chars() {
        let is_new = parts.last().is_none_or(|part| part.trim().is_empty());
        let ends = match has_commas {
            true => char == ',',
            false => char.is_whitespace(),
        };
        match (quote, char) {
            (Some(open), char) if char == open => quote = None,
            (None, '"' | '\'') if is_new => quote = Some(char),
            (None, _) if ends => parts.push(String::new()),
            (_, char) => {
                if let Some(part) = parts.last_mut() {
                    part.push(char);
                }
            }
        }
    }
    let parts = parts.into_iter().map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

/// A key in small letters, without what joins its words.
pub(super) fn plain(key: &str) -> String {
    // Ruby's symbols begin with a colon.
    key.chars()
        .filter(|char| !matches!(char, '_' | '-' | ':'))
        .flat_map(char::to_lowercase)
        .collect()
}

pub(super) fn is_true(value: &Value) -> bool {
    text_of(value).is_some_and(|text| matches!(text.to_lowercase().as_str(), "true" | "yes" | "1"))
}
