//! The forms of the page to sign in on.

pub(crate) mod first;

use byline_shared::Context;
use byline_shared::auth::first_admin::FirstSteps;
use byline_shared::auth::sign_in_fault::Fault;
use byline_shared::http::Response;
use byline_shared::http::problem::Problem;
use byline_shared::model::{Registration, UserId};
use maud::{Markup, html};
use url::form_urlencoded::Serializer;

use crate::account::passkeys;
use crate::assets;
use crate::next;
use crate::notice::Done;
use crate::open::{Guest, told_page};
use crate::parts::{self, Field, Kind};

/// A way to sign in.
pub(crate) enum Form {
    /// With the password. `email` is the address of somebody who is signed in.
    Password {
        /// The address to put into the form.
        email: Option<String>,
        /// What else there is to do before anybody has signed in.
        steps: Option<FirstSteps>,
    },
    /// With the code of a mail.
    Code,
    /// With the link of a mail.
    Link {
        /// Whether its account asks for a one-time code.
        needs_code: bool,
    },
}

/// The page, and what was wrong with what was sent.
pub(crate) fn page(
    cx: &Context,
    guest: &Guest,
    form: &Form,
    failed: Option<(&Fault, &Problem)>,
) -> Response {
    let fault = failed.map(|(fault, _)| fault);
    let (title, main) = match form {
        Form::Password { email, steps } => {
            let main = html! {
                (password(guest, email.as_deref(), fault))
                @if cx.settings.last().registration == Registration::Open {
                    p { "No account yet? " a href="/desk/sign-up" { "Sign up" } }
                }
                (passkey(cx, guest))
                (first::local(cx, guest, steps.as_ref()))
                (forget(guest))
            };
            (format!("Sign in to {}", cx.settings.last().title), main)
        }
        Form::Code => ("Check your inbox".to_owned(), code(cx, guest, fault)),
        Form::Link { needs_code } => {
            let main = link(guest, *needs_code, fault);
            (format!("Sign in to {}", cx.settings.last().title), main)
        }
    };
    let told = fault.map(alert);
    let problem = failed.map(|(_, problem)| problem);
    told_page(cx, guest, &title, (problem, told.as_ref()), &main)
}

/// Where the form for the code of a mail is.
pub(crate) fn code_path(guest: &Guest) -> String {
    path(guest, "code")
}

/// The page itself with what it keeps between its forms.
fn path(guest: &Guest, by: &str) -> String {
    let mut query = Serializer::new(String::new());
    if !by.is_empty() {
        query.append_pair("by", by);
    }
    if guest.text("again") == "1" {
        query.append_pair("again", "1");
    }
    if let Some(next) = next::checked(guest.text("next")) {
        query.append_pair("next", next);
    }
    match query.finish() {
        query if query.is_empty() => "/desk/sign-in".to_owned(),
        query => format!("/desk/sign-in?{query}"),
    }
}

fn alert(fault: &Fault) -> Markup {
    html! {
        div.alert role="alert" tabindex="-1" {
            h2 { (fault.title) }
            p { (fault.text) }
            @if let Some(field) = fault.fields.first() {
                p { a href={ "#" (field) } { "Go to the field" } }
            }
        }
    }
}

/// What every form of the page carries.
fn hidden(guest: &Guest) -> Markup {
    html! {
        (guest.form_token())
        @if guest.text("again") == "1" {
            input type="hidden" name="again" value="1";
        }
        @if let Some(next) = next::checked(guest.text("next")) {
            input type="hidden" name="next" value=(next);
        }
    }
}

/// What to say at a field that the fault is about. The alert says what is wrong.
fn wrong(fault: Option<&Fault>, field: &str) -> Option<&'static str> {
    fault.filter(|fault| fault.fields.contains(&field)).map(|_| "Check this field.")
}

/// Where the page does not know the account.
const UNKNOWN: Option<&str> = Some("Only if your account uses one-time codes.");

