//! The session of a browser: the cookies of the pages, and the check that a form comes from one of them.
//!
//! The session is an item in the database, so signing out everywhere ends it. Its cookie has its id,
//! with an HMAC. The cookie opens pages and nothing else: the API and MCP take tokens alone, so that no
//! other site can make a browser call them.

use aws_lc_rs::hmac;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use http::HeaderMap;
use http::header::{COOKIE, HeaderValue, ORIGIN};
use ulid::Ulid;
use url::Url;

use super::caller::{Caller, Credential};
use super::sessions;
use crate::context::Context;
use crate::crypto::message::message;
use crate::http::problem::Problem;
use crate::model::{Scope, Secret, SessionId, UserId};
use crate::permission::{Action, Permission, Table};
use crate::store::ahead::{Found, Named};
use crate::store::keys;
use crate::store::sessions::SessionItem;
use crate::store::users::UserItem;

/// What reading the settings for a page needs: with the session in one call, and alone without a session.
pub const PAGE_SETTINGS: Permission =
    Permission::Items(Table::Content, keys::SETTINGS, &[Action::BatchGetItem, Action::GetItem]);

/// How long the device cookie lasts, in seconds: 180 days.
const DEVICE_LIFETIME: i64 = 180 * 24 * 3600;

/// Somebody who is signed in in a browser.
pub struct SignedIn {
    /// The account.
    pub account: UserItem,
    /// The session of this browser.
    pub session: SessionItem,
}

/// The user who is signed in in the browser that sent a request. The same call reads the publication's
/// settings, whose name every page says.
///
/// # Errors
/// 503 while the account secret or the database cannot be read.
pub async fn signed_in(cx: &Context, headers: &HeaderMap) -> Result<Option<SignedIn>, Problem> {
    Ok(signed_in_for(cx, headers, None).await?.map(|(signed_in, _)| signed_in))
}

/// The same, where the call also reads what the path names. A cookie that is not ours reads nothing.
async fn signed_in_for(
    cx: &Context,
    headers: &HeaderMap,
    named: Option<Named>,
) -> Result<Option<(SignedIn, Option<Found>)>, Problem> {
    let Some(value) = cookie(cx, headers, "session") else { return Ok(None) };
    let key = &cx.secrets.account.get().await?.page_key;
    let Some((user, session)) = read_session(key, value) else { return Ok(None) };
    let read = cx.store.sessions().get_for_page(&user, &session, named).await?;
    cx.settings.keep(read.settings);
    let live = read.signed_in.filter(|(session, account)| {
        session.browser
            && session.is_live(cx.clock.now())
            && session.token_version == account.token_version
            && !account.user.disabled
    });
    Ok(live.map(|(session, account)| (SignedIn { account, session }, read.found)))
}

/// The visitor of a page of the Desk, with what its path names; `None` if nobody is signed in. A visit keeps the
/// session from ending of idleness.
pub(super) async fn visitor(
    cx: &Context,
    headers: &HeaderMap,
    named: Option<Named>,
) -> Result<Option<(Caller, Option<Found>)>, Problem> {
    let Some((signed_in, found)) = signed_in_for(cx, headers, named).await? else {
        return Ok(None);
    };
    let SignedIn { account, session } = signed_in;
    sessions::note_visit(cx, &session).await?;
    let credential = Credential::Session {
        id: session.id,
        token_version: session.token_version,
        signed_in_at: session.created_at,
    };
    let caller = Caller { user: account.user, credential, scopes: Scope::ALL.to_vec() };
    Ok(Some((caller, found)))
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

/// The token that every form of a session's pages carries. It is valid as long as the session: a writer's
/// form may be open for hours.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn form_token(cx: &Context, session: &SessionId) -> Result<String, Problem> {
    let key = &cx.secrets.account.get().await?.page_key;
    let tag = hmac::sign(key, &message("form of a session", &[session.as_str().as_bytes()]));
    Ok(BASE64_URL_SAFE_NO_PAD.encode(tag))
}

/// Whether a form carries the token of this session.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn is_form_token(
    cx: &Context,
    session: &SessionId,
    token: &str,
) -> Result<bool, Problem> {
    let key = &cx.secrets.account.get().await?.page_key;
    let tag = BASE64_URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
    let message = message("form of a session", &[session.as_str().as_bytes()]);
    Ok(hmac::verify(key, &message, &tag).is_ok())
}

/// Whether a form was sent by one of our own pages, by the headers that browsers set and scripts cannot
/// (Fetch Metadata, RFC 6454). A request with neither header is refused: every browser that can show the
/// pages sends one.
#[must_use]
pub fn is_own_form(cx: &Context, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let own = Url::parse(&cx.config.public_url).map(|url| url.origin().ascii_serialization());
    text(ORIGIN.as_str()).is_some_and(|origin| own.is_ok_and(|own| own == origin))
}

fn read_session(key: &hmac::Key, value: &str) -> Option<(UserId, SessionId)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(value).ok()?;
    let (ids, tag) = bytes.split_at_checked(32)?;
    hmac::verify(key, &message("session", &[ids]), tag).ok()?;
    let ulid = |bytes: &[u8]| Some(Ulid::from_bytes(bytes.try_into().ok()?));
    Some((UserId::from_ulid(ulid(&ids[..16])?), SessionId::from_ulid(ulid(&ids[16..])?)))
}

/// `__Host-` makes browsers keep a cookie to this host and to https; without https they refuse it.
fn cookie_name(cx: &Context, what: &str) -> String {
    let prefix = if cx.config.public_url.starts_with("https://") { "__Host-" } else { "" };
    format!("{prefix}byline-{what}")
}

/// The value of one of our cookies.
pub(crate) fn cookie<'h>(cx: &Context, headers: &'h HeaderMap, what: &str) -> Option<&'h str> {
    let name = cookie_name(cx, what);
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = pairs.flat_map(|value| value.split(';'));
    pairs.find_map(|pair| pair.trim().strip_prefix(name.as_str())?.strip_prefix('='))
}

/// Sets one of our cookies for so many seconds.
pub(crate) fn set_cookie(cx: &Context, what: &str, value: &str, seconds: i64) -> HeaderValue {
    let name = cookie_name(cx, what);
    let secure = if name.starts_with("__Host-") { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::try_from(text).expect("a cookie is plain ASCII")
}
