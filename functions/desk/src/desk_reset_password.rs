//! `/desk/reset-password`: sets a new password with the token of a mail. It does not sign in: one-time codes
//! still apply. [`byline_shared::auth::new_password`] has the rules.

use byline_shared::auth::{audit, limits, new_password};
use byline_shared::http::Response;
use byline_shared::model::{Email, Password, Secret, User};
use byline_shared::prelude::*;
use maud::{Markup, html};

use crate::answers::signed_out;
use crate::mailed::{Mailed, MailedPage};
use crate::notice::Done;
use crate::open::{Guest, Open};
use crate::parts::{self, Field, Kind};
use crate::typed;

/// Sets a new password.
struct ResetPassword;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Open<Mailed<ResetPassword>>>(module_path!());

impl MailedPage for ResetPassword {
    const NAME: &'static str = "desk-reset-password";
    const PATH: &'static str = "/desk/reset-password";
    const SUMMARY: &'static str = "Choose a new password";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[BatchGetItem, GetItem, PutItem, UpdateItem, DeleteItem]),
        Permission::AccountSecret,
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];

    type Link = User;

    async fn look(cx: &Context, token: &Secret) -> Result<Option<User>, Problem> {
        new_password::look(cx, token).await
    }

    fn address(user: &User) -> Option<&Email> {
        Some(&user.email)
    }

    fn form(
        _: &Context,
        guest: &Guest,
        user: &User,
        problem: Option<&Problem>,
    ) -> (&'static str, Markup) {
        let main = html! {
            p { "It is for the account of " strong { (user.email) } ". The new password ends all its sessions, and \
                 the access of connected apps. Afterwards you sign in with it." }
            form.form method="post" action=(Self::PATH) {
                (guest.form_token())
                input type="hidden" name="token" value=(guest.text("token"));
                // Tells password managers which account it is.
                input type="hidden" name="username" autocomplete="username" value=(user.email);
                (parts::new_password("new_password", parts::fault(problem, "new_password")))
                button.button.go.full type="submit" { "Set the new password" }
            }
            p.quiet.small { "If you did not ask for it, close this page. Your password stays the same." }
        };
        ("Choose a new password", main)
    }

    async fn submit(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        let password: Password = typed::exact(&guest.form, "new_password")?;
        let token = Secret::new(guest.form.text("token"));
        let device = new_password::reset(cx, &token, password).await?;
        Ok(signed_out(cx, Done::PasswordReset, &device))
    }

    async fn spent(_: &Context, guest: &Guest) -> Result<Markup, Problem> {
        Ok(html! {
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
        })
    }
}
