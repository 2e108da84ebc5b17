//! What is wrong with an argument, in one line.

use byline_shared::http::problem::FieldError;

/// The name of the argument with the message; the message alone where it is about all of them.
#[must_use]
pub fn line(error: &FieldError) -> String {
    match error.pointer.trim_start_matches('/') {
        "" => error.message.clone(),
        name => format!("{name}: {}", error.message),
    }
}
