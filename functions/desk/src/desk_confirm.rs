//! `/desk/confirm`: confirms the address of a sign-up with the token of a mail, takes the password, and signs
//! in. [`byline_shared::auth::sign_up`] has the rules.

use byline_shared::auth::{audit, limits, sign_up};
use byline_shared::http::Response;
use byline_shared::model::{Email, Name, Password, Secret};
use byline_shared::prelude::*;
use maud::{Markup, html};

use crate::mailed::{Mailed, MailedPage, sign_in};
use crate::notice::Done;
use crate::open::{Guest, Open};
use crate::parts::{self, Field};
use crate::sign_up::{Ask, form};
use crate::typed::{self, Typed};
use crate::welcome::welcome;

/// Confirms an address.
struct Confirm;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Open<Mailed<Confirm>>>(module_path!());

/// A sign-up that waits for its address to be confirmed.
struct SignUp {
    email: Email,
    /// Whether it becomes the first admin's account, which nobody has given a name yet.
    is_first: bool,
}

impl MailedPage for Confirm {
    const NAME: &'static str = "desk-confirm";
    const PATH: &'static str = "/desk/confirm";
    const SUMMARY: &'static str = "Confirm an address and choose a password";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(
            Identity,
            &[BatchGetItem, ConditionCheckItem, DeleteItem, GetItem, PutItem, Query, UpdateItem],
        ),
        Permission::AccountSecret,
        sign_up::REGISTRATION_PERMISSION,
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];

    type Link = SignUp;

    async fn look(cx: &Context, token: &Secret) -> Result<Option<SignUp>, Problem> {
        let Some(registration) = sign_up::look(cx, token).await? else { return Ok(None) };
        let is_first = sign_up::makes_admin(cx, &registration.email).await?;
        Ok(Some(SignUp { email: registration.email, is_first }))
    }

    fn address(link: &SignUp) -> Option<&Email> {
        Some(&link.email)
    }

    fn form(
        cx: &Context,
        guest: &Guest,
        link: &SignUp,
        problem: Option<&Problem>,
    ) -> (&'static str, Markup) {
        let settings = cx.settings.last();
        let site = &settings.title;
        let (label, hint) = match link.is_first {
            true => ("Your name", "Readers see it."),
            false => (
                "Your name (optional)",
                "Readers see it. Leave it empty to keep the name that was given when signing up.",
            ),
        };
        let main = html! {
            @if link.is_first {
                p { "You are about to confirm the address " strong { (link.email) } " and become the admin of " (site) "." }
            } @else {
                p { "You are about to confirm the address " strong { (link.email) } " for " (site) "." }
            }
            form.form method="post" action=(Self::PATH) {
                (guest.form_token())
                input type="hidden" name="token" value=(guest.text("token"));
                @if link.is_first {
                    input type="hidden" name="first" value="1";
                }
                (parts::new_password("password", parts::fault(problem, "password")))
                // Not the name of the sign-up: the person who signed up may have put words of theirs into it.
                (parts::field(Field {
                    name: "name",
                    label,
                    value: guest.form.text("name"),
                    hint: Some(hint),
                    required: link.is_first,
                    max: Some(100),
                    fault: parts::fault(problem, "name"),
                    ..Field::default()
                }))
                button.button.go.full type="submit" { "Confirm and sign in" }
            }
            p.quiet.small { "If you did not sign up, close this page. No account will be created." }
        };
        ("Choose a password", main)
    }

    async fn submit(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        let token = Secret::new(guest.form.text("token"));
        let mut typed = Typed::new(&guest.form);
        let is_first = guest.form.text("first") == "1";
        let name: Option<Name> =
            if is_first { typed.required("name") } else { typed.optional("name") };
        typed.finish()?;
        let password: Password = typed::exact(&guest.form, "password")?;
        let made = sign_up::confirm(cx, &token, password, name).await?;
        welcome(cx, guest, made, Done::Confirmed).await
    }

    async fn spent(cx: &Context, guest: &Guest) -> Result<Markup, Problem> {
        let is_open = sign_up::is_open(cx).await?;
        Ok(html! {
            p { "The link has expired, has already been used, or is not complete. If you have confirmed your \
                 address, sign in." }
            (sign_in())
            @if is_open {
                h2 { "Otherwise, sign up again" }
                (form(guest, Ask::Again, None))
            }
        })
    }
}
