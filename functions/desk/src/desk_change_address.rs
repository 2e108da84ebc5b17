//! `/desk/change-address`: confirms a change of e-mail address with the token of a mail. Both addresses get
//! one; the new one also needs the account's password. [`byline_shared::auth::address_change`] has the rules.

use byline_shared::auth::address_change::{self, State};
use byline_shared::auth::{audit, limits};
use byline_shared::http::Response;
use byline_shared::model::Secret;
use byline_shared::prelude::*;
use maud::html;

use crate::answers::{see_other, signed_out};
use crate::notice::Done;
use crate::open::{self, Guest, Open, OpenPage, is_spent, is_theirs, page};
use crate::parts::{self, Field, Kind};
use crate::typed;

/// Confirms a change of address.
pub struct ChangeAddress;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Open<ChangeAddress>>(module_path!());

impl OpenPage for ChangeAddress {
    const NAME: &'static str = "desk-change-address";
    const PATH: &'static str = "/desk/change-address";
    const SUMMARY: &'static str = "Confirm a change of e-mail address";
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
        if !guest.query.has("confirmed") {
            return Ok(ask(cx, guest, None));
        }
        let main = html! {
            p { "The other address has a mail with a link of its own. When that is confirmed too, your \
                 address changes, and you sign in with the new one." }
            p { a href="/desk" { "Go to the Desk" } }
        };
        Ok(page(cx, guest, "This address is confirmed", None, &main))
    }

    async fn submit(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        let outcome = async {
            let token = Secret::new(guest.form.text("token"));
            let given = guest.form.text("password");
            let given =
                if given.is_empty() { None } else { Some(typed::exact(&guest.form, "password")?) };
            address_change::confirm(cx, &token, given).await
        };
        match outcome.await {
            Ok(State::Pending) => Ok(see_other("/desk/change-address?confirmed=1")),
            Ok(State::Changed(device)) => Ok(signed_out(cx, Done::AddressChanged, &device)),
            Err(problem) if is_spent(&problem) => Ok(spent(cx, guest)),
            Err(problem) if is_theirs(&problem) => Ok(ask(cx, guest, Some(&problem))),
            Err(problem) => Err(problem),
        }
    }
}

fn ask(cx: &Context, guest: &Guest, problem: Option<&Problem>) -> Response {
    let main = html! {
        p { "Somebody asked to change the e-mail address of an account at " (cx.config.site_name) ". The old \
             and the new address must both confirm it. All sessions of the account end with the change." }
        form.form method="post" action="/desk/change-address" {
            (guest.form_token())
            input type="hidden" name="token" value=(guest.text("token"));
            (parts::field(Field {
                name: "password",
                label: "Password of the account",
                hint: Some("Only if the e-mail came to the new address."),
                kind: Kind::Password,
                max: Some(256),
                fault: parts::fault(problem, "password"),
                ..Field::default()
            }))
            button.button.go.full type="submit" { "Confirm the change" }
        }
        p { a href="/desk/forgot-password?not-me=1" { "This was not me" } }
    };
    page(cx, guest, "Confirm the new e-mail address", problem, &main)
}

/// The page for a link that does not work any more. The account has a form to begin again.
fn spent(cx: &Context, guest: &Guest) -> Response {
    let main = html! {
        p { "The link has expired, has already been used, or is not complete, or the new address now belongs \
             to another account. If you have just confirmed it, sign in. To change your address, begin again in \
             your account." }
        p.row { a.button.go href="/desk/account#email" { "Go to your account" } }
    };
    open::spent(cx, guest, &main)
}
