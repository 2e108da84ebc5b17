//! The form to sign up with. [`byline_shared::auth::sign_up`] has the rules.

use byline_shared::http::problem::Problem;
use maud::{Markup, html};

use crate::open::Guest;
use crate::parts::{self, Field, Kind};

/// What the form is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// To sign up; the page is about nothing else.
    First,
    /// To get another link, beside other ways on.
    Again,
}

/// The form.
pub(crate) fn form(guest: &Guest, ask: Ask, problem: Option<&Problem>) -> Markup {
    let is_first = ask == Ask::First;
    let button = if is_first { "Sign up" } else { "Send a new link" };
    html! {
        form.form method="post" action="/desk/sign-up" {
            (guest.form_token())
            (parts::field(Field {
                name: "name",
                label: "Your name",
                value: guest.form.text("name"),
                hint: Some("Readers see it."),
                required: true,
                max: Some(100),
                fault: parts::fault(problem, "name"),
                ..Field::default()
            }))
            (parts::field(Field {
                name: "email",
                label: "E-mail address",
                value: guest.form.text("email"),
                kind: Kind::Email,
                required: true,
                max: Some(254),
                fault: parts::fault(problem, "email"),
                ..Field::default()
            }))
            button.button.full.go[is_first] type="submit" { (button) }
        }
    }
}
