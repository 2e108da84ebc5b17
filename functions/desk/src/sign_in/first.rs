//! What the page to sign in on says before anybody is there. [`byline_shared::auth::first_admin`] has the rules.

use byline_shared::Context;
use byline_shared::auth::first_admin::FirstSteps;
use byline_shared::http::Response;
use byline_shared::http::problem::Problem;
use maud::{Markup, html};

use super::path;
use crate::open::{Guest, page};

/// The value of the button that sends the link.
pub(crate) const STEP: &str = "first";

/// Where the page says that the link is on its way.
pub(crate) const SENT: &str = "/desk/sign-in?sent=1";

/// The page of a Byline without an admin; `None` if people just sign in.
pub(crate) fn set_up(
    cx: &Context,
    guest: &Guest,
    steps: &FirstSteps,
    problem: Option<&Problem>,
) -> Option<Response> {
    let main = match steps {
        FirstSteps::ChoosePassword(address) => html! {
            p { "There is no admin yet. A link to choose a password goes to the e-mail address that this \
                 deployment names for its admin:" }
            p { strong { (address) } }
            (button(guest, "Send the link", true))
            p.quiet.small { "Only who reads that mailbox becomes the admin. For another address, change the \
                parameter " code { "AdminEmail" } " and deploy again." }
        },
        FirstSteps::AddressTaken(address) => html! {
            p { "There is no admin yet. The e-mail address that this deployment names for its admin, " strong { (address) }
                ", has an account already, which stays as it is." }
            p { "Set the parameter " code { "AdminEmail" } " to another address of yours, deploy again, and come \
                back to this page. The admin can then change the role of the first account." }
        },
        FirstSteps::NoAddress => html! {
            p { "There is no admin yet, and this deployment names no e-mail address for one." }
            p { "Set the parameter " code { "AdminEmail" } " to your address, deploy again, and come back to this \
                page. It then offers to send you a link." }
        },
        FirstSteps::SignIn(_) => return None,
    };
    let main = html! {
        (main)
        p.small { a href=(path(guest, "password")) { "Sign in with an account that is there" } }
    };
    let title = format!("Set up {}", cx.settings.last().title);
    Some(page(cx, guest, &title, problem, &main))
}

/// What the forms to sign in with are followed by where no mail leaves the machine.
pub(super) fn local(cx: &Context, guest: &Guest, steps: Option<&FirstSteps>) -> Markup {
    let Some(FirstSteps::SignIn(address)) = steps else { return html! {} };
    html! {
        hr;
        p.quiet.small { "This Byline runs on your machine. Its admin is " (address) ". You need no password: a link to \
            sign in comes into the " (mailbox(cx)) "." }
        (button(guest, "Send the admin a link", false))
    }
}

/// The page that says that the link is on its way; `None` if none was sent.
pub(crate) fn sent(cx: &Context, guest: &Guest, steps: &FirstSteps) -> Option<Response> {
    let (address, lifetime) = match steps {
        FirstSteps::ChoosePassword(address) => (address, "24 hours"),
        FirstSteps::SignIn(address) => (address, "15 minutes"),
        FirstSteps::AddressTaken(_) | FirstSteps::NoAddress => return None,
    };
    let main = html! {
        p { "A link is on its way to " strong { (address) } ". It works once, within " (lifetime) "." }
        @if cx.config.mailbox.is_some() {
            (in_mailbox(cx))
        } @else {
            p.quiet.small { "If no mail arrives, look among the unwanted ones. In its sandbox, Amazon SES delivers \
                only to addresses that were verified there." }
        }
        p { a href="/desk/sign-in" { "Back" } }
    };
    Some(page(cx, guest, "Check your inbox", None, &main))
}

/// Where a mail is that was just sent, if none leaves this machine.
pub(crate) fn in_mailbox(cx: &Context) -> Markup {
    html! { @if cx.config.mailbox.is_some() { p { "No mail leaves this machine: it is in the " (mailbox(cx)) "." } } }
}

fn mailbox(cx: &Context) -> Markup {
    html! { @if let Some(path) = cx.config.mailbox { a href=(path) { "mailbox" } } }
}

fn button(guest: &Guest, label: &str, is_main: bool) -> Markup {
    html! {
        form.form method="post" action="/desk/sign-in" {
            (guest.form_token())
            button.button.full.go[is_main] type="submit" name="step" value=(STEP) { (label) }
        }
    }
}
