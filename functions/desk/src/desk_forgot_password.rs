//! `/desk/forgot-password`: sends a link to choose a new password. Mails about a change that somebody did not
//! make lead here, too: `?not-me=1`. [`byline_shared::auth::new_password`] has the rules.

use byline_shared::auth::{audit, limits, new_password};
use byline_shared::http::Response;
use byline_shared::prelude::*;
use byline_shared::store::keys::MAIL_PREFIX;
use maud::html;

use crate::answers::see_other;
use crate::open::{Guest, Open, OpenPage, count_mail, is_theirs, page};
use crate::parts::{self, Field, Kind};
use crate::sign_in::first::in_mailbox;
use crate::typed;

/// Sends the link.
pub struct ForgotPassword;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Open<ForgotPassword>>(module_path!());

impl OpenPage for ForgotPassword {
    const NAME: &'static str = "desk-forgot-password";
    const PATH: &'static str = "/desk/forgot-password";
    const SUMMARY: &'static str = "Ask for a link to choose a new password";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Identity, MAIL_PREFIX, &[PutItem]),
        Permission::AccountSecret,
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];

    async fn show(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        if !guest.query.has("sent") {
            return Ok(ask(cx, guest, None));
        }
        let main = html! {
            p { "If there is an account at " (cx.settings.last().title) " for the address, an e-mail with a link \
                 is on its way. The link works once, within 30 minutes." }
            (in_mailbox(cx))
            p { a href="/desk/sign-in" { "Sign in" } }
        };
        Ok(page(cx, guest, "Check your inbox", None, &main))
    }

    async fn submit(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        let outcome = async {
            let email = typed::line(&guest.form, "email")?;
            count_mail(cx).await?;
            new_password::request(cx, email).await
        };
        match outcome.await {
            Ok(()) => Ok(see_other("/desk/forgot-password?sent=1")),
            Err(problem) if is_theirs(&problem) => Ok(ask(cx, guest, Some(&problem))),
            Err(problem) => Err(problem),
        }
    }
}

fn ask(cx: &Context, guest: &Guest, problem: Option<&Problem>) -> Response {
    let is_not_me = guest.text("not-me") == "1";
    let title = if is_not_me { "Take your account back" } else { "Forgot your password?" };
    let main = html! {
        @if is_not_me {
            p { "Somebody else may be in your account. A new password ends all sessions, the access of \
                 connected apps, and a pending change of your e-mail address." }
            p { "API keys stay valid. After you have signed in again, look at the list of keys in your \
                 account, and revoke those that you do not know." }
        } @else {
            p { "Enter the e-mail address of your account. You get a link to choose a new password." }
        }
        form.form method="post" action="/desk/forgot-password" {
            (guest.form_token())
            @if is_not_me {
                input type="hidden" name="not-me" value="1";
            }
            (parts::field(Field {
                name: "email",
                label: "E-mail address",
                value: guest.form.text("email"),
                kind: Kind::Account,
                required: true,
                max: Some(254),
                fault: parts::fault(problem, "email"),
                ..Field::default()
            }))
            button.button.go.full type="submit" { "Send me a link" }
        }
        p { a href="/desk/sign-in" { "Sign in" } }
    };
    page(cx, guest, title, problem, &main)
}
