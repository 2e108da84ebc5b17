//! Sessions and their refresh tokens.
//!
//! A refresh token names its user, session and generation, and proves them with an HMAC under the
//! token secret, or, where it is a program's, the account secret: 36 bytes and a 32-byte tag, in base64url. The session item holds the current
//! generation, so the database holds nothing that could be used to sign in, and the successor of
//! a token can be made again.

use aws_lc_rs::hmac;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use ulid::Ulid;

use super::sign_in::ByMail;
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Secret, SessionId, UserId};
use crate::store::sessions::{OAuthPart, Refreshed, SessionItem};
use crate::store::users::UserItem;

/// A session ends if it is not refreshed for this long, in seconds: 14 days.
const IDLE: i64 = 14 * 24 * 3600;

/// Every session ends after this long, in seconds: 90 days.
const ABSOLUTE: i64 = 90 * 24 * 3600;

/// A refresh token that was used still returns the same successor for this long, in seconds: two tabs
/// may refresh at once, and a response may be lost. A later use counts as theft.
const GRACE: i64 = 10;

/// The same for an OAuth client, which may run several processes over slow networks.
const CLIENT_GRACE: i64 = 30;

/// A browser is signed out if it shows no page for this long, in seconds: 12 hours.
const BROWSER_IDLE: i64 = 12 * 3600;

/// A browser is signed out after this long in any case, in seconds: 7 days.
const BROWSER_ABSOLUTE: i64 = 7 * 24 * 3600;

/// How long a visit is not noted again, in seconds: an hour, so that not every page writes. Somebody may
/// have been there as much later than a browser's session says.
pub const VISIT: i64 = 3600;

/// The prefix of the refresh tokens of people.
const PREFIX: &str = "brt_";

/// The prefix of the refresh tokens of OAuth clients. They are made with another secret, so that a
/// function that checks them need not hold the keys that sign access tokens.
const CLIENT_PREFIX: &str = "bgt_";

/// Creates a session; `None` if the account has changed since it was read.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn create(cx: &Context, account: &UserItem) -> Result<Option<SessionItem>, Problem> {
    let session = session(cx, &account.user.id, account.token_version, (IDLE, ABSOLUTE));
    keep(cx, account, session).await
}

/// Creates a session and uses up the mailed token that signs in; `None` if the token was used, or the
/// account has changed, since they were read.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn create_by_mail(cx: &Context, who: &ByMail) -> Result<Option<SessionItem>, Problem> {
    let account = &who.account;
    let session = session(cx, &account.user.id, account.token_version, (IDLE, ABSOLUTE));
    keep_by_mail(cx, who, session).await
}

/// Creates the session of a browser, which has a cookie and no tokens.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn create_for_browser(
    cx: &Context,
    account: &UserItem,
) -> Result<Option<SessionItem>, Problem> {
    keep(cx, account, for_browser(cx, account)).await
}

/// The same with a mailed token, as [`create_by_mail`].
///
/// # Errors
/// 503 while the database does not answer.
pub async fn create_for_browser_by_mail(
    cx: &Context,
    who: &ByMail,
) -> Result<Option<SessionItem>, Problem> {
    keep_by_mail(cx, who, for_browser(cx, &who.account)).await
}

/// A new session of a browser, not stored yet.
pub(super) fn for_browser(cx: &Context, account: &UserItem) -> SessionItem {
    let times = (BROWSER_IDLE, BROWSER_ABSOLUTE);
    let session = session(cx, &account.user.id, account.token_version, times);
    SessionItem { browser: true, ..session }
}

/// Notes that a browser was used, so that its session does not end of idleness.
pub(super) async fn note_visit(cx: &Context, session: &SessionItem) -> Result<(), Problem> {
    let now = cx.clock.now();
    if session.refreshed_at.plus_seconds(VISIT) > now {
        return Ok(());
    }
    let idle_at = now.plus_seconds(BROWSER_IDLE);
    Ok(cx.store.sessions().note_visit(&session.user_id, &session.id, now, idle_at).await?)
}

/// A new session of an OAuth client, not stored yet.
pub(crate) fn new_for_client(
    cx: &Context,
    user: &UserId,
    token_version: u64,
    part: OAuthPart,
) -> SessionItem {
    let session = session(cx, user, token_version, (IDLE, ABSOLUTE));
    SessionItem { oauth: Some(part), ..session }
}

fn session(
    cx: &Context,
    user: &UserId,
    token_version: u64,
    (idle, absolute): (i64, i64),
) -> SessionItem {
    let now = cx.clock.now();
    let expires_at = now.plus_seconds(absolute);
    SessionItem {
        id: SessionId::new(now),
        user_id: user.clone(),
        token_version,
        generation: 0,
        created_at: now,
        refreshed_at: now,
        idle_at: now.plus_seconds(idle),
        expires_at,
        ttl: expires_at.as_seconds(),
        ip: cx.request.source_ip.map(|ip| ip.to_string()),
        user_agent: cx.request.user_agent.clone(),
        browser: false,
        oauth: None,
    }
}

async fn keep(
    cx: &Context,
    account: &UserItem,
    session: SessionItem,
) -> Result<Option<SessionItem>, Problem> {
    let entry = signed_in(cx, account, &session);
    let begun = cx.store.sessions().create(&session, &entry).await?;
    Ok(begun.then_some(session))
}

async fn keep_by_mail(
    cx: &Context,
    who: &ByMail,
    session: SessionItem,
) -> Result<Option<SessionItem>, Problem> {
    let entry = signed_in(cx, &who.account, &session).with("by e-mail");
    let begun = cx.store.sessions().create_by_mail(&session, &who.token_digest, &entry).await?;
    Ok(begun.then_some(session))
}

