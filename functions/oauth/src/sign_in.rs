//! The steps of signing in at `/oauth/authorize`. `byline_shared::auth::sign_in` has the rules.

use byline_shared::Context;
use byline_shared::auth::limits::{self, MailKind};
use byline_shared::auth::sign_in::{Credentials, by_mail, refused, sign_in, spent};
use byline_shared::auth::{device, mailed_token, sessions};
use byline_shared::http::Response;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{Email, Secret};
use byline_shared::oauth::request::AuthorizationRequest;
use byline_shared::oauth::{Form, browser};
use byline_shared::store::outbox::{Message, OutboxItem};
use byline_shared::store::sessions::SessionItem;
use byline_shared::store::users::UserItem;
use http::StatusCode;
use http::header::{HeaderMap, SET_COOKIE};

use crate::pages::{self, Fault, Page};
use crate::redirects::{again, see_other};

/// The longest password that is looked at: the one that the API takes.
const MAX_PASSWORD: usize = 1024;

/// Shows the page to sign in.
pub(crate) async fn show(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
    request: &AuthorizationRequest,
) -> Result<Response, Problem> {
    page(cx, headers, form, request, pages::sign_in, None).await
}

/// Signs in with the password.
pub(crate) async fn with_password(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
    request: &AuthorizationRequest,
) -> Result<Response, Problem> {
    let password = form.get("password").unwrap_or_default();
    let outcome = async {
        if password.is_empty() || password.len() > MAX_PASSWORD {
            return Err(refused());
        }
        let credentials = Credentials {
            email: email(form).ok_or_else(refused)?,
            password: Secret::new(password),
            code: one_time_code(form),
            device_token: browser::device_token(cx, headers),
        };
        let account = sign_in(cx, &credentials).await?;
        let session = sessions::create_for_browser(cx, &account).await?.ok_or_else(refused)?;
        Ok::<_, Problem>((account, session))
    };
    match outcome.await {
        Ok::<_, Problem>((account, session)) => signed_in(cx, form, &account, &session).await,
        Err(problem) => {
            let fault = Fault::with_password(&problem, form);
            fault_page(cx, headers, form, request, pages::sign_in, (fault, problem)).await
        }
    }
}

/// Sends a code to sign in with, and asks for it.
pub(crate) async fn request_mail(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
    request: &AuthorizationRequest,
) -> Result<Response, Problem> {
    let outcome = async {
        let email = email(form).ok_or_else(|| {
            let detail = "Enter the e-mail address of your account.";
            Problem::new(Code::InvalidCredentials, detail)
        })?;
        limits::acquire(cx, &limits::MAIL_NETWORK, &limits::network(cx.request.source_ip)).await?;
        limits::acquire_mail(cx, MailKind::SignInCode, &email).await?;
        let entry = AuditEntry::new(cx, Event::SignInLinkRequested).about(limits::address(&email));
        let mail = OutboxItem::new(cx.clock.now(), email, Message::SignInCode);
        cx.store.outbox().create(&mail).await?;
        entry.record(cx).await;
        Ok::<_, Problem>(())
    };
    match outcome.await {
        Ok(()) => page(cx, headers, form, request, pages::mail_code, None).await,
        Err(problem) => {
            let fault = Fault::with_mail_request(&problem);
            // The code of an earlier mail still works, and the refusal says to use it.
            let is_limited = problem.code == Code::TooManyRequests;
            let page_of: SignInPage = if is_limited { pages::mail_code } else { pages::sign_in };
            fault_page(cx, headers, form, request, page_of, (fault, problem)).await
        }
    }
}

/// Signs in with the code of a mail.
pub(crate) async fn with_mail_code(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
    request: &AuthorizationRequest,
) -> Result<Response, Problem> {
    let outcome = async {
        let token = mailed_token::from_code(form.get("mail_code").unwrap_or_default());
        let who = by_mail(cx, &token, one_time_code(form).as_ref()).await?;
        let session = sessions::create_for_browser_by_mail(cx, &who).await?.ok_or_else(spent)?;
        Ok::<_, Problem>((who.account, session))
    };
    match outcome.await {
        Ok::<_, Problem>((account, session)) => signed_in(cx, form, &account, &session).await,
        Err(problem) => {
            let fault = Fault::with_mail_code(&problem, form);
            fault_page(cx, headers, form, request, pages::mail_code, (fault, problem)).await
        }
    }
}

/// The address in a form, if it can be one.
fn email(form: &Form) -> Option<Email> {
    form.get("email").unwrap_or_default().trim().parse().ok()
}

fn one_time_code(form: &Form) -> Option<Secret> {
    form.get("code").map(str::trim).filter(|code| !code.is_empty()).map(Secret::new)
}

/// Leads on to the request with the cookies of a sign-in.
async fn signed_in(
    cx: &Context,
    form: &Form,
    account: &UserItem,
    session: &SessionItem,
) -> Result<Response, Problem> {
    let device = device::token(cx, &account.user.email, account.token_version).await?;
    let mut response = see_other(&again(form));
    let cookies =
        [browser::session_cookie(cx, session).await?, browser::device_cookie(cx, &device)];
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The page again, with what was wrong. Faults of ours are not the page's.
async fn fault_page(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
    request: &AuthorizationRequest,
    page_of: SignInPage,
    (fault, problem): (Fault, Problem),
) -> Result<Response, Problem> {
    let status = problem.code.status();
    if status >= 500 {
        return Err(problem);
    }
    let retry = problem.headers.into_iter().filter(|(name, _)| name != "www-authenticate");
    let mut response = page(cx, headers, form, request, page_of, Some(fault)).await?;
    // 401 needs a WWW-Authenticate challenge, for which browsers open a dialog of their own.
    let status = if problem.code == Code::TooManyRequests { status } else { 403 };
    *response.status_mut() = StatusCode::from_u16(status).map_err(Problem::internal)?;
    response.headers_mut().extend(retry);
    Ok(response)
}

/// [`pages::sign_in`] or [`pages::mail_code`].
type SignInPage = fn(&Page<'_>, Option<&Fault>) -> Response;

async fn page(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
    request: &AuthorizationRequest,
    page_of: SignInPage,
    fault: Option<Fault>,
) -> Result<Response, Problem> {
    let key = browser::form_key(cx, headers).await?;
    let (token, again) = (key.token(cx, form, None).await?, again(form));
    let page = Page { site: &cx.config.site_name, form, again: &again, token: &token, request };
    let mut response = page_of(&page, fault.as_ref());
    if !key.is_known {
        response.headers_mut().append(SET_COOKIE, key.set_cookie(cx));
    }
    Ok(response)
}
