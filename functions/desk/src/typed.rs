//! Fields of small forms as the types of the model, whose limits they keep.

use std::fmt::Display;
use std::str::FromStr;

use byline_shared::http::problem::{FieldError, Problem};

use crate::fields::Fields;

/// Reads typed values out of a form, and collects what is wrong with each.
pub(crate) struct Typed<'a> {
    form: &'a Fields,
    errors: Vec<FieldError>,
}

impl<'a> Typed<'a> {
    pub(crate) fn new(form: &'a Fields) -> Self {
        Self { form, errors: Vec::new() }
    }

    /// A value that must be there; blanks around it are never meant.
    pub(crate) fn required<T: FromStr<Err: Display>>(&mut self, name: &str) -> Option<T> {
        parse(self.form.text(name).trim(), name).map_err(|error| self.errors.push(error)).ok()
    }

    /// A value that may be left out.
    pub(crate) fn optional<T: FromStr<Err: Display>>(&mut self, name: &str) -> Option<T> {
        if self.form.text(name).trim().is_empty() { None } else { self.required(name) }
    }

    /// # Errors
    /// 422 that names every invalid field.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        if self.errors.is_empty() { Ok(()) } else { Err(Problem::invalid(self.errors)) }
    }
}

/// A single value that must be there, without blanks around it.
///
/// # Errors
/// 422 on the field.
pub(crate) fn line<T: FromStr<Err: Display>>(form: &Fields, name: &str) -> Result<T, Problem> {
    parse(form.text(name).trim(), name).map_err(|error| Problem::invalid(vec![error]))
}

/// A single value exactly as it was entered: a password.
///
/// # Errors
/// 422 on the field.
pub(crate) fn exact<T: FromStr<Err: Display>>(form: &Fields, name: &str) -> Result<T, Problem> {
    parse(form.text(name), name).map_err(|error| Problem::invalid(vec![error]))
}

/// Checks that a box was ticked that stands before something that cannot be undone ([`parts::agree`]).
///
/// [`parts::agree`]: crate::parts::agree
///
/// # Errors
/// 422 on the field.
pub(crate) fn agreed(form: &Fields, name: &str) -> Result<(), Problem> {
    if form.has(name) {
        return Ok(());
    }
    let message = "Tick the box first. It is there so that nothing is lost by one click too many.";
    Err(Problem::invalid_field(name, "required", message))
}

fn parse<T: FromStr<Err: Display>>(text: &str, name: &str) -> Result<T, FieldError> {
    text.parse().map_err(|error: T::Err| {
        let (pointer, code) = (format!("/{name}"), "invalid".to_owned());
        FieldError { pointer, code, message: error.to_string() }
    })
}
