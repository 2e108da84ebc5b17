//! `/desk/sign-out`: ends the session of this browser.

use byline_shared::auth::{audit, browser, own_sessions};
use byline_shared::http::Response;
use byline_shared::prelude::*;
use http::header::SET_COOKIE;
use maud::html;

use crate::answers::left;
use crate::layout::{Section, Sheet, sheet};
use crate::notice::Done;
use crate::page::{self, Page};
use crate::parts;
use crate::visit::Visit;

/// Signs out.
pub struct SignOut;

/// The operation.
pub const OPERATION: Operation = page::operation::<SignOut>(module_path!());

impl Page for SignOut {
    const NAME: &'static str = "desk-sign-out";
    const PATH: &'static str = "/desk/sign-out";
    const SUMMARY: &'static str = "Sign out of the Desk";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Table(Identity, &[DeleteItem]), audit::AUDIT_PERMISSION];

    type Needs = scope::Profile;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        let main = html! {
            (parts::head("Sign out?", Some("Apps and other browsers stay signed in. Text that you have not saved is removed from this browser."), None))
            form.row method="post" action="/desk/sign-out" {
                (parts::token(visit))
                button.button.go type="submit" { "Sign out of this browser" }
                a.button href="/desk" { "Stay signed in" }
            }
        };
        Ok(sheet(cx, visit, Sheet::new("Sign out", Section::Account), &main))
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        own_sessions::sign_out(cx, &visit.person()).await?;
        let mut response = left(Done::SignedOut, &visit.caller.user.id);
        response.headers_mut().append(SET_COOKIE, browser::no_session_cookie(cx));
        Ok(response)
    }
}
