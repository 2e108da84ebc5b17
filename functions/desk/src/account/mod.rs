//! What the pages of a person's own account have in common.

pub(crate) mod keys;
pub(crate) mod notifications;
pub(crate) mod passkeys;
pub(crate) mod sessions;

use byline_shared::auth::require_recent;
use byline_shared::http::Response;
use byline_shared::http::page::PageParams;
use byline_shared::model::Role;
use byline_shared::prelude::*;
use maud::{Markup, html};

use crate::answers::sign_in_path;
use crate::layout::{Section, Sheet, sheet};
use crate::open::status;
use crate::parts;
use crate::visit::Visit;

/// How many entries a list shows.
const LIST: u8 = 50;

/// A page of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Name and address.
    Profile,
    /// What readers learn of the person.
    Public,
    /// The password.
    Password,
    /// One-time codes.
    Codes,
    /// Passkeys.
    Passkeys,
    /// Where the person is signed in.
    Sessions,
    /// API keys.
    Keys,
    /// Connected apps.
    Apps,
    /// The end of the account. The page of name and address leads to it.
    Deletion,
}

impl Part {
    /// Those that every page of the account leads to.
    const LISTED: [Self; 8] = [
        Self::Profile,
        Self::Public,
        Self::Password,
        Self::Codes,
        Self::Passkeys,
        Self::Sessions,
        Self::Keys,
        Self::Apps,
    ];

    /// Its path.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Profile => "/desk/account",
            Self::Public => "/desk/account/profile",
            Self::Deletion => "/desk/account/delete",
            Self::Password => "/desk/account/password",
            Self::Codes => "/desk/account/one-time-codes",
            Self::Passkeys => "/desk/account/passkeys",
            Self::Sessions => "/desk/account/sessions",
            Self::Keys => "/desk/account/keys",
            Self::Apps => "/desk/account/apps",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Profile => "Name and address",
            Self::Public => "Public profile",
            Self::Deletion => "Delete your account",
            Self::Password => "Password",
            Self::Codes => "One-time codes",
            Self::Passkeys => "Passkeys",
            Self::Sessions => "Sessions",
            Self::Keys => "API keys",
            Self::Apps => "Connected apps",
        }
    }
}

/// A page of the account, with the way to the others and what went wrong.
pub(crate) fn page(
    cx: &Context,
    visit: &Visit,
    part: Part,
    problem: Option<&Problem>,
    main: &Markup,
) -> Response {
    let main = html! {
        (parts::head("Your account", None, None))
        nav aria-label="Your account" {
            ul.filters {
                @for other in Part::LISTED {
                    li {
                        a href=(other.path()) aria-current=[(other == part).then_some("page")] { (other.label()) }
                    }
                }
            }
        }
        @if let Some(problem) = problem { (parts::problem(problem)) }
        (main)
    };
    let mut frame = Sheet::new(part.label(), Section::Account);
    if let Some(problem) = problem {
        frame = frame.status(status(problem));
    }
    sheet(cx, visit, frame, &main)
}

/// The question before something that cannot be undone: `main` says what will happen, and `fields` what
/// the form sends.
pub(crate) fn question(
    cx: &Context,
    visit: &Visit,
    part: Part,
    (title, button): (&str, &str),
    main: &Markup,
    fields: &[(&str, &str)],
) -> Response {
    let main = html! {
        section.sheet {
            header { h2 { (title) } }
            div.padded.stack {
                (main)
                form.row method="post" action=(part.path()) {
                    (parts::token(visit))
                    @for (name, value) in fields {
                        input type="hidden" name=(name) value=(value);
                    }
                    button.button.risk type="submit" { (button) }
                    a.button href=(part.path()) { "Cancel" }
                }
            }
        }
    };
    page(cx, visit, part, None, &main)
}

/// What else ends with all sessions of somebody who can invite.
pub(crate) fn invitations_stop(visit: &Visit) -> &'static str {
    if visit.caller.user.role == Role::Admin {
        " Invitations that you sent and that nobody has accepted stop working."
    } else {
        ""
    }
}

/// Whether the visitor signed in a moment ago.
pub(crate) fn is_recent(cx: &Context, visit: &Visit) -> bool {
    require_recent(cx, &visit.caller).is_ok()
}

/// Says that a recent sign-in is needed, and leads to it and back.
pub(crate) fn sign_in_again(part: Part, what: &str) -> Markup {
    html! {
        div.note.stack role="note" {
            p { (what) " needs a sign-in of the last 15 minutes, so that nobody else does it at a computer that \
                 you left open." }
            p { a.button href=(sign_in_path(part.path(), true)) { "Sign in again" } }
        }
    }
}

/// The part of a list that the query asks for.
pub(crate) fn list_params(visit: &Visit) -> PageParams {
    PageParams { limit: LIST, cursor: visit.query.get("cursor").map(str::to_owned) }
}

/// The id in a field, or in the query of the page that asks before it acts.
///
/// # Errors
/// 404 if it is none.
pub(crate) fn id<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::not_found(what))
}
