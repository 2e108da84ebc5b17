//! `/desk/confirm`: confirms the address of a sign-up with the token of a mail, takes the password, and signs
//! in. [`byline_shared::auth::sign_up`] has the rules.

use byline_shared::auth::{audit, limits, sign_up};
use byline_shared::http::Response;
use byline_shared::model::{Name, Password, Secret};
use byline_shared::prelude::*;
use maud::{Markup, html};

use crate::answers::see_other;
use crate::notice::Done;
use crate::open::{self, Guest, Open, OpenPage, count_mail, is_spent, is_theirs, page};
use crate::parts::{self, Field, Kind};
use crate::typed::{self, Typed};
use crate::welcome::welcome;

/// Confirms an address.
pub struct Confirm;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Open<Confirm>>(module_path!());

impl OpenPage for Confirm {
    const NAME: &'static str = "desk-confirm";
    const PATH: &'static str = "/desk/confirm";
    const SUMMARY: &'static str = "Confirm an address and choose a password";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(
            Identity,
            &[ConditionCheckItem, DeleteItem, GetItem, PutItem, Query, UpdateItem],
        ),
        Permission::AccountSecret,
        sign_up::REGISTRATION_PERMISSION,
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const MEMORY: Memory = Memory::Hashing;
    const EXAMPLE_QUERY: &'static [(&'static str, &'static str)] =
        &[("token", byline_shared::examples::MAILED_TOKEN)];

    async fn show(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        if guest.query.has("sent") {
            return Ok(page(cx, guest, "Check your inbox", None, &sent()));
        }
        if guest.form.text("step") == "again" {
            return Ok(page(cx, guest, "Sign up again", None, &again(guest, None)));
        }
        Ok(choose(cx, guest, None))
    }

    async fn submit(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        if guest.form.text("step") == "again" {
            return sign_up_again(cx, guest).await;
        }
        match confirm(cx, guest).await {
            Ok(response) => Ok(response),
            Err(problem) if problem.code == Code::EmailTaken => {
                Ok(page(cx, guest, "You have an account already", Some(&problem), &sign_in()))
            }
            Err(problem) if problem.code == Code::RegistrationClosed => {
                Ok(page(cx, guest, "You need an invitation", Some(&problem), &sign_in()))
            }
            Err(problem) if is_spent(&problem) => {
                let is_open = sign_up::is_open(cx).await?;
                Ok(spent(cx, guest, is_open))
            }
            Err(problem) if is_theirs(&problem) => Ok(choose(cx, guest, Some(&problem))),
            Err(problem) => Err(problem),
        }
    }
}

async fn confirm(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
    let token = Secret::new(guest.form.text("token"));
    let mut typed = Typed::new(&guest.form);
    let name: Option<Name> = typed.optional("name");
    typed.finish()?;
    let password: Password = typed::exact(&guest.form, "password")?;
    let made = sign_up::confirm(cx, &token, password, name).await?;
    welcome(cx, made, Done::Confirmed).await
}

async fn sign_up_again(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
    let outcome = async {
        let email = typed::line(&guest.form, "email")?;
        let name = typed::line(&guest.form, "name")?;
        count_mail(cx).await?;
        sign_up::register(cx, email, name).await
    };
    match outcome.await {
        Ok(()) => Ok(see_other("/desk/confirm?sent=1")),
        Err(problem) if is_theirs(&problem) => {
            let main = again(guest, Some(&problem));
            Ok(page(cx, guest, "Sign up again", Some(&problem), &main))
        }
        Err(problem) => Err(problem),
    }
}

fn sign_in() -> Markup {
    html! { p.row { a.button.go href="/desk/sign-in" { "Sign in" } } }
}

fn choose(cx: &Context, guest: &Guest, problem: Option<&Problem>) -> Response {
    let main = html! {
        p { "You are about to confirm your e-mail address for " (cx.config.site_name) "." }
        form.form method="post" action="/desk/confirm" {
            (guest.form_token())
            input type="hidden" name="token" value=(guest.text("token"));
            (parts::new_password("password", parts::fault(problem, "password")))
            (parts::field(Field {
                name: "name",
                label: "Your name (optional)",
                value: guest.form.text("name"),
                hint: Some("Readers see it. Leave it empty to keep the name that was given when signing up."),
                max: Some(100),
                fault: parts::fault(problem, "name"),
                ..Field::default()
            }))
            button.button.go.full type="submit" { "Confirm and sign in" }
        }
        p.quiet.small { "If you did not sign up, close this page. No account will be created." }
    };
    page(cx, guest, "Choose a password", problem, &main)
}

/// The page for a link that does not work any more.
fn spent(cx: &Context, guest: &Guest, is_open: bool) -> Response {
    let main = html! {
        p { "The link has expired, has already been used, or is not complete. If you have confirmed your \
             address, sign in." }
        (sign_in())
        @if is_open {
            h2 { "Otherwise, sign up again" }
            (again(guest, None))
        }
    };
    open::spent(cx, guest, &main)
}

fn again(guest: &Guest, problem: Option<&Problem>) -> Markup {
    html! {
        form.form method="post" action="/desk/confirm" {
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
            button.button.full type="submit" name="step" value="again" { "Send a new link" }
        }
    }
}

/// It says the same whether or not the address has an account.
fn sent() -> Markup {
    html! {
        p { "If the address can be used, an e-mail with a link is on its way. The link works once, within \
             24 hours." }
    }
}
