//! `/desk/accept-invitation`: makes the account of an invitation with the token of a mail, and signs in.
//! [`byline_shared::auth::invitations`] has the rules.

use byline_shared::auth::{audit, invitations, limits};
use byline_shared::http::Response;
use byline_shared::model::{Name, Password, Secret};
use byline_shared::prelude::*;
use maud::html;

use crate::notice::Done;
use crate::open::{self, Guest, Open, OpenPage, is_spent, is_theirs, page};
use crate::parts::{self, Field};
use crate::typed::{self, Typed};
use crate::welcome::welcome;

/// Accepts an invitation.
pub struct Accept;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Open<Accept>>(module_path!());

impl OpenPage for Accept {
    const NAME: &'static str = "desk-accept-invitation";
    const PATH: &'static str = "/desk/accept-invitation";
    const SUMMARY: &'static str = "Accept an invitation and choose a password";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(
            Identity,
            &[ConditionCheckItem, DeleteItem, GetItem, PutItem, Query, UpdateItem],
        ),
        Permission::AccountSecret,
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const MEMORY: Memory = Memory::Hashing;
    const EXAMPLE_QUERY: &'static [(&'static str, &'static str)] =
        &[("token", byline_shared::examples::MAILED_TOKEN)];

    async fn show(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        Ok(choose(cx, guest, None))
    }

    async fn submit(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        match accept(cx, guest).await {
            Ok(response) => Ok(response),
            Err(problem) if problem.code == Code::EmailTaken => {
                let main = html! { p.row { a.button.go href="/desk/sign-in" { "Sign in" } } };
                Ok(page(cx, guest, "You have an account already", Some(&problem), &main))
            }
            Err(problem) if is_spent(&problem) => Ok(spent(cx, guest)),
            Err(problem) if is_theirs(&problem) => Ok(choose(cx, guest, Some(&problem))),
            Err(problem) => Err(problem),
        }
    }
}

async fn accept(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
    let token = Secret::new(guest.form.text("token"));
    let mut typed = Typed::new(&guest.form);
    let name: Option<Name> = typed.optional("name");
    typed.finish()?;
    let password: Password = typed::exact(&guest.form, "password")?;
    let made = invitations::accept(cx, &token, password, name).await?;
    welcome(cx, made, Done::Joined).await
}

fn choose(cx: &Context, guest: &Guest, problem: Option<&Problem>) -> Response {
    let main = html! {
        p { "You are invited to " (cx.config.site_name) ". Choose a password to make your account." }
        form.form method="post" action="/desk/accept-invitation" {
            (guest.form_token())
            input type="hidden" name="token" value=(guest.text("token"));
            (parts::field(Field {
                name: "name",
                label: "Your name",
                value: guest.form.text("name"),
                hint: Some("Readers see it. Leave it empty to keep the name in the mail, if it has one."),
                max: Some(100),
                fault: parts::fault(problem, "name"),
                ..Field::default()
            }))
            (parts::new_password("password", parts::fault(problem, "password")))
            button.button.go.full type="submit" { "Accept and sign in" }
        }
        p.quiet.small { "If you did not expect an invitation, close this page. No account will be created." }
    };
    page(cx, guest, "Accept the invitation", problem, &main)
}

/// The page for a link that does not work any more.
fn spent(cx: &Context, guest: &Guest) -> Response {
    let main = html! {
        p { "The invitation has expired, was withdrawn or replaced, or has already been accepted. If you have \
             an account, sign in. Otherwise ask an admin for another invitation." }
        p.row { a.button.go href="/desk/sign-in" { "Sign in" } }
    };
    open::spent(cx, guest, &main)
}