/// The audit entry of a new session.
pub(super) fn signed_in(cx: &Context, account: &UserItem, session: &SessionItem) -> AuditEntry {
    AuditEntry::new(cx, Event::SignedIn).by_user(&account.user).about(&session.id)
}

/// The current refresh token of a session.
///
/// # Errors
/// 503 while the secret behind it cannot be read.
pub async fn refresh_token(cx: &Context, session: &SessionItem) -> Result<Secret, Problem> {
    let is_client = session.oauth.is_some();
    let mut bytes = Vec::with_capacity(68);
    bytes.extend(session.user_id.ulid().to_bytes());
    bytes.extend(session.id.ulid().to_bytes());
    bytes.extend(session.generation.to_be_bytes());
    let tag = hmac::sign(&key(cx, is_client).await?, &bytes);
    bytes.extend(tag.as_ref());
    let prefix = if is_client { CLIENT_PREFIX } else { PREFIX };
    Ok(Secret::new(format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes))))
}

/// The key that makes the refresh tokens of people or of OAuth clients.
async fn key(cx: &Context, is_client: bool) -> Result<hmac::Key, Problem> {
    Ok(match is_client {
        true => cx.secrets.account.get().await?.client_key.clone(),
        false => cx.secrets.token.get().await?.refresh_key.clone(),
    })
}

/// The user and session in a client's refresh token, whether it was used or not.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub(crate) async fn parse_client_token(
    cx: &Context,
    token: &str,
) -> Result<Option<(UserId, SessionId)>, Problem> {
    let key = key(cx, true).await?;
    Ok(parse(&key, CLIENT_PREFIX, token).map(|(user, session, _)| (user, session)))
}

/// Whether a client's refresh token is valid: it is the current one, or was used a moment ago.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub(crate) async fn is_redeemable(
    cx: &Context,
    session: &SessionItem,
    token: &str,
) -> Result<bool, Problem> {
    let read = parse(&key(cx, true).await?, CLIENT_PREFIX, token);
    Ok(read.is_some_and(|(_, _, generation)| {
        generation == session.generation || is_just_spent(cx, session, generation)
    }))
}

/// Whether the token of this generation was the last one used, and within the grace period.
fn is_just_spent(cx: &Context, session: &SessionItem, generation: u32) -> bool {
    let grace = if session.oauth.is_some() { CLIENT_GRACE } else { GRACE };
    generation.checked_add(1) == Some(session.generation)
        && session.refreshed_at.plus_seconds(grace) >= cx.clock.now()
}

/// Refreshes the session of a refresh token, which belongs to a person or to the OAuth client `client`.
///
/// # Errors
/// 401 for a token that is unknown, used, of another client, or of a session that has ended. A token
/// that was used longer ago than the grace period was stolen: its session ends.
pub async fn refresh(
    cx: &Context,
    token: &Secret,
    client: Option<&str>,
) -> Result<SessionItem, Problem> {
    let refused = || {
        let detail = "The refresh token is invalid, spent or expired: sign in again.";
        Problem::new(Code::InvalidRefreshToken, detail)
    };
    let prefix = if client.is_some() { CLIENT_PREFIX } else { PREFIX };
    let key = key(cx, client.is_some()).await?;
    let (user, session, generation) = parse(&key, prefix, token.expose()).ok_or_else(refused)?;
    let now = cx.clock.now();
    let idle_at = now.plus_seconds(IDLE);
    let times = (now, idle_at);
    match cx.store.sessions().refresh(&user, &session, generation, client, times).await? {
        Refreshed::Advanced(session) => unless_ended(cx, session).await?.ok_or_else(refused),
        Refreshed::NotAdvanced(Some(current)) => {
            // Another client's token is refused, and harms its owner in no way.
            if current.oauth.as_ref().map(|part| part.client_id.as_str()) != client {
                return Err(refused());
            }
            let live = current.is_live(now);
            if live && is_just_spent(cx, &current, generation) {
                return unless_ended(cx, current).await?.ok_or_else(refused);
            }
            if live && generation < current.generation {
                cx.store.sessions().delete(&user, &session).await?;
                let entry = AuditEntry::new(cx, Event::RefreshReused).about(&session).refused();
                entry.by(&user).record(cx).await;
            }
            Err(refused())
        }
        Refreshed::NotAdvanced(None) => Err(refused()),
    }
}

/// The session; `None` if all sessions of its account were ended, which does not change this item.
async fn unless_ended(cx: &Context, session: SessionItem) -> Result<Option<SessionItem>, Problem> {
    let account = cx.store.users().get(&session.user_id).await?;
    let lives = account.is_some_and(|account| {
        account.token_version == session.token_version && !account.user.disabled
    });
    if lives {
        return Ok(Some(session));
    }
    cx.store.sessions().delete(&session.user_id, &session.id).await?;
    Ok(None)
}

fn parse(key: &hmac::Key, prefix: &str, token: &str) -> Option<(UserId, SessionId, u32)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.strip_prefix(prefix)?).ok()?;
    let (message, tag) = bytes.split_at_checked(36)?;
    hmac::verify(key, message, tag).ok()?;
    let ulid = |bytes: &[u8]| Some(Ulid::from_bytes(bytes.try_into().ok()?));
    let user = UserId::from_ulid(ulid(&message[..16])?);
    let session = SessionId::from_ulid(ulid(&message[16..32])?);
    let generation = u32::from_be_bytes(message[32..].try_into().ok()?);
    Some((user, session, generation))
}
