//! A JSON Schema, read into the checks that it asks for.
//!
//! The validators of the registry know every draft and keyword, and weigh more than all else that a
//! small function carries (docs/decisions/0001-the-contract.md). This one knows the keywords that our
//! types write, and refuses to be built from a schema that has another.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use email_address::EmailAddress;
use regex_automata::nfa::thompson::BuildError;
use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::{Number, Value};

use super::faults::Faults;
use super::types::Type;
use crate::model::{Regex, Time, hidden, is_web_address};

/// One schema of JSON Schema 2020-12, in the keywords that are in use.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Rule {
    #[serde(rename = "type", deserialize_with = "one_or_several")]
    types: Vec<Type>,
    #[serde(rename = "enum")]
    options: Option<Vec<Value>>,
    #[serde(rename = "const")]
    only: Option<Value>,
    /// Schemas that exclude each other, as those of an enum's variants do.
    #[serde(alias = "oneOf")]
    any_of: Vec<Rule>,

    properties: BTreeMap<String, Rule>,
    required: Vec<String>,
    additional_properties: Option<bool>,

    items: Option<Box<Rule>>,
    min_items: Option<usize>,
    max_items: Option<usize>,

    min_length: Option<usize>,
    max_length: Option<usize>,
    pattern: Option<Pattern>,
    format: Option<Format>,

    minimum: Option<Number>,
    maximum: Option<Number>,

    /// What to say where `pattern` does not match.
    #[serde(rename = "x-error")]
    message: Option<String>,
    /// Whether the text must hold no hidden characters, which a pattern alone cannot tell.
    #[serde(rename = "x-visible")]
    is_visible: bool,
    /// Whether the text must be a whole address of the web, which a pattern alone cannot tell.
    #[serde(rename = "x-url")]
    is_url: bool,

    // Words for readers, which check nothing.
    #[serde(rename = "title")]
    _title: IgnoredAny,
    #[serde(rename = "description")]
    _description: IgnoredAny,
    #[serde(rename = "default")]
    _default: IgnoredAny,
    #[serde(rename = "contentMediaType")]
    _content_media_type: IgnoredAny,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Format {
    Email,
    DateTime,
    // A hint for forms, and what schemars writes beside the bounds of a number.
    Password,
    Uint8,
    Uint16,
    Uint64,
}

impl Rule {
    /// Reads a schema.
    ///
    /// # Errors
    /// Where it holds a keyword, a type or a format that is not checked here.
    pub(super) fn read(schema: &Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(schema)
    }

    /// Adds everything that is wrong with `value` to `faults`.
    pub(super) fn check(&self, value: &Value, faults: &mut Faults) {
        if !self.types.is_empty() && !self.types.iter().any(|wanted| wanted.holds(value)) {
            return faults.wrong_type(&self.types);
        }
        self.check_options(value, faults);
        match value {
            Value::Object(fields) => {
                for name in self.required.iter().filter(|name| !fields.contains_key(*name)) {
                    faults.missing(name);
                }
                for (name, value) in fields {
                    match self.properties.get(name) {
                        Some(rule) => faults.within(name, |faults| rule.check(value, faults)),
                        None if self.additional_properties == Some(false) => faults.unknown(name),
                        None => {}
                    }
                }
            }
            Value::Array(entries) => {
                faults.count(entries.len(), self.min_items, self.max_items);
                if let Some(rule) = &self.items {
                    for (index, entry) in entries.iter().enumerate() {
                        faults.within(index, |faults| rule.check(entry, faults));
                    }
                }
            }
            Value::String(text) => self.check_text(text, faults),
            Value::Number(number) => {
                faults.range(number, self.minimum.as_ref(), self.maximum.as_ref());
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn check_options(&self, value: &Value, faults: &mut Faults) {
        let options: Vec<&Value> = self.options.iter().flatten().chain(&self.only).collect();
        if !options.is_empty() && !options.contains(&value) {
            faults.not_allowed(&options);
        }
        if self.any_of.is_empty() || self.any_of.iter().any(|rule| rule.allows(value)) {
            return;
        }
        let constants: Vec<&Value> =
            self.any_of.iter().filter_map(|rule| rule.only.as_ref()).collect();
        if constants.is_empty() {
            self.any_of[0].check(value, faults);
        } else {
            faults.not_allowed(&constants);
        }
    }

    fn allows(&self, value: &Value) -> bool {
        let mut faults = Faults::default();
        self.check(value, &mut faults);
        faults.is_empty()
    }

    fn check_text(&self, text: &str, faults: &mut Faults) {
        let length = text.chars().count();
        faults.length(length, self.min_length, self.max_length);
        if self.min_length.is_some_and(|least| length < least) {
            // What is not there has no form.
            return;
        }
        if self.is_visible
            && let Err(hidden) = hidden::check(text)
        {
            // The pattern refuses most of them, too, and cannot say where they are.
            return faults.hidden(&hidden);
        }
        if self.format == Some(Format::Email) && !EmailAddress::is_valid(text) {
            // What breaks the format often breaks length and pattern, too: one fault says it.
            if self.max_length.is_none_or(|most| length <= most) {
                faults.form(self.message.as_deref());
            }
            return;
        }
        if self.format == Some(Format::DateTime) && text.parse::<Time>().is_err() {
            return faults.form(self.message.as_deref());
        }
        let is_of_form = self.pattern.as_ref().is_none_or(|pattern| pattern.matches(text));
        if !is_of_form || (self.is_url && !is_web_address(text)) {
            faults.form(self.message.as_deref());
        }
    }
}

/// A regular expression, compiled at its first use: most requests carry few of the fields.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Pattern {
    source: String,
    compiled: OnceLock<Regex>,
}

impl TryFrom<String> for Pattern {
    type Error = Box<BuildError>;

    fn try_from(source: String) -> Result<Self, Self::Error> {
        // Tests run with assertions, and read every schema.
        if cfg!(debug_assertions) {
            Regex::new(&source)?;
        }
        Ok(Self { source, compiled: OnceLock::new() })
    }
}

impl Pattern {
    fn matches(&self, text: &str) -> bool {
        let compile = || Regex::new(&self.source).expect("the tests have compiled every pattern");
        self.compiled.get_or_init(compile).is_match(text)
    }
}

/// `"type"` holds one name, or a list of them.
fn one_or_several<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Type>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let list = if value.is_array() { value } else { Value::Array(vec![value]) };
    serde_json::from_value(list).map_err(D::Error::custom)
}