fn one_time_code(hint: Option<&str>, fault: Option<&Fault>) -> Markup {
    parts::field(Field {
        name: "code",
        label: "Authenticator or recovery code",
        hint,
        kind: Kind::Code,
        max: Some(64),
        fault: wrong(fault, "code"),
        ..Field::default()
    })
}

fn password(guest: &Guest, email: Option<&str>, fault: Option<&Fault>) -> Markup {
    let entered = guest.form.text("email");
    let shown = if entered.is_empty() { email.unwrap_or_default() } else { entered };
    html! {
        @if guest.text("again") == "1" {
            p { "You are about to change something that protects your account. For that, sign in again: \
                 the last time was more than 15 minutes ago." }
        }
        form.form method="post" action="/desk/sign-in" {
            (hidden(guest))
            (parts::field(Field {
                name: "email",
                label: "E-mail address",
                value: shown,
                kind: Kind::Account,
                required: true,
                max: Some(254),
                fault: wrong(fault, "email"),
                ..Field::default()
            }))
            (parts::field(Field {
                name: "password",
                label: "Password",
                kind: Kind::Password,
                required: true,
                max: Some(256),
                fault: wrong(fault, "password"),
                ..Field::default()
            }))
            (one_time_code(UNKNOWN, fault))
            button.button.go.full type="submit" { "Sign in" }
            // The same form without its password; the browser does not ask for one.
            button.button.full type="submit" name="step" value="mail" formnovalidate {
                "Send me a code by e-mail instead"
            }
        }
        p { a href="/desk/forgot-password" { "Forgot your password?" } }
    }
}

/// What a script removes the unsaved text of: an account that has just left this browser.
fn forget(guest: &Guest) -> Markup {
    let left = [Done::SignedOut, Done::AccountDeleted].map(Done::as_str);
    // With `again`, somebody may be signed in.
    let has_left = left.contains(&guest.query.text("done")) && guest.text("again") != "1";
    let account = guest.query.text("of").parse::<UserId>().ok().filter(|_| has_left);
    html! {
        @if let Some(account) = account {
            div hidden data-forget=(account) {}
            (assets::scripts(&["forget.js"]))
        }
    }
}

/// The script shows the button where the browser can use passkeys.
fn passkey(cx: &Context, guest: &Guest) -> Markup {
    let fields = html! {
        (hidden(guest))
        input type="hidden" name="step" value="passkey";
    };
    let button = html! { button.button.full type="submit" { "Sign in with a passkey" } };
    passkeys::form(cx, "/desk/sign-in", "get", &fields, &button)
}

/// It looks the same whether or not there is an account.
fn code(cx: &Context, guest: &Guest, fault: Option<&Fault>) -> Markup {
    html! {
        @if fault.is_none_or(Fault::is_about_sign_in) {
            p { "If there is an account at " (cx.settings.last().title) " for the address, a code to sign in with \
                 is on its way. It works once, within 15 minutes." }
            (first::in_mailbox(cx))
        }
        form.form method="post" action="/desk/sign-in" {
            (hidden(guest))
            input type="hidden" name="step" value="mail-code";
            (parts::field(Field {
                name: "mail-code",
                label: "Code from the e-mail",
                kind: Kind::Code,
                required: true,
                max: Some(64),
                fault: wrong(fault, "mail-code"),
                ..Field::default()
            }))
            (one_time_code(UNKNOWN, fault))
            button.button.go.full type="submit" { "Sign in" }
        }
        p { a href=(path(guest, "")) { "Start again" } }
    }
}

/// The token is used up by the button, not by loading the page: mail scanners follow links.
fn link(guest: &Guest, needs_code: bool, fault: Option<&Fault>) -> Markup {
    html! {
        p { "Press the button to sign in. The link works once." }
        form.form method="post" action="/desk/sign-in" {
            (hidden(guest))
            input type="hidden" name="step" value="link";
            input type="hidden" name="token" value=(guest.text("token"));
            @if needs_code { (one_time_code(None, fault)) }
            button.button.go.full type="submit" { "Sign in" }
        }
        p { a href=(path(guest, "")) { "Sign in another way" } }
    }
}
