//! The cookies of the pages at `/oauth/authorize`: the session of a signed-in user, and protection
//! against forged forms (CSRF).
//!
//! The session is an item in the database, so signing out everywhere ends it. Its cookie has its id,
//! with an HMAC. A form's token is bound to a cookie of its own, to the session and to every parameter
//! of the authorization request: a form from another site or for another request is refused.

use aws_lc_rs::hmac;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};
use ulid::Ulid;

use super::form::Form;
use super::request::PARAMETERS;
use crate::context::Context;
use crate::crypto::random;
use crate::http::problem::Problem;
use crate::model::{Secret, SessionId, UserId};
use crate::store::sessions::SessionItem;
use crate::store::users::UserItem;

/// How long a page's form can be sent, in seconds: 30 minutes.
const FORM_LIFETIME: i64 = 1800;

/// How long the device cookie lasts, in seconds: 180 days.
const DEVICE_LIFETIME: i64 = 180 * 24 * 3600;

/// A signed-in user.
pub struct SignedIn {
    /// The account.
    pub account: UserItem,
    /// The session of this browser.
    pub session: SessionItem,
}

/// The user who is signed in in the browser that sent a request.
///
/// # Errors
/// 503 while the account secret or the database cannot be read.
pub async fn signed_in(cx: &Context, headers: &HeaderMap) -> Result<Option<SignedIn>, Problem> {
    let Some(value) = cookie(cx, headers, "session") else { return Ok(None) };
    let key = &cx.secrets.account.get().await?.page_key;
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

/// The cookie that signs a browser in to a session.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn session_cookie(cx: &Context, session: &SessionItem) -> Result<HeaderValue, Problem> {
    let key = &cx.secrets.account.get().await?.page_key;
    let mut bytes = session.user_id.ulid().to_bytes().to_vec();
    bytes.extend(session.id.ulid().to_bytes());
    let tag = hmac::sign(key, &message("session", &[&bytes]));
    bytes.extend(tag.as_ref());
    let seconds = session.expires_at.as_seconds() - cx.clock.now().as_seconds();
    Ok(set_cookie(cx, "session", &BASE64_URL_SAFE_NO_PAD.encode(bytes), seconds))
}

/// Deletes the session cookie.
#[must_use]
pub fn no_session_cookie(cx: &Context) -> HeaderValue {
    set_cookie(cx, "session", "", 0)
}

/// The device token of an earlier sign-in, which rate limits take into account.
#[must_use]
pub fn device_token(cx: &Context, headers: &HeaderMap) -> Option<Secret> {
    cookie(cx, headers, "device").filter(|value| value.len() <= 1024).map(Secret::new)
}

/// The cookie that keeps a device token.
#[must_use]
pub fn device_cookie(cx: &Context, token: &Secret) -> HeaderValue {
    set_cookie(cx, "device", token.expose(), DEVICE_LIFETIME)
}

/// The key that binds a page's form to the browser.
pub struct FormKey {
    cookie: String,
    /// Whether the browser has the cookie already.
    pub is_known: bool,
}

/// The form key of the browser that sent a request, or a new one. A page that is loaded again keeps the
/// key, so a form in another tab stays valid.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn form_key(cx: &Context, headers: &HeaderMap) -> Result<FormKey, Problem> {
    let key = &cx.secrets.account.get().await?.page_key;
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
    /// The cookie that keeps this key.
    #[must_use]
    pub fn set_cookie(&self, cx: &Context) -> HeaderValue {
        set_cookie(cx, "form", &self.cookie, FORM_LIFETIME)
    }

    /// The token of a form for this authorization request and this session.
    ///
    /// # Errors
    /// 503 while the account secret cannot be read.
    pub async fn token(
        &self,
        cx: &Context,
        form: &Form,
        session: Option<&SessionId>,
    ) -> Result<String, Problem> {
        let key = &cx.secrets.account.get().await?.page_key;
        let tag = hmac::sign(key, &form_message(&self.cookie, form, session));
        Ok(BASE64_URL_SAFE_NO_PAD.encode(tag))
    }
}

/// Whether a form comes from a page that this browser got for this authorization request and session.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn is_form_valid(
    cx: &Context,
    headers: &HeaderMap,
    form: &Form,
    session: Option<&SessionId>,
) -> Result<bool, Problem> {
    let (Some(cookie), Some(token)) = (cookie(cx, headers, "form"), form.get("form_token")) else {
        return Ok(false);
    };
    let key = &cx.secrets.account.get().await?.page_key;
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

/// The input of an HMAC: a purpose and parts, each with its length, so that no two inputs are equal.
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

/// When a form key expires; `None` if we did not sign it.
fn read_form_key(key: &hmac::Key, value: &str) -> Option<i64> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).ok()?;
    let (nonce, rest) = bytes.split_at_checked(16)?;
    let (ends, tag) = rest.split_first_chunk::<8>()?;
    hmac::verify(key, &message("form key", &[nonce, ends]), tag).ok()?;
    Some(i64::from_be_bytes(*ends))
}

/// `__Host-` makes browsers keep a cookie to this host and to https; without https they refuse it.
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
