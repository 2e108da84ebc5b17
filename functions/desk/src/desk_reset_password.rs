//! `/desk/reset-password`: sets a new password with the token of a mail. It does not sign in: one-time codes
//! still apply. [`byline_shared::auth::new_password`] has the rules.

use byline_shared::auth::{audit, limits, new_password};
use byline_shared::http::Response;
use byline_shared::model::{Password, Secret};
use byline_shared::prelude::*;
use maud::html;

use crate::answers::signed_out;
use crate::notice::Done;
use crate::open::{self, Guest, Open, OpenPage, is_spent, is_theirs, page};
use crate::parts::{self, Field, Kind};
use crate::typed;

/// Sets a new password.
pub struct ResetPassword;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Open<ResetPassword>>(module_path!());

impl OpenPage for ResetPassword {
    const NAME: &'static str = "desk-reset-password";
    const PATH: &'static str = "/desk/reset-password";
    const SUMMARY: &'static str = "Choose a new password";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem, DeleteItem]),
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
        match reset(cx, guest).await {
            Ok(device) => Ok(signed_out(cx, Done::PasswordReset, &device)),
            Err(problem) if is_spent(&problem) => Ok(spent(cx, guest)),
            Err(problem) if is_theirs(&problem) => Ok(choose(cx, guest, Some(&problem))),
            Err(problem) => Err(problem),
        }
    }
}

async fn reset(cx: &Context, guest: &Guest) -> Result<Secret, Problem> {
    let password: Password = typed::exact(&guest.form, "new_password")?;
    new_password::reset(cx, &Secret::new(guest.form.text("token")), password).await
}

fn choose(cx: &Context, guest: &Guest, problem: Option<&Problem>) -> Response {
    let main = html! {
        p { "The new password ends all sessions of your account, and the access of connected apps. \
             Afterwards you sign in with it." }
        form.form method="post" action="/desk/reset-password" {
            (guest.form_token())
            input type="hidden" name="token" value=(guest.text("token"));
            (parts::new_password("new_password", parts::fault(problem, "new_password")))
            button.button.go.full type="submit" { "Set the new password" }
        }
        p.quiet.small { "If you did not ask for it, close this page. Your password stays the same." }
    };
    page(cx, guest, "Choose a new password", problem, &main)
}

/// The page for a link that does not work any more.
fn spent(cx: &Context, guest: &Guest) -> Response {
    let main = html! {
        p { "The link has expired, has already been used, or is not complete. If you have just chosen a \
             password with it, that counts: sign in. Otherwise ask for a new link." }
        form.form method="post" action="/desk/forgot-password" {
            (guest.form_token())
            (parts::field(Field {
                name: "email",
                label: "E-mail address of your account",
                kind: Kind::Account,
                required: true,
                max: Some(254),
                ..Field::default()
            }))
            button.button.go.full type="submit" { "Send me a link" }
        }
        p { a href="/desk/sign-in" { "Sign in" } }
    };
    open::spent(cx, guest, &main)
}
