//! `/desk/account/delete`: deletes the visitor's account. [`byline_shared::auth::deletion`] has the rules.

use byline_shared::auth::{audit, browser, deletion};
use byline_shared::http::Response;
use byline_shared::model::Role;
use byline_shared::prelude::*;
use byline_shared::store::keys;
use http::header::SET_COOKIE;
use maud::{Markup, html};

use crate::account::{self, Part};
use crate::answers::left;
use crate::notice::Done;
use crate::open::is_theirs;
use crate::page::{self, Page, recent_sign_in};
use crate::parts::{self, Field};
use crate::visit::Visit;

/// The end of the account.
pub struct AccountDelete;

/// The operation.
pub const OPERATION: Operation = page::operation::<AccountDelete>(module_path!());

impl Page for AccountDelete {
    const NAME: &'static str = "desk-account-delete";
    const PATH: &'static str = "/desk/account/delete";
    const SUMMARY: &'static str = "Delete your account";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(Identity, &[GetItem, PutItem, UpdateItem, DeleteItem]),
        Permission::Items(Content, keys::PROPAGATION_PREFIX, &[PutItem]),
        audit::AUDIT_PERMISSION,
    ];

    type Needs = scope::Profile;

    async fn show(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        if let Some(response) = recent_sign_in(cx, visit) {
            return Ok(response);
        }
        match deletion::require_another_admin(cx, &visit.person()).await {
            Ok(()) => Ok(view(cx, visit, None)),
            Err(problem) if problem.code == Code::LastAdmin => Ok(last_admin(cx, visit, None)),
            Err(problem) => Err(problem),
        }
    }

    async fn submit(cx: &Context, visit: &Visit) -> Result<Response, Problem> {
        if let Some(response) = recent_sign_in(cx, visit) {
            return Ok(response);
        }
        match delete(cx, visit).await {
            Ok(()) => {
                let mut response = left(Done::AccountDeleted, &visit.caller.user.id);
                response.headers_mut().append(SET_COOKIE, browser::no_session_cookie(cx));
                Ok(response)
            }
            Err(problem) if problem.code == Code::LastAdmin => {
                Ok(last_admin(cx, visit, Some(&problem)))
            }
            Err(problem) if is_theirs(&problem) => Ok(view(cx, visit, Some(&problem))),
            Err(problem) => Err(problem),
        }
    }
}

async fn delete(cx: &Context, visit: &Visit) -> Result<(), Problem> {
    let own = &visit.caller.user.email;
    if !visit.form.text("email").trim().eq_ignore_ascii_case(own.as_str()) {
        let message = "Enter the e-mail address of this account. It is there so that nothing is lost by one \
                       click too many.";
        return Err(Problem::invalid_field("email", "not_confirmed", message));
    }
    deletion::delete_account(cx, &visit.person()).await
}

fn view(cx: &Context, visit: &Visit, problem: Option<&Problem>) -> Response {
    let user = &visit.caller.user;
    let is_recent = account::is_recent(cx, visit);
    let main = html! {
        @if !is_recent {
            (account::sign_in_again(Part::Deletion, "Deleting your account"))
        }
        section.sheet {
            header { h2 { "Delete your account" } }
            div.padded.stack {
                (consequences(user.role))
                @if is_recent {
                    form.form method="post" action=(Part::Deletion.path()) {
                        (parts::token(visit))
                        (parts::field(Field {
                            name: "email",
                            label: "Your e-mail address",
                            value: visit.form.text("email"),
                            hint: Some(&format!("To confirm, enter {}", user.email)),
                            required: true,
                            max: Some(254),
                            fault: parts::fault(problem, "email"),
                            ..Field::default()
                        }))
                        div.row {
                            button.button.risk type="submit" { "Delete my account for good" }
                            a.button href=(Part::Profile.path()) { "Keep it" }
                        }
                    }
                }
            }
        }
    };
    account::page(cx, visit, Part::Deletion, problem, &main)
}

/// What happens, in words.
fn consequences(role: Role) -> Markup {
    html! {
        p { "The account is gone at once, and cannot be brought back." }
        ul {
            li { "You are signed out everywhere. Your API keys and connected apps stop working." }
            li { "Your public profile is removed." }
            @if role >= Role::Author {
                li { "Your posts and drafts stay. They are shown under \u{201c}Former author\u{201d}: within moments, your name \
                      is taken off them, their history and the security log." }
                li { "What you scheduled does not go live: your schedules end within moments, and editors are told. \
                      What you approved and is not live yet needs a new decision before an agent may publish it." }
                li { "Your conversations with the agent are deleted within moments." }
                li { "Preview links that you made keep working until they end. To end one now, revoke it at its post." }
                li { "Files that you uploaded stay in the library." }
            }
            @if role == Role::Admin {
                li { "Invitations that you sent stop working." }
            }
            li { "Your e-mail address gets a last mail. With another invitation or sign-up, it can have a new account"
                @if role >= Role::Author { ", which has none of these posts" } "." }
        }
    }
}

fn last_admin(cx: &Context, visit: &Visit, problem: Option<&Problem>) -> Response {
    let main = html! {
        section.sheet {
            header { h2 { "Delete your account" } }
            div.padded.stack {
                p { "You are the last admin, so your account cannot be deleted: nobody could let people in any more. \
                     Give somebody else the role admin first." }
                p.row { a.button.go href="/desk/people" { "Go to the people" } }
            }
        }
    };
    account::page(cx, visit, Part::Deletion, problem, &main)
}
