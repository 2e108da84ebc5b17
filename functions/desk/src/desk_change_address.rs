//! `/desk/change-address`: confirms a change of e-mail address with the token of a mail. Both addresses get
//! one; the new one also needs the account's password. [`byline_shared::auth::address_change`] has the rules.

use byline_shared::auth::address_change::{self, Asked, State};
use byline_shared::auth::{audit, limits};
use byline_shared::http::Response;
use byline_shared::model::{AddressSide, Email, Secret};
use byline_shared::prelude::*;
use maud::{Markup, html};

use crate::answers::{see_other, signed_out};
use crate::mailed::{Mailed, MailedPage};
use crate::notice::Done;
use crate::open::{Guest, Open, page};
use crate::parts::{self, Field, Kind};
use crate::typed;

/// Confirms a change of address.
struct ChangeAddress;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Open<Mailed<ChangeAddress>>>(module_path!());

impl MailedPage for ChangeAddress {
    const NAME: &'static str = "desk-change-address";
    const PATH: &'static str = "/desk/change-address";
    const SUMMARY: &'static str = "Confirm a change of e-mail address";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[BatchGetItem, GetItem, PutItem, UpdateItem, DeleteItem]),
        Permission::AccountSecret,
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];

    type Link = Asked;

    async fn look(cx: &Context, token: &Secret) -> Result<Option<Asked>, Problem> {
        address_change::look(cx, token).await
    }

    fn address(asked: &Asked) -> Option<&Email> {
        (asked.side == AddressSide::Old).then_some(&asked.old)
    }

    fn form(
        cx: &Context,
        guest: &Guest,
        asked: &Asked,
        problem: Option<&Problem>,
    ) -> (&'static str, Markup) {
        let main = html! {
            p { "Somebody asked to change the e-mail address of an account at " (cx.settings.last().title) " to "
                strong { (asked.new) } ". The old and the new address must both confirm it. All sessions of the \
                 account end with the change." }
            form.form method="post" action=(Self::PATH) {
                (guest.form_token())
                input type="hidden" name="token" value=(guest.text("token"));
                @if asked.side == AddressSide::New {
                    (parts::field(Field {
                        name: "password",
                        label: "Password of the account",
                        hint: Some("It proves that the account is yours."),
                        kind: Kind::Password,
                        required: true,
                        max: Some(256),
                        fault: parts::fault(problem, "password"),
                        ..Field::default()
                    }))
                }
                button.button.go.full type="submit" { "Confirm the change" }
            }
            p { a href="/desk/forgot-password?not-me=1" { "This was not me" } }
        };
        ("Confirm the new e-mail address", main)
    }

    async fn submit(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        let token = Secret::new(guest.form.text("token"));
        let given = guest.form.text("password");
        let given =
            if given.is_empty() { None } else { Some(typed::exact(&guest.form, "password")?) };
        match address_change::confirm(cx, &token, given).await? {
            State::Pending => Ok(see_other("/desk/change-address?confirmed=1")),
            State::Changed(device) => Ok(signed_out(cx, Done::AddressChanged, &device)),
        }
    }

    /// The account has a form to begin again.
    async fn spent(_: &Context, _: &Guest) -> Result<Markup, Problem> {
        Ok(html! {
            p { "The link has expired, has already been used, or is not complete, or the new address now belongs \
                 to another account. If you have just confirmed it, sign in. To change your address, begin again in \
                 your account." }
            p.row { a.button.go href="/desk/account#email-address" { "Go to your account" } }
        })
    }

    fn without_link(cx: &Context, guest: &Guest) -> Option<Response> {
        if !guest.query.has("confirmed") {
            return None;
        }
        let main = html! {
            p { "The other address has a mail with a link of its own. When that is confirmed too, your \
                 address changes, and you sign in with the new one." }
            p { a href="/desk" { "Go to the Desk" } }
        };
        Some(page(cx, guest, "This address is confirmed", None, &main))
    }
}
