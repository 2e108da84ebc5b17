//! Front matter: YAML between `---`, TOML between `+++`, or a JSON object, before the Markdown.
//!
//! The crates that split it off take the text apart into lines, and lose the last line break, the
//! carriage returns and leading blank lines. A body passes through here as it is.

use serde_json::{Map, Value};

use super::bounded_yaml::{self, YamlError};

/// A file's front matter, and where its body begins.
pub(super) struct Split<'a> {
    pub(super) matter: Map<String, Value>,
    pub(super) body: &'a str,
}

/// Why front matter is not read.
#[derive(Debug, thiserror::Error)]
pub(super) enum FrontMatterError {
    /// It is no YAML.
    #[error("its YAML front matter is not valid: {0}")]
    Yaml(#[from] YamlError),
    /// It is no TOML.
    #[error("its TOML front matter is not valid: {}", .0.message().replace('\n', " "))]
    Toml(#[from] toml::de::Error),
    /// It is longer than this, in bytes.
    #[error("its front matter is longer than {0} bytes.")]
    TooLong(usize),
}

/// How long front matter may be, in bytes.
const MAX_BYTES: usize = 256 * 1024;

/// Splits a file. The blank line that usually follows the front matter belongs to neither part.
///
/// # Errors
/// Where the front matter is not valid; the message says where.
pub(super) fn split(text: &str) -> Result<Split<'_>, FrontMatterError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.starts_with('{') {
        return Ok(json(text).unwrap_or_else(|| none(text)));
    }
    let (first, rest) = line(text);
    let (matter, body) = match first {
        "---" => match until(rest, &["---", "..."]) {
            Some((yaml, body)) => (bounded_yaml::object(yaml)?, body),
            None => return Ok(none(text)),
        },
        "+++" => match until(rest, &["+++"]) {
            Some((toml, body)) => (from_toml(toml)?, body),
            None => return Ok(none(text)),
        },
        _ => return Ok(none(text)),
    };
    Ok(Split { matter, body: without_blank_line(body) })
}

fn none(text: &str) -> Split<'_> {
    Split { matter: Map::new(), body: text }
}

/// The first line without its end, and the rest.
fn line(text: &str) -> (&str, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (line.trim_end(), rest)
}

/// What stands before a line that is one of `ends`, and what stands behind it.
fn until<'a>(text: &'a str, ends: &[&str]) -> Option<(&'a str, &'a str)> {
    let mut rest = text;
    while !rest.is_empty() {
        let (first, next) = line(rest);
        if ends.contains(&first) {
            return Some((&text[..text.len() - rest.len()], next));
        }
        rest = next;
    }
    None
}

fn without_blank_line(body: &str) -> &str {
    body.strip_prefix("\r\n").or_else(|| body.strip_prefix('\n')).unwrap_or(body)
}

/// An object at the very beginning, as Hugo has it; a text that merely begins with a brace is none.
fn json(text: &str) -> Option<Split<'_>> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Map<String, Value>>();
    let matter = values.next()?.ok()?;
    let body = &text[values.byte_offset()..];
    let (first, rest) = line(body);
    first.is_empty().then(|| Split { matter, body: without_blank_line(rest) })
}

fn from_toml(text: &str) -> Result<Map<String, Value>, FrontMatterError> {
    if text.len() > MAX_BYTES {
        return Err(FrontMatterError::TooLong(MAX_BYTES));
    }
    Ok(object_of(text.parse::<toml::Table>()?))
}

/// A TOML table as JSON; dates and times become text.
pub(super) fn object_of(table: toml::Table) -> Map<String, Value> {
    table.into_iter().map(|(key, value)| (key, value_of(value))).collect()
}

fn value_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(is) => is.into(),
        toml::Value::Datetime(time) => time.to_string().into(),
        toml::Value::Array(values) => values.into_iter().map(value_of).collect(),
        toml::Value::Table(table) => Value::Object(object_of(table)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> (Option<String>, String) {
        let split = split(text).unwrap();
        let title = split.matter.get("title").and_then(Value::as_str).map(str::to_owned);
        (title, split.body.to_owned())
    }

    #[test]
    fn every_kind_is_read() {
        for text in [
            "---\ntitle: A\n---\n\nBody\n",
            "---\r\ntitle: A\r\n---\r\n\r\nBody\n",
            "\u{feff}---\ntitle: A\n...\nBody\n",
            "+++\ntitle = \"A\"\ndate = 2024-01-02\n+++\nBody\n",
            "{\n  \"title\": \"A\"\n}\n\nBody\n",
        ] {
            assert_eq!(title(text), (Some("A".into()), "Body\n".into()), "{text:?}");
        }
    }

    #[test]
    fn a_body_passes_unchanged() {
        let body = "\n\n  indented\r\n---\nnot front matter\n+++\n\ttab  \n\n";
        let text = format!("---\ntitle: A\n---\n\n{body}");
        assert_eq!(title(&text).1, body);
        for whole in ["--- \n\nrule", "---\nno end", "{ brace } text", "# Title\n", ""] {
            assert_eq!(title(whole), (None, whole.into()));
        }
        assert_eq!(title("---\n---\nBody"), (None, "Body".into()));
    }

    #[test]
    fn what_is_not_valid_is_said() {
        let error = split("---\ntitle: [\n---\n").err().unwrap().to_string();
        assert!(error.starts_with("its YAML front matter is not valid"), "{error}");
        let error = split("+++\ntitle = \n+++\n").err().unwrap().to_string();
        assert!(error.starts_with("its TOML front matter is not valid"), "{error}");
    }
}
