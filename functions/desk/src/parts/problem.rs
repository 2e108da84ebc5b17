//! Problems, told on the page that the form is on.

use byline_shared::http::problem::{Code, Problem};
use maud::{Markup, html};

use crate::refusals;

/// What did not work, above the form, with a link to each field that is to be corrected.
pub(crate) fn problem(problem: &Problem) -> Markup {
    // The form itself is too old to be taken: that is no field.
    let is_about_form = problem.errors.iter().any(refusals::is_about_form);
    let has_fields =
        problem.code == Code::InvalidInput && !is_about_form && !problem.errors.is_empty();
    html! {
        div.alert role="alert" tabindex="-1" {
            h2 { (refusals::title(problem)) }
            @if has_fields {
                ul {
                    @for error in &problem.errors {
                        li {
                            @if let Some(label) = refusals::label(error) {
                                a href={ "#" (refusals::field(error)) } { (label) } ": "
                            }
                            (refusals::message(error))
                        }
                    }
                }
            } @else {
                p { (refusals::detail(problem)) }
            }
        }
    }
}

/// What is wrong with the field of this name, if it is part of the problem.
pub(crate) fn fault<'a>(problem: Option<&'a Problem>, field: &str) -> Option<&'a str> {
    let errors = problem.map(|problem| problem.errors.as_slice()).unwrap_or_default();
    errors.iter().find(|error| refusals::field(error) == field).map(refusals::message)
}
