//! The authorization flow: from a request over sign-in and consent to the redirect with a code.

use byline_shared::Context;
use byline_shared::auth::browser::{self, SignedIn};
use byline_shared::auth::form_key;
use byline_shared::http::Response;
use byline_shared::http::problem::Problem;
use byline_shared::model::Scope;
use byline_shared::oauth::request::{self, AuthorizationRequest, Rejection};
use byline_shared::oauth::{Form, authorize, deny, issue_code, previous_consent, redirect};
use byline_shared::store::oauth::ConsentItem;
use http::header::{HeaderMap, SET_COOKIE};

use crate::pages::{self, Page};
use crate::redirects::{again, see_other};
use crate::sign_in;

/// How long ago the user may have signed in who authorizes an app, in seconds: an hour. The session of
/// the browser lives longer, for the Desk.
const SIGN_IN_LIFETIME: i64 = 3600;

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
    let Some(who) = signed_in(cx, headers).await? else {
        return sign_in::show(cx, headers, form, &request).await;
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
    let who = signed_in(cx, headers).await?;
    let token = form.get("form_token").unwrap_or_default();
    let session = who.as_ref().map(|who| &who.session.id);
    if !form_key::is_form_valid(cx, headers, &request::values(form), session, token).await? {
        return Ok(pages::expired(&again(form)));
    }
    match (step, who) {
        ("sign_in", None) if form.get("by") == Some("mail") => {
            sign_in::request_mail(cx, headers, form, &request).await
        }
        ("sign_in", None) => sign_in::with_password(cx, headers, form, &request).await,
        ("mail_code", None) => sign_in::with_mail_code(cx, headers, form, &request).await,
        ("sign_out", Some(who)) => {
            cx.store.sessions().delete(&who.account.user.id, &who.session.id).await?;
            let mut response = see_other(&again(form));
            response.headers_mut().append(SET_COOKIE, browser::no_session_cookie(cx));
            Ok(response)
        }
        ("consent", Some(who)) => take_consent(cx, form, &request, &who).await,
        _ => show(cx, headers, form).await,
    }
}

/// The user who signed in within the last hour in the browser that sent a request.
async fn signed_in(cx: &Context, headers: &HeaderMap) -> Result<Option<SignedIn>, Problem> {
    let who = browser::signed_in(cx, headers).await?;
    let is_recent =
        |who: &SignedIn| who.session.created_at.plus_seconds(SIGN_IN_LIFETIME) > cx.clock.now();
    Ok(who.filter(is_recent))
}

fn reject(cx: &Context, rejection: Rejection) -> Result<Response, Problem> {
    match rejection {
        Rejection::Page { text, advice } => {
            Ok(pages::rejected(&text, advice, &cx.request.request_id))
        }
        Rejection::Redirect { to, .. } if redirect::is_loopback_uri(&to) => Ok(see_other(&to)),
        // Anybody can register a redirect URI, and the user has authorized nothing yet: an automatic
        // redirect would make this an open redirector (RFC 9700 §4.11.2). The page has a link.
        Rejection::Redirect { to, detail } => Ok(pages::rejected_with_link(&detail, &to)),
        Rejection::Store(error) => Err(error.into()),
    }
}

async fn consent_page(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
    request: &AuthorizationRequest,
    who: &SignedIn,
    previous: Option<&ConsentItem>,
) -> Result<Response, Problem> {
    let key = form_key::form_key(cx, headers).await?;
    let token = key.token(cx, &request::values(form), Some(&who.session.id)).await?;
    let again = again(form);
    let settings = cx.settings.read().await?;
    let site = settings.title.as_str();
    let page = Page { site, form, again: &again, token: &token, passkeys: false, request };
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
