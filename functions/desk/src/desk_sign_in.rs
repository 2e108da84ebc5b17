//! `/desk/sign-in`: signs a person in, with the password, with a passkey, with a code by e-mail, or with the
//! link of a mail. Afterwards it leads to the page of the Desk that asked for it.

use byline_shared::auth::audit;
use byline_shared::auth::browser::{self, SignedIn};
use byline_shared::auth::browser_sign_in::{self, Entered};
use byline_shared::auth::first_admin;
use byline_shared::auth::passkeys;
use byline_shared::auth::sign_in::spent;
use byline_shared::auth::sign_in_fault::Fault;
use byline_shared::http::Response;
use byline_shared::model::{Role, Secret};
use byline_shared::prelude::*;
use http::StatusCode;
use http::header::SET_COOKIE;
use serde_json::json as object;

use crate::answers::{json, see_other};
use crate::next;
use crate::notice::Done;
use crate::open::{Guest, Open, OpenPage, count_mail, is_theirs};
use crate::sign_in::{self, Form, code_path, first};

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
        Done::AccountDeleted,
    ];

    async fn show(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        // For the script of the page.
        if guest.query.has("passkey") {
            // The cookie may be new; the token of the page's form follows it.
            let options = passkeys::sign_in::options(cx, &guest.key).await?;
            let answer = object!({ "publicKey": options, "form_token": guest.form_token });
            return Ok(json(200, &answer));
        }
        if !guest.text("token").is_empty() {
            return by_link(cx, guest).await;
        }
        if guest.query.text("by") == "code" || guest.form.text("step") == "mail-code" {
            return Ok(sign_in::page(cx, guest, &Form::Code, None));
        }
        let is_again = guest.text("again") == "1";
        match browser::signed_in(cx, &guest.headers).await? {
            Some(who) if !is_again => Ok(see_other(target(guest, who.account.user.role))),
            Some(who) => {
                let email = who.account.user.email.as_str().to_owned();
                let form = Form::Password { email: Some(email), steps: None };
                Ok(sign_in::page(cx, guest, &form, None))
            }
            None => begin(cx, guest, None).await,
        }
    }

    async fn submit(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
        let code = guest.form.text("code");
        let (form, outcome) = match guest.form.text("step") {
            "mail" => return request_code(cx, guest).await,
            first::STEP => return send_first_link(cx, guest).await,
            "mail-code" => {
                let typed = guest.form.text("mail-code");
                (Form::Code, browser_sign_in::with_mailed_code(cx, typed, code).await)
            }
            "passkey" => {
                let given = guest.form.text("passkey");
                let outcome = passkeys::sign_in::with_passkey(cx, &guest.headers, given).await;
                (FORM, outcome)
            }
            "link" => {
                let token = Secret::new(guest.form.text("token"));
                let outcome = browser_sign_in::with_mailed_token(cx, &token, code).await;
                // The page asked for it, or learns now that the account does.
                let needs_code = guest.form.has("code")
                    || outcome.as_ref().is_err_and(|it| it.code == Code::SecondFactorRequired);
                (Form::Link { needs_code }, outcome)
            }
            _ => {
                let (email, password) = (guest.form.text("email"), guest.form.text("password"));
                let entered = Entered { email, password, code };
                let outcome = browser_sign_in::with_password(cx, &guest.headers, entered).await;
                (FORM, outcome)
            }
        };
        let problem = match outcome {
            Ok(who) => return signed_in(cx, guest, &who).await,
            Err(problem) if is_theirs(&problem) => problem,
            Err(problem) => return Err(problem),
        };
        let fault = match form {
            Form::Password { .. } if guest.form.text("step") == "passkey" => {
                Fault::with_passkey(&problem)
            }
            Form::Password { .. } => Fault::with_password(&problem, code),
            Form::Code => Fault::with_mailed_code(&problem, code),
            Form::Link { .. } => Fault::with_mailed_link(&problem, code),
        };
        // A link that does not work any more leaves the other two ways.
        let is_spent = matches!(form, Form::Link { .. }) && problem.code == Code::InvalidInput;
        let form = if is_spent { FORM } else { form };
        Ok(sign_in::page(cx, guest, &form, Some((&fault, &problem))))
    }
}

/// The page that the link of a mail leads to. A link that does not work any more leaves the other two ways.
async fn by_link(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
    let problem = match browser_sign_in::look(cx, &Secret::new(guest.text("token"))).await {
        Ok(Some(link)) => {
            let form = Form::Link { needs_code: link.needs_code };
            return Ok(sign_in::page(cx, guest, &form, None));
        }
        Ok(None) => spent(),
        Err(problem) if is_theirs(&problem) => problem,
        Err(problem) => return Err(problem),
    };
    let fault = Fault::with_mailed_link(&problem, "");
    let mut response = sign_in::page(cx, guest, &FORM, Some((&fault, &problem)));
    // The page is there, whatever it says of the link.
    if problem.code != Code::TooManyRequests {
        *response.status_mut() = StatusCode::OK;
    }
    Ok(response)
}

/// The form for the password, empty.
const FORM: Form = Form::Password { email: None, steps: None };

/// The page for somebody who is not signed in: to sign in, or to set up a Byline that has no admin yet.
async fn begin(
    cx: &Context,
    guest: &Guest,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let steps = first_admin::first_steps(cx).await?;
    let special = steps.as_ref().and_then(|steps| match guest.query.text("by") {
        "password" => None,
        _ if guest.query.has("sent") && problem.is_none() => first::sent(cx, guest, steps),
        _ => first::set_up(cx, guest, steps, problem),
    });
    Ok(special.unwrap_or_else(|| {
        let form = Form::Password { email: None, steps };
        let fault = problem.map(Fault::with_mail_request);
        sign_in::page(cx, guest, &form, fault.as_ref().zip(problem))
    }))
}

/// Sends the link that a Byline nobody has signed in to offers. The form has no address: it goes to the one that
/// the deployment names.
async fn send_first_link(cx: &Context, guest: &Guest) -> Result<Response, Problem> {
    let outcome = async {
        count_mail(cx).await?;
        first_admin::send_link(cx).await
    };
    match outcome.await {
        Ok(()) => Ok(see_other(first::SENT)),
        // There is an admin by now.
        Err(problem) if matches!(problem.code, Code::Forbidden | Code::RegistrationClosed) => {
            Ok(see_other("/desk/sign-in"))
        }
        Err(problem) if is_theirs(&problem) => begin(cx, guest, Some(&problem)).await,
        Err(problem) => Err(problem),
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
        _ => FORM,
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
