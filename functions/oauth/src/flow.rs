//! From a program's request to its code: who is signed in, what they agree to, where they go.

use byline_shared::Context;
use byline_shared::auth::sign_in::{Credentials, refused, sign_in};
use byline_shared::auth::{device, limits, refresh};
use byline_shared::http::Response;
use byline_shared::http::problem::{Code, Problem};
use byline_shared::model::{Email, Scope, Secret};
use byline_shared::oauth::browser::{self, SignedIn};
use byline_shared::oauth::request::{self, AuthorizationRequest, PARAMETERS, Refusal};
use byline_shared::oauth::{Form, agree, consent_before, decline, grant_code, redirect};
use byline_shared::store::oauth::ConsentItem;
use http::StatusCode;
use http::header::{HeaderMap, HeaderValue, LOCATION, SET_COOKIE};
use url::form_urlencoded::Serializer;

use crate::pages::{self, Fault, Page};

/// The longest address and password that are looked at: those that the API takes.
const MAX_EMAIL: usize = 254;
const MAX_PASSWORD: usize = 1024;

/// Answers a request for authorization: with a page, or with the answer to the program.
pub(crate) async fn show(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Response, Problem> {
    let request = match request::read(cx, form).await? {
        Ok(request) => request,
        Err(refusal) => return Ok(refuse(cx, refusal)),
    };
    let Some(who) = browser::signed_in(cx, headers).await? else {
        return sign_in_page(cx, headers, form, &request, None).await;
    };
    let before = consent_before(cx, &who.account, &request).await?;
    let scopes = held(&who, &request.scopes);
    let covers = |given: &ConsentItem| scopes.iter().all(|scope| given.scopes.contains(scope));
    // A program of this machine could be any program of this machine: its user is asked each time.
    if redirect::is_proven(&request.redirect_uri)
        && !request.asks_again
        && before.as_ref().is_some_and(covers)
    {
        let code = grant_code(cx, &who.account, &request, &scopes).await?;
        return Ok(go(&request.granted(cx, &code)));
    }
    consent_page(cx, headers, form, &request, &who, before.as_ref()).await
}

/// Takes a form of a page.
pub(crate) async fn submit(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Response, Problem> {
    let Some(step) = form.get("step") else { return show(cx, headers, form).await };
    let request = match request::read(cx, form).await? {
        Ok(request) => request,
        Err(refusal) => return Ok(refuse(cx, refusal)),
    };
    let who = browser::signed_in(cx, headers).await?;
    let session = who.as_ref().map(|who| &who.session.id);
    if !browser::is_our_form(cx, headers, form, session).await? {
        return Ok(pages::expired(&format!("/oauth/authorize?{}", query(form))));
    }
    match (step, who) {
        ("sign_in", None) => take_sign_in(cx, headers, form, &request).await,
        ("sign_out", Some(who)) => {
            cx.store.sessions().delete(&who.account.user.id, &who.session.id).await?;
            let mut response = go(&format!("/oauth/authorize?{}", query(form)));
            response.headers_mut().append(SET_COOKIE, browser::no_session_cookie(cx));
            Ok(response)
        }
        ("consent", Some(who)) => take_consent(cx, form, &request, &who).await,
        _ => show(cx, headers, form).await,
    }
}

fn refuse(cx: &Context, refusal: Refusal) -> Response {
    match refusal {
        Refusal::Page(text) => pages::refused(&text, &cx.request.request_id),
        // Anybody may have registered the address, and nobody has agreed to be sent there (RFC 9700
        // §4.11.2): people decide themselves whether they go.
        Refusal::Redirect { to, .. } if redirect::is_loopback_uri(&to) => go(&to),
        Refusal::Redirect { to, detail } => pages::refused_to_program(&detail, &to),
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
    before: Option<&ConsentItem>,
) -> Result<Response, Problem> {
    let key = browser::form_key(cx, headers).await?;
    let token = key.token(cx, form, Some(&who.session.id)).await?;
    let page = Page { site: &cx.config.site_name, form, token: &token, request };
    let mut response =
        pages::consent(&page, &who.account.user, &held(who, &request.scopes), before);
    if !key.is_known {
        response.headers_mut().append(SET_COOKIE, key.set_cookie(cx));
    }
    Ok(response)
}

/// The scopes of these that the user's own role holds.
fn held(who: &SignedIn, scopes: &[Scope]) -> Vec<Scope> {
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
        if email.is_empty() || password.is_empty() {
            return Err(refused());
        }
        if email.len() > MAX_EMAIL || !email.is_ascii() || password.len() > MAX_PASSWORD {
            return Err(refused());
        }
        let code = form.get("code").map(str::trim).filter(|code| !code.is_empty());
        let credentials = Credentials {
            email: Email::trusted(email),
            password: Secret::new(password),
            code: code.map(Secret::new),
            device_token: browser::device_token(cx, headers),
        };
        let account = sign_in(cx, &credentials).await?;
        let session = refresh::begin_in_browser(cx, &account).await?.ok_or_else(refused)?;
        let device = device::token(cx, &account.user.email, account.token_version).await?;
        Ok((session, device))
    };
    let (session, device) = match outcome.await {
        Ok(signed_in) => signed_in,
        Err(problem) if problem.code.status() >= 500 => return Err(problem),
        Err(problem) => {
            let fault = Fault::of(problem.code, problem.detail, form);
            let status = problem.code.status();
            let retry = problem.headers.into_iter().filter(|(name, _)| name != "www-authenticate");
            let mut response = sign_in_page(cx, headers, form, request, Some(fault)).await?;
            // 401 would want a challenge, which browsers answer with a box of their own.
            let status = if problem.code == Code::TooManyRequests { status } else { 403 };
            *response.status_mut() = StatusCode::from_u16(status).map_err(Problem::internal)?;
            response.headers_mut().extend(retry);
            return Ok(response);
        }
    };
    let mut response = go(&format!("/oauth/authorize?{}", query(form)));
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
        decline(cx, &who.account, request).await?;
        return Ok(go(&request.denied(cx)));
    }
    let chosen: Vec<&str> = form.get("granted").unwrap_or_default().split(' ').collect();
    let shown = held(who, &request.scopes);
    let mut scopes = shown.clone();
    // The profile has no box: nothing works without it.
    scopes.retain(|scope| *scope == Scope::Profile || chosen.contains(&scope.as_str()));
    let code = agree(cx, &who.account, request, &shown, &scopes).await?;
    Ok(go(&request.granted(cx, &code)))
}

/// The request again, as a query.
fn query(form: &Form) -> String {
    let mut query = Serializer::new(String::new());
    for name in PARAMETERS {
        query.extend_pairs(form.get(name).map(|value| (name, value)));
    }
    query.finish()
}

/// 303: whatever the method was, the next one is `GET`. 307 would post passwords on (RFC 9700 §4.12).
fn go(to: &str) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SEE_OTHER;
    // Redirect URIs are checked to be plain ASCII, and what is added is encoded.
    let to = HeaderValue::try_from(to).expect("the address is plain ASCII");
    response.headers_mut().insert(LOCATION, to);
    response
}
