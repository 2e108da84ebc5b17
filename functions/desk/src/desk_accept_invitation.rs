//! `/desk/accept-invitation`: makes the account of an invitation with the token of a mail, and signs in.
//! [`byline_shared::auth::invitations`] has the rules.

use byline_shared::auth::{audit, invitations, limits};
use byline_shared::http::Response;
use byline_shared::model::{Email, Invitation, Name, Password, Secret};
use byline_shared::prelude::*;
use maud::{Markup, html};

use crate::mailed::{Mailed, MailedPage, sign_in};
use crate::notice::Done;
use crate::open::{Guest, Open};
use crate::parts::{self, Field};
use crate::typed::{self, Typed};
use crate::welcome::welcome;

/// Accepts an invitation.
struct Accept;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Open<Mailed<Accept>>>(module_path!());

impl MailedPage for Accept {
    const NAME: &'static str = "desk-accept-invitation";
    const PATH: &'static str = "/desk/accept-invitation";
    const SUMMARY: &'static str = "Accept an invitation and choose a password";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(
            Identity,
            &[BatchGetItem, ConditionCheckItem, DeleteItem, GetItem, PutItem, Query, UpdateItem],
        ),
        Permission::AccountSecret,
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];

    type Link = Invitation;

    async fn look(cx: &Context, token: &Secret) -> Result<Option<Invitation>, Problem> {
        invitations::look(cx, token).await
    }

    fn address(invitation: &Invitation) -> Option<&Email> {
        Some(&invitation.email)
    }

    fn form(
        cx: &Context,
        guest: &Guest,
        invitation: &Invitation,
        problem: Option<&Problem>,
    ) -> (&'static str, Markup) {
        let name = invitation.name.as_ref().map_or("", Name::as_str);
        let from = invitation.invited_by_name.as_ref().map_or("An admin", Name::as_str);
        let main = html! {
            p { (from) " invites you to " (cx.settings.last().title) ", as " (invitation.role.as_str()) ". Choose a password \
                 to make your account. You will sign in with " strong { (invitation.email) } "." }
            form.form method="post" action=(Self::PATH) {
                (guest.form_token())
                input type="hidden" name="token" value=(guest.text("token"));
                (parts::field(Field {
                    name: "name",
                    label: "Your name",
                    value: guest.form.get("name").unwrap_or(name),
                    hint: Some("Readers see it with your posts."),
                    required: true,
                    max: Some(100),
                    fault: parts::fault(problem, "name"),
                    ..Field::default()
                }))
                (parts::new_password("password", parts::fault(problem, "password")))
                button.button.go.full type="submit" { "Accept and sign in" }
            }
            p.quiet.small { "If you did not expect an invitation, close this page. No account will be created." }
        };
        ("Accept the invitation", main)
    }

    async fn submit(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        let token = Secret::new(guest.form.text("token"));
        let mut typed = Typed::new(&guest.form);
        let name: Option<Name> = typed.optional("name");
        typed.finish()?;
        let password: Password = typed::exact(&guest.form, "password")?;
        let made = invitations::accept(cx, &token, password, name).await?;
        welcome(cx, guest, made, Done::Joined).await
    }

    async fn spent(_: &Context, _: &Guest) -> Result<Markup, Problem> {
        Ok(html! {
            p { "The invitation has expired, was withdrawn or replaced, or has already been accepted. If you have \
                 an account, sign in. Otherwise ask an admin for another invitation." }
            (sign_in())
        })
    }
}
