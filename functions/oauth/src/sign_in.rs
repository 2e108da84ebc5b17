//! Signing in at `/oauth/authorize`. `byline_shared::auth::browser_sign_in` has the steps.

use byline_shared::Context;
use byline_shared::auth::browser::SignedIn;
use byline_shared::auth::browser_sign_in::{self, Entered};
use byline_shared::auth::form_key;
use byline_shared::auth::passkeys::RelyingParty;
use byline_shared::auth::sign_in_fault::Fault;
use byline_shared::http::Response;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::oauth::Form;
use byline_shared::oauth::request::{self, AuthorizationRequest};
use http::StatusCode;
use http::header::{HeaderMap, SET_COOKIE};

use crate::pages::{self, Page};
use crate::redirects::{again, see_other};

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
    let text = |name: &str| form.get(name).unwrap_or_default();
    let (email, password, code) = (text("email"), text("password"), text("code"));
    match browser_sign_in::with_password(cx, headers, Entered { email, password, code }).await {
        Ok(who) => signed_in(cx, form, &who).await,
        Err(problem) => {
            let fault = Fault::with_password(&problem, code);
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
    let email = form.get("email").unwrap_or_default();
    match browser_sign_in::request_code(cx, email).await {
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
    let text = |name: &str| form.get(name).unwrap_or_default();
    let (typed, code) = (text("mail_code"), text("code"));
    match browser_sign_in::with_mailed_code(cx, typed, code).await {
        Ok(who) => signed_in(cx, form, &who).await,
        Err(problem) => {
            let fault = Fault::with_mailed_code(&problem, code);
            fault_page(cx, headers, form, request, pages::mail_code, (fault, problem)).await
        }
    }
}

/// Leads on to the request with the cookies of a sign-in.
async fn signed_in(cx: &Context, form: &Form, who: &SignedIn) -> Result<Response, Problem> {
    let mut response = see_other(&again(form));
    for cookie in browser_sign_in::cookies(cx, who).await? {
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
    let key = form_key::form_key(cx, headers).await?;
    let (token, again) = (key.token(cx, &request::values(form), None).await?, again(form));
    let settings = cx.settings.read().await?;
    let site = settings.title.as_str();
    // Where passkeys work at another address, the cookies of a sign-in there are of no use here.
    let url = &cx.config.public_url;
    let passkeys = RelyingParty::of(url).is_some_and(|party| url.starts_with(&party.origin));
    let page = Page { site, form, again: &again, token: &token, passkeys, request };
    let mut response = page_of(&page, fault.as_ref());
    if !key.is_known {
        response.headers_mut().append(SET_COOKIE, key.set_cookie(cx));
    }
    Ok(response)
}
