//! What is wrong with an input, in words for the caller. No message repeats what was sent.

use std::fmt::Display;

use serde_json::{Number, Value};

use super::types::Type;
use crate::http::problem::FieldError;
use crate::model::TextError;
use crate::model::hidden::Hidden;

pub(super) const UNKNOWN: &str = "There is no such field. Check its spelling, or leave it out.";

/// How many faults are named: an answer is not to outgrow the request that asked for it.
const MAX_FAULTS: usize = 100;

/// The longest pointer that is repeated, in bytes.
const MAX_POINTER: usize = 200;

/// The faults found so far, and the place that is being looked at.
#[derive(Default)]
pub(super) struct Faults {
    found: Vec<FieldError>,
    /// A JSON Pointer (RFC 6901).
    at: String,
}

impl Faults {
    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The faults in the order of their pointers.
    pub(super) fn sorted(mut self) -> Vec<FieldError> {
        self.found.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        self.found
    }

    /// Looks at a member or an entry of the present place.
    pub(super) fn within(&mut self, segment: impl Display, look: impl FnOnce(&mut Self)) {
        let here = self.at.len();
        self.at.push('/');
        self.at.push_str(&segment.to_string().replace('~', "~0").replace('/', "~1"));
        look(self);
        self.at.truncate(here);
    }

    pub(super) fn missing(&mut self, name: &str) {
        self.within(name, |faults| faults.add("required", "Is required."));
    }

    pub(super) fn unknown(&mut self, name: &str) {
        self.within(name, |faults| faults.add("unknown_field", UNKNOWN));
    }

    pub(super) fn wrong_type(&mut self, wanted: &[Type]) {
        let names: Vec<&str> = wanted.iter().map(|wanted| wanted.in_words()).collect();
        self.add("invalid_type", format!("Must be {}.", names.join(" or ")));
    }

    pub(super) fn not_allowed(&mut self, options: &[&Value]) {
        let options: Vec<String> = options.iter().map(|option| option.to_string()).collect();
        self.add("not_allowed", format!("Must be one of {}.", options.join(", ")));
    }

    pub(super) fn length(&mut self, length: usize, least: Option<usize>, most: Option<usize>) {
        match (least, most) {
            (Some(least), _) if length < least => {
                self.add("too_short", TextError::TooShort(least).to_string());
            }
            (_, Some(most)) if length > most => {
                self.add("too_long", TextError::TooLong(most).to_string());
            }
            _ => {}
        }
    }

    pub(super) fn count(&mut self, count: usize, least: Option<usize>, most: Option<usize>) {
        match (least, most) {
            (Some(1), _) if count == 0 => self.add("too_few", "Must have at least one entry."),
            (Some(least), _) if count < least => {
                self.add("too_few", format!("Must have at least {least} entries."));
            }
            (_, Some(most)) if count > most => {
                self.add("too_many", format!("Must have at most {most} entries."));
            }
            _ => {}
        }
    }

    pub(super) fn range(&mut self, number: &Number, least: Option<&Number>, most: Option<&Number>) {
        match (least, most) {
            (Some(least), _) if number.as_f64() < least.as_f64() => {
                self.add("too_small", format!("Must be at least {least}."));
            }
            (_, Some(most)) if number.as_f64() > most.as_f64() => {
                self.add("too_large", format!("Must be at most {most}."));
            }
            _ => {}
        }
    }

    pub(super) fn hidden(&mut self, hidden: &Hidden) {
        self.add("invalid_format", hidden.to_string());
    }

    pub(super) fn form(&mut self, message: Option<&str>) {
        self.add("invalid_format", message.unwrap_or("Has a form that is not allowed."));
    }

    fn add(&mut self, code: &str, message: impl Into<String>) {
        if self.found.len() >= MAX_FAULTS {
            return;
        }
        let end = self.at.floor_char_boundary(MAX_POINTER);
        let cut = if end < self.at.len() { "…" } else { "" };
        self.found.push(FieldError {
            pointer: format!("{}{cut}", &self.at[..end]),
            code: code.to_owned(),
            message: message.into(),
        });
    }
}
