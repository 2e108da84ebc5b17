//! The authorization flow: from a request over sign-in and consent to the redirect with a code.

use byline_shared::Context;
use byline_shared::auth::sign_in::{Credentials, refused, sign_in};
use byline_shared::auth::{device, limits, sessions};
use byline_shared::http::Response;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::{Email, Scope, Secret};
use byline_shared::oauth::browser::{self, SignedIn};
use byline_shared::oauth::request::{self, AuthorizationRequest, PARAMETERS, Rejection};
use byline_shared::oauth::{Form, authorize, deny, issue_code, previous_consent, redirect};
use byline_shared::store::oauth::ConsentItem;
use http::StatusCode;
use http::header::{HeaderMap, HeaderValue, LOCATION, SET_COOKIE};
use url::form_urlencoded::Serializer;

use crate::pages::{self, Fault, Page};

/// The longest password that is looked at: the one that the API takes.
const MAX_PASSWORD: usize = 1024;

/// Handles an authorization request: shows a page, or redirects to the client with a code or an error.
pub(crate) async fn show(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Response, Problem> {
    let request = match request::read(cx, form).await {
        Ok(request) => request,
        Err(rejection) => return reject(cx, rejection),
    };
    let Some(who) = browser::signed_in(cx, headers).await? else {
        return sign_in_page(cx, headers, form, &request, None).await;
    };
    let previous = previous_consent(cx, &who.account, &request).await?;
    let scopes = grantable(&who, &request.scopes);
    let covers = |given: &ConsentItem| scopes.iter().all(|scope| given.scopes.contains(scope));
    // On the user's own machine any app can claim to be this client, so the user decides each time.
    if redirect::is_proven(&request.redirect_uri)
        && !request.prompts_consent
        && previous.as_ref().is_some_and(covers)
    {
        let code = issue_code(cx, &who.account, &request, &scopes).await?;
        return Ok(see_other(&request.granted(cx, &code)));
    }
    consent_page(cx, headers, form, &request, &who, previous.as_ref()).await
}

/// Handles a submitted form of a page.
pub(crate) async fn submit(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Response, Problem> {
    let Some(step) = form.get("step") else { return show(cx, headers, form).await };
    let request = match request::read(cx, form).await {
        Ok(request) => request,
        Err(rejection) => return reject(cx, rejection),
    };
    let who = browser::signed_in(cx, headers).await?;
    let session = who.as_ref().map(|who| &who.session.id);
    if !browser::is_form_valid(cx, headers, form, session).await? {
        return Ok(pages::expired(&format!("/oauth/authorize?{}", query(form))));
    }
    match (step, who) {
        ("sign_in", None) => take_sign_in(cx, headers, form, &request).await,
        ("sign_out", Some(who)) => {
            cx.store.sessions().delete(&who.account.user.id, &who.session.id).await?;
            let mut response = see_other(&format!("/oauth/authorize?{}", query(form)));
            response.headers_mut().append(SET_COOKIE, browser::no_session_cookie(cx));
            Ok(response)
        }
        ("consent", Some(who)) => take_consent(cx, form, &request, &who).await,
        _ => show(cx, headers, form).await,
    }
}

fn reject(cx: &Context, rejection: Rejection) -> Result<Response, Problem> {
    match rejection {
        Rejection::Page(text) => Ok(pages::rejected(&text, &cx.request.request_id)),
        Rejection::Redirect { to, .. } if redirect::is_loopback_uri(&to) => Ok(see_other(&to)),
        // Anybody can register a redirect URI, and the user has authorized nothing yet: an automatic
        // redirect would make this an open redirector (RFC 9700 §4.11.2). The page has a link.
        Rejection::Redirect { to, detail } => Ok(pages::rejected_with_link(&detail, &to)),
        Rejection::Store(error) => Err(error.into()),
    }
}

async fn sign_in_page(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
    request: &AuthorizationRequest,
    fault: Option<Fault>,
) -> Result<Response, Problem> {
    let key = browser::form_key(cx, headers).await?;
    let token = key.token(cx, form, None).await?;
    let page = Page { site: &cx.config.site_name, form, token: &token, request };
    let mut response = pages::sign_in(&page, fault.as_ref());
    if !key.is_known {
        response.headers_mut().append(SET_COOKIE, key.set_cookie(cx));
    }
    Ok(response)
}

async fn consent_page(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
    request: &AuthorizationRequest,
    who: &SignedIn,
    previous: Option<&ConsentItem>,
) -> Result<Response, Problem> {
    let key = browser::form_key(cx, headers).await?;
    let token = key.token(cx, form, Some(&who.session.id)).await?;
    let page = Page { site: &cx.config.site_name, form, token: &token, request };
    let mut response =
        pages::consent(&page, &who.account.user, &grantable(who, &request.scopes), previous);
    if !key.is_known {
        response.headers_mut().append(SET_COOKIE, key.set_cookie(cx));
    }
    Ok(response)
}

/// Those of the scopes that the user's role includes.
fn grantable(who: &SignedIn, scopes: &[Scope]) -> Vec<Scope> {
    let role = who.account.user.role;
    scopes.iter().copied().filter(|scope| role >= scope.role()).collect()
}

async fn take_sign_in(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
    request: &AuthorizationRequest,
) -> Result<Response, Problem> {
    let email = form.get("email").unwrap_or_default().trim();
    let password = form.get("password").unwrap_or_default();
    let outcome = async {
        limits::acquire(cx, &limits::LOGIN_NETWORK, &limits::network(cx.request.source_ip)).await?;
        // No account has another kind of address.
        let email = email.parse::<Email>().map_err(|_| refused())?;
        if password.is_empty() || password.len() > MAX_PASSWORD {
            return Err(refused());
        }
        let code = form.get("code").map(str::trim).filter(|code| !code.is_empty());
        let credentials = Credentials {
            email,
            password: Secret::new(password),
            code: code.map(Secret::new),
            device_token: browser::device_token(cx, headers),
        };
        let account = sign_in(cx, &credentials).await?;
        let session = sessions::create_for_browser(cx, &account).await?.ok_or_else(refused)?;
        let device = device::token(cx, &account.user.email, account.token_version).await?;
        Ok((session, device))
    };
    let (session, device) = match outcome.await {
        Ok(signed_in) => signed_in,
        Err(problem) if problem.code.status() >= 500 => return Err(problem),
        Err(problem) => {
            let fault = Fault::from_problem(problem.code, problem.detail, form);
            let status = problem.code.status();
            let retry = problem.headers.into_iter().filter(|(name, _)| name != "www-authenticate");
            let mut response = sign_in_page(cx, headers, form, request, Some(fault)).await?;
            // 401 needs a WWW-Authenticate challenge, for which browsers open a dialog of their own.
            let status = if problem.code == Code::TooManyRequests { status } else { 403 };
            *response.status_mut() = StatusCode::from_u16(status).map_err(Problem::internal)?;
            response.headers_mut().extend(retry);
            return Ok(response);
        }
    };
    let mut response = see_other(&format!("/oauth/authorize?{}", query(form)));
    let cookies =
        [browser::session_cookie(cx, &session).await?, browser::device_cookie(cx, &device)];
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn take_consent(
    cx: &Context,
    form: &Form,
    request: &AuthorizationRequest,
    who: &SignedIn,
) -> Result<Response, Problem> {
    if form.get("decision") != Some("allow") {
        deny(cx, &who.account, request).await?;
        return Ok(see_other(&request.denied(cx)));
    }
    let chosen: Vec<&str> = form.get("granted").unwrap_or_default().split(' ').collect();
    let shown = grantable(who, &request.scopes);
    let mut scopes = shown.clone();
    // The profile is always granted and has no checkbox: nothing works without it.
    scopes.retain(|scope| *scope == Scope::Profile || chosen.contains(&scope.as_str()));
    let code = authorize(cx, &who.account, request, &shown, &scopes).await?;
    Ok(see_other(&request.granted(cx, &code)))
}

/// The parameters of the authorization request, as a query.
fn query(form: &Form) -> String {
    let mut query = Serializer::new(String::new());
    for name in PARAMETERS {
        query.extend_pairs(form.get(name).map(|value| (name, value)));
    }
    query.finish()
}

/// Redirects with 303, which turns a POST into a GET. 307 would send the password on (RFC 9700 §4.12).
fn see_other(to: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    let to = HeaderValue::try_from(to)
        .expect("a checked redirect URI is ASCII, and parameters are encoded");
    response.headers_mut().insert(LOCATION, to);
    response
}
