//! Protection of forms against other sites (CSRF) where nobody may be signed in: at `/oauth/authorize`, on
//! the page to sign in, and on the pages that mails lead to.
//!
//! A form's token is bound to a cookie of its own, to the session if there is one, and to what the form is
//! about: a form from another site or about something else is refused.

use aws_lc_rs::hmac;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use http::HeaderMap;
use http::header::HeaderValue;

use super::browser::{cookie, set_cookie};
use crate::context::Context;
use crate::crypto::message::message;
use crate::crypto::random;
use crate::http::problem::Problem;
use crate::model::SessionId;

/// How long a page's form can be sent, in seconds: 30 minutes.
const FORM_LIFETIME: i64 = 1800;

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

    /// The token of a form about these texts, such as the parameters of an authorization request, in this
    /// session.
    ///
    /// # Errors
    /// 503 while the account secret cannot be read.
    pub async fn token(
        &self,
        cx: &Context,
        about: &[&str],
        session: Option<&SessionId>,
    ) -> Result<String, Problem> {
        let key = &cx.secrets.account.get().await?.page_key;
        let tag = hmac::sign(key, &form_message(&self.cookie, about, session));
        Ok(BASE64_URL_SAFE_NO_PAD.encode(tag))
    }
}

/// Whether a form with this token comes from a page that this browser got about these texts and in this
/// session.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn is_form_valid(
    cx: &Context,
    headers: &HeaderMap,
    about: &[&str],
    session: Option<&SessionId>,
    token: &str,
) -> Result<bool, Problem> {
    let Some(cookie) = cookie(cx, headers, "form") else { return Ok(false) };
    let key = &cx.secrets.account.get().await?.page_key;
    let now = cx.clock.now().as_seconds();
    let live = read_form_key(key, cookie).is_some_and(|ends| ends > now);
    let tag = BASE64_URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
    Ok(live && hmac::verify(key, &form_message(cookie, about, session), &tag).is_ok())
}

fn form_message(cookie: &str, about: &[&str], session: Option<&SessionId>) -> Vec<u8> {
    let mut parts = vec![cookie.as_bytes(), session.map_or("", SessionId::as_str).as_bytes()];
    parts.extend(about.iter().map(|text| text.as_bytes()));
    message("form", &parts)
}

/// When a form key expires; `None` if we did not sign it.
fn read_form_key(key: &hmac::Key, value: &str) -> Option<i64> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).ok()?;
    let (nonce, rest) = bytes.split_at_checked(16)?;
    let (ends, tag) = rest.split_first_chunk::<8>()?;
    hmac::verify(key, &message("form key", &[nonce, ends]), tag).ok()?;
    Some(i64::from_be_bytes(*ends))
}
