//! Problems, told on the page that the form is on.

use byline_shared::http::problem::{Code, FieldError, Problem};
use maud::{Markup, html};

/// What did not work, above the form, with a link to each field that is to be corrected.
pub(crate) fn problem(problem: &Problem) -> Markup {
    let (title, has_fields) = match problem.code {
        Code::InvalidInput if !problem.errors.is_empty() => ("Please check what you entered", true),
        code => (code.title(), false),
    };
    html! {
        div.alert role="alert" tabindex="-1" {
            h2 { (title) }
            @if has_fields {
                ul {
                    @for error in &problem.errors {
                        li { a href={ "#" (name(error)) } { (label(error)) } ": " (error.message) }
                    }
                }
            } @else {
                p { (problem.detail) }
            }
        }
    }
}

/// What is wrong with the field of this name, if it is part of the problem.
pub(crate) fn fault<'a>(problem: Option<&'a Problem>, field: &str) -> Option<&'a str> {
    let errors = problem.map(|problem| problem.errors.as_slice()).unwrap_or_default();
    errors.iter().find(|error| name(error) == field).map(|error| error.message.as_str())
}

/// The field of the form: the first part of the JSON Pointer, whatever is wrong within it.
fn name(error: &FieldError) -> &str {
    let pointer = error.pointer.trim_start_matches('/');
    pointer.split('/').next().unwrap_or_default()
}

/// Its name, as words.
fn label(error: &FieldError) -> String {
    let mut words = name(error).replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}
