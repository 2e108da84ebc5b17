//! Browsers at the pages of `/oauth/authorize`: who is signed in there, and that a form comes from
//! a page of ours.
//!
//! The session is an item, so that signing out everywhere ends it; the cookie names it and proves it
//! by an HMAC. A form is bound to a cookie of its own, to the session and to the very request that
//! the page spoke of: a form that another site posts, or one of another request, is none.

use aws_lc_rs::hmac;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};
use ulid::Ulid;

use super::form::Form;
use super::request::PARAMETERS;
use crate::auth::{AccountSecret, random};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{Secret, SessionId, UserId};
use crate::store::sessions::SessionItem;
use crate::store::users::UserItem;

/// How long a page can be looked at before its form is sent, in seconds: 30 minutes.
const FORM_LIFETIME: i64 = 1800;

/// As long as a device is known, in seconds: 180 days.
const DEVICE_LIFETIME: i64 = 180 * 24 * 3600;

/// Somebody who is signed in.
pub struct SignedIn {
    /// Whose browser it is.
    pub account: UserItem,
    /// Their session.
    pub session: SessionItem,
}

/// Who is signed in in the browser that a request comes from.
///
/// # Errors
/// 503 while the account secret or the database cannot be read.
pub async fn signed_in(cx: &Context, headers: &HeaderMap) -> Result<Option<SignedIn>, Problem> {
    let Some(value) = cookie(cx, headers, "session") else { return Ok(None) };
    let key = &AccountSecret::get(cx).await?.page_key;
    let Some((user, session)) = read_session(key, value) else { return Ok(None) };
    let found = cx.store.sessions().get_with_user(&user, &session).await?;
    let live = found.filter(|(session, account)| {
        session.browser
            && session.is_live(cx.clock.now())
            && session.token_version == account.token_version
            && !account.user.disabled
    });
    Ok(live.map(|(session, account)| SignedIn { account, session }))
}

/// The cookie of a session.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn session_cookie(cx: &Context, session: &SessionItem) -> Result<HeaderValue, Problem> {
    let key = &AccountSecret::get(cx).await?.page_key;
    let mut bytes = session.user_id.ulid().to_bytes().to_vec();
    bytes.extend(session.id.ulid().to_bytes());
    let tag = hmac::sign(key, &message("session", &[&bytes]));
    bytes.extend(tag.as_ref());
    let seconds = session.expires_at.as_seconds() - cx.clock.now().as_seconds();
    Ok(set_cookie(cx, "session", &BASE64_URL_SAFE_NO_PAD.encode(bytes), seconds))
}

/// Takes the session's cookie away.
#[must_use]
pub fn no_session_cookie(cx: &Context) -> HeaderValue {
    set_cookie(cx, "session", "", 0)
}

/// The device token of an earlier sign-in.
#[must_use]
pub fn device_token(cx: &Context, headers: &HeaderMap) -> Option<Secret> {
    cookie(cx, headers, "device").filter(|value| value.len() <= 1024).map(Secret::new)
}

/// Keeps a device token.
#[must_use]
pub fn device_cookie(cx: &Context, token: &Secret) -> HeaderValue {
    set_cookie(cx, "device", token.expose(), DEVICE_LIFETIME)
}

/// What a page and its form are bound to.
pub struct FormKey {
    cookie: String,
    /// Whether the browser has it already.
    pub is_known: bool,
}

/// The form key of the browser that a request comes from, or a new one. Looking at a page again
/// changes nothing.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn form_key(cx: &Context, headers: &HeaderMap) -> Result<FormKey, Problem> {
    let key = &AccountSecret::get(cx).await?.page_key;
    let now = cx.clock.now().as_seconds();
    if let Some(value) = cookie(cx, headers, "form")
        && read_form_key(key, value).is_some_and(|ends| ends > now + FORM_LIFETIME / 2)
    {
        return Ok(FormKey { cookie: value.to_owned(), is_known: true });
    }
    let (nonce, ends) = (random::bytes::<16>(), (now + FORM_LIFETIME).to_be_bytes());
    let tag = hmac::sign(key, &message("form key", &[&nonce, &ends]));
    let value = BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &ends[..], tag.as_ref()].concat());
    Ok(FormKey { cookie: value, is_known: false })
}

