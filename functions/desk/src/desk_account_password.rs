//! `/desk/account/password`: changes the visitor's password. Their other sessions end.

use byline_shared::auth::{audit, browser, limits, new_password};
use byline_shared::http::Response;
use byline_shared::model::{Password, Secret};
use byline_shared::prelude::*;
use http::header::SET_COOKIE;
use maud::html;

use crate::account::{self, Part};
use crate::answers::done;
use crate::notice::Done;
use crate::open::is_theirs;
use crate::page::{self, Page};
use crate::parts::{self, Field, Kind};
use crate::typed;
use crate::visit::Visit;

/// The password.
pub struct AccountPassword;

/// The operation.
pub const OPERATION: Operation = page::operation::<AccountPassword>(module_path!());

impl Page for AccountPassword {
    const NAME: &'static str = "desk-account-password";
    const PATH: &'static str = "/desk/account/password";
    const SUMMARY: &'static str = "Change your password";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem]),
        Permission::AccountSecret,
        limits::LIMIT_PERMISSION,
        audit::AUDIT_PERMISSION,
    ];
    const MEMORY: Memory = Memory::Hashing;
    const DONE: &'static [Done] = &[Done::PasswordChanged];

    type Needs = scope::Profile;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        Ok(view(cx, visit, None))
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        match change(cx, visit).await {
            Ok(device) => {
                let mut response = done(Self::PATH, Done::PasswordChanged);
                let device = browser::device_cookie(cx, &device);
                response.headers_mut().append(SET_COOKIE, device);
                Ok(response)
            }
            Err(problem) if is_theirs(&problem) => Ok(view(cx, visit, Some(&problem))),
            Err(problem) => Err(problem),
        }
    }
}

async fn change(cx: &Context, visit: &Visit) -> Result<Secret, Problem> {
    let present: Secret = typed::exact(&visit.form, "current_password")?;
    let new: Password = typed::exact(&visit.form, "new_password")?;
    new_password::change(cx, &visit.person(), &present, new).await
}

fn view(cx: &Context, visit: &Visit, problem: Option<&Problem>) -> Response {
    let main = html! {
        section.sheet {
            header { h2 { "Password" } }
            div.padded.stack {
                p { "A new password signs out all other browsers and the connected apps, and cancels a change \
                     of your e-mail address. API keys stay valid." (account::invitations_stop(visit)) }
                form.form method="post" action="/desk/account/password" {
                    (parts::token(visit))
                    // Tells password managers which account it is.
                    input type="hidden" name="username" autocomplete="username" value=(visit.caller.user.email);
                    (parts::field(Field {
                        name: "current_password",
                        label: "Current password",
                        kind: Kind::Password,
                        required: true,
                        max: Some(256),
                        fault: parts::fault(problem, "current_password"),
                        ..Field::default()
                    }))
                    (parts::new_password("new_password", parts::fault(problem, "new_password")))
                    div.row { button.button.go type="submit" { "Change the password" } }
                }
                p { a href="/desk/forgot-password" { "Forgot your password?" } }
            }
        }
    };
    account::page(cx, visit, Part::Password, problem, &main)
}
