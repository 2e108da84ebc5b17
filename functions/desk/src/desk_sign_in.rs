//! `/desk/sign-in`: signs a person in, with the password, with a code by e-mail, or with the link of
//! a mail. Afterwards it leads to the page of the Desk that asked for it.

use byline_shared::auth::audit;
use byline_shared::auth::browser::{self, SignedIn};
use byline_shared::auth::browser_sign_in::{self, Entered};
use byline_shared::auth::sign_in_fault::Fault;
use byline_shared::http::Response;
use byline_shared::model::{Role, Secret};
use byline_shared::prelude::*;
use http::header::SET_COOKIE;

use crate::answers::see_other;
use crate::next;
use crate::notice::Done;
use crate::open::{Guest, Open, OpenPage, is_theirs};
use crate::sign_in::{self, Form, code_path};

/// Signs in.
pub struct SignIn;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<Open<SignIn>>(module_path!());

impl OpenPage for SignIn {
    const NAME: &'static str = "desk-sign-in";
    const PATH: &'static str = "/desk/sign-in";
    const SUMMARY: &'static str = "Sign in to the Desk";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Table(
            Identity,
            &[BatchGetItem, ConditionCheckItem, DeleteItem, GetItem, PutItem, UpdateItem],
        ),
        Permission::AccountSecret,
        audit::AUDIT_PERMISSION,
    ];
    const MEMORY: Memory = Memory::Hashing;
    const DONE: &'static [Done] = &[
        Done::Confirmed,
        Done::Joined,
        Done::PasswordReset,
        Done::AddressChanged,
        Done::SignedOut,
    ];

    async fn show(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        if !guest.text("token").is_empty() {
            return Ok(sign_in::page(cx, guest, &Form::Link, None));
        }
        if guest.query.text("by") == "code" || guest.form.text("step") == "mail-code" {
            return Ok(sign_in::page(cx, guest, &Form::Code, None));
        }
        let is_again = guest.text("again") == "1";
        match browser::signed_in(cx, &guest.headers).await? {
            Some(who) if !is_again => Ok(see_other(target(guest, who.account.user.role))),
            Some(who) => {
                let email = who.account.user.email.as_str().to_owned();
                Ok(sign_in::page(cx, guest, &Form::Password { email: Some(email) }, None))
            }
            None => Ok(sign_in::page(cx, guest, &Form::Password { email: None }, None)),
        }
    }

    async fn submit(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        let code = guest.form.text("code");
        let (form, outcome) = match guest.form.text("step") {
            "mail" => return request_code(cx, guest).await,
            "mail-code" => {
                let typed = guest.form.text("mail-code");
                (Form::Code, browser_sign_in::with_mailed_code(cx, typed, code).await)
            }
            "link" => {
                let token = Secret::new(guest.form.text("token"));
                (Form::Link, browser_sign_in::with_mailed_token(cx, &token, code).await)
            }
            _ => {
                let (email, password) = (guest.form.text("email"), guest.form.text("password"));
                let entered = Entered { email, password, code };
                let outcome = browser_sign_in::with_password(cx, &guest.headers, entered).await;
                (Form::Password { email: None }, outcome)
            }
        };
        let problem = match outcome {
            Ok(who) => return signed_in(cx, guest, &who).await,
            Err(problem) if is_theirs(&problem) => problem,
            Err(problem) => return Err(problem),
        };
        let fault = match form {
            Form::Password { .. } => Fault::with_password(&problem, code),
            Form::Code => Fault::with_mailed_code(&problem, code),
            Form::Link => Fault::with_mailed_link(&problem, code),
        };
        // A link that does not work any more leaves the other two ways.
        let form = if matches!(form, Form::Link) && problem.code == Code::InvalidInput {
            Form::Password { email: None }
        } else {
            form
        };
        Ok(sign_in::page(cx, guest, &form, Some((&fault, &problem))))
    }
}

/// Sends a code by e-mail, and asks for it.
async fn request_code(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
    let problem = match browser_sign_in::request_code(cx, guest.form.text("email")).await {
        Ok(()) => return Ok(see_other(&code_path(guest))),
        Err(problem) if is_theirs(&problem) => problem,
        Err(problem) => return Err(problem),
    };
    let fault = Fault::with_mail_request(&problem);
    // The code of an earlier mail still works, and the refusal says to use it.
    let form = match problem.code {
        Code::TooManyRequests => Form::Code,
        _ => Form::Password { email: None },
    };
    Ok(sign_in::page(cx, guest, &form, Some((&fault, &problem))))
}

/// Leads on with the cookies of the sign-in. The browser's session before it ends.
async fn signed_in(cx: &Context, guest: &Guest, who: &SignedIn) -> Result<Response, Problem> {
    if let Some(before) = browser::signed_in(cx, &guest.headers).await? {
        cx.store.sessions().delete(&before.account.user.id, &before.session.id).await?;
    }
    let mut response = see_other(target(guest, who.account.user.role));
    for cookie in browser_sign_in::cookies(cx, who).await? {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Where the sign-in leads.
fn target(guest: &Guest, role: Role) -> &str {
    next::checked(guest.text("next")).unwrap_or_else(|| next::home(role))
}