impl FormKey {
    /// The cookie.
    #[must_use]
    pub fn set_cookie(&self, cx: &Context) -> HeaderValue {
        set_cookie(cx, "form", &self.cookie, FORM_LIFETIME)
    }

    /// The token of a form on a page about this request, for whoever is signed in.
    ///
    /// # Errors
    /// 503 while the account secret cannot be read.
    pub async fn token(
        &self,
        cx: &Context,
        form: &Form,
        session: Option<&SessionId>,
    ) -> Result<String, Problem> {
        let key = &AccountSecret::get(cx).await?.page_key;
        let tag = hmac::sign(key, &form_message(&self.cookie, form, session));
        Ok(BASE64_URL_SAFE_NO_PAD.encode(tag))
    }
}

/// Whether a form was sent from a page of ours about this very request, to this browser and this
/// session.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn is_our_form(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
    session: Option<&SessionId>,
) -> Result<bool, Problem> {
    let (Some(cookie), Some(token)) = (cookie(cx, headers, "form"), form.get("form_token")) else {
        return Ok(false);
    };
    let key = &AccountSecret::get(cx).await?.page_key;
    let now = cx.clock.now().as_seconds();
    let live = read_form_key(key, cookie).is_some_and(|ends| ends > now);
    let tag = BASE64_URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
    Ok(live && hmac::verify(key, &form_message(cookie, form, session), &tag).is_ok())
}

fn form_message(cookie: &str, form: &Form, session: Option<&SessionId>) -> Vec<u8> {
    let mut parts = vec![cookie.as_bytes(), session.map_or("", SessionId::as_str).as_bytes()];
    parts.extend(PARAMETERS.iter().map(|name| form.get(name).unwrap_or_default().as_bytes()));
    message("form", &parts)
}

/// A purpose and its parts, each with its length, so that none runs into the next.
fn message(purpose: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut message = Vec::new();
    for part in std::iter::once(&purpose.as_bytes()).chain(parts) {
        message.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        message.extend_from_slice(part);
    }
    message
}

fn read_session(key: &hmac::Key, value: &str) -> Option<(UserId, SessionId)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).ok()?;
    let (ids, tag) = bytes.split_at_checked(32)?;
    hmac::verify(key, &message("session", &[ids]), tag).ok()?;
    let ulid = |bytes: &[u8]| Some(Ulid::from_bytes(bytes.try_into().ok()?));
    Some((UserId::from_ulid(ulid(&ids[..16])?), SessionId::from_ulid(ulid(&ids[16..])?)))
}

/// When a form key ends, if it is one of ours.
fn read_form_key(key: &hmac::Key, value: &str) -> Option<i64> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).ok()?;
    let (nonce, rest) = bytes.split_at_checked(16)?;
    let (ends, tag) = rest.split_first_chunk::<8>()?;
    hmac::verify(key, &message("form key", &[nonce, ends]), tag).ok()?;
    Some(i64::from_be_bytes(*ends))
}

/// Browsers keep a `__Host-` cookie to this host and to https; without https they refuse it.
fn cookie_name(cx: &Context, what: &str) -> String {
    let prefix = if cx.config.public_url.starts_with("https://") { "__Host-" } else { "" };
    format!("{prefix}byline-{what}")
}

fn cookie<'h>(cx: &Context, headers: &'h HeaderMap, what: &str) -> Option<&'h str> {
    let name = cookie_name(cx, what);
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name.as_str())?.strip_prefix('='))
}

fn set_cookie(cx: &Context, what: &str, value: &str, seconds: i64) -> HeaderValue {
    let name = cookie_name(cx, what);
    let secure = if name.starts_with("__Host-") { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(text).expect("a cookie is plain ASCII")
}
