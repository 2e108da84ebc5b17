//! `/desk/sign-up`: asks for an account, where everybody may have one. The password is chosen with the link of the
//! mail. [`byline_shared::auth::sign_up`] has the rules.

use byline_shared::auth::{audit, limits, sign_up};
use byline_shared::http::Response;
use byline_shared::model::Registration;
use byline_shared::prelude::*;
use byline_shared::store::keys;
use maud::{Markup, html};

use crate::answers::see_other;
use crate::mailed::sign_in;
use crate::open::{Guest, Open, OpenPage, count_mail, is_theirs, page};
use crate::sign_in::first::in_mailbox;
use crate::sign_up::{Ask, form};
use crate::typed::Typed;

/// Signs up.
pub struct SignUp;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Open<SignUp>>(module_path!());

impl OpenPage for SignUp {
    const NAME: &'static str = "desk-sign-up";
    const PATH: &'static str = "/desk/sign-up";
    const SUMMARY: &'static str = "Sign up";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[PutItem]),
        Permission::Items(Identity, keys::ADMINS, &[GetItem]),
        Permission::AccountSecret,
        sign_up::REGISTRATION_PERMISSION,
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];

    async fn show(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        if guest.query.has("sent") {
            return Ok(page(cx, guest, "Check your inbox", None, &sent(cx)));
        }
        if cx.settings.last().registration == Registration::Open {
            return Ok(ask(cx, guest, None));
        }
        Ok(page(cx, guest, "You need an invitation", None, &invited(cx)))
    }

    async fn submit(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        match register(cx, guest).await {
            Ok(()) => Ok(see_other("/desk/sign-up?sent=1")),
            Err(problem) if problem.code == Code::RegistrationClosed => {
                Ok(page(cx, guest, "You need an invitation", Some(&problem), &sign_in()))
            }
            Err(problem) if is_theirs(&problem) => Ok(ask(cx, guest, Some(&problem))),
            Err(problem) => Err(problem),
        }
    }
}

async fn register(cx: &Context, guest: &Guest) -> Result<(), Problem> {
    let mut typed = Typed::new(&guest.form);
    let (name, email) = (typed.required("name"), typed.required("email"));
    typed.finish()?;
    let (Some(name), Some(email)) = (name, email) else {
        return Err(Problem::internal("a field that was checked is missing"));
    };
    count_mail(cx).await?;
    sign_up::register(cx, email, name).await
}

fn ask(cx: &Context, guest: &Guest, problem: Option<&Problem>) -> Response {
    let main = html! {
        p { "You get a mail with a link. With it you confirm your address and choose a password." }
        (form(guest, Ask::First, problem))
        p { "You have an account? " a href="/desk/sign-in" { "Sign in" } }
    };
    let title = format!("Sign up for {}", cx.settings.last().title);
    page(cx, guest, &title, problem, &main)
}

/// It says the same whether or not the address has an account.
fn sent(cx: &Context) -> Markup {
    html! {
        p { "If the address can be used, an e-mail with a link is on its way. The link works once, within \
             24 hours." }
        (in_mailbox(cx))
        p { a href="/desk/sign-in" { "Sign in" } }
    }
}

fn invited(cx: &Context) -> Markup {
    html! {
        p { "At " (cx.settings.last().title) ", people get an account by invitation. Ask an admin to invite your e-mail \
             address: you then get a link to choose a password." }
        (sign_in())
    }
}
