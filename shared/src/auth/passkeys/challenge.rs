//! Challenges: what an authenticator signs, so that its answer is for one request of one browser.
//!
//! A challenge carries its end and an HMAC, so that asking for one writes nothing. Using one writes its
//! digest, in the transaction that it is used for, so that it works once.

use aws_lc_rs::hmac;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use http::HeaderMap;

use crate::auth::form_key::{FormKey, is_form_valid};
use crate::context::Context;
use crate::crypto::message::message;
use crate::crypto::{digest, random};
use crate::http::problem::Problem;
use crate::model::{SessionId, Time};
use crate::store::passkeys::SpentChallenge;

/// How long a challenge can be answered, in seconds: five minutes.
pub(super) const LIFETIME: i64 = 300;

/// What the tags of challenges are for.
const PURPOSE: &str = "passkey challenge";

/// The length of the first part in base64url: 16 random bytes and the end. The tag follows.
const HEAD: usize = 32;

/// A challenge for a browser in which nobody may be signed in, which is known by its form key.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub(super) async fn for_guest(cx: &Context, key: &FormKey) -> Result<String, Problem> {
    let head = head(cx);
    let tag = key.token(cx, &[PURPOSE, &head], None).await?;
    Ok(head + &tag)
}

/// A challenge for a session.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub(super) async fn for_session(cx: &Context, session: &SessionId) -> Result<String, Problem> {
    let key = &cx.secrets.account.get().await?.page_key;
    let head = head(cx);
    let tag = BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(key, &of_session_message(session, &head)));
    Ok(head + &tag)
}

/// The challenge that this browser was given, if it can still be answered.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub(super) async fn of_guest(
    cx: &Context,
    headers: &HeaderMap,
    given: &str,
) -> Result<Option<SpentChallenge>, Problem> {
    let Some((head, tag, ends)) = read(cx, given) else { return Ok(None) };
    let is_ours = is_form_valid(cx, headers, &[PURPOSE, head], None, tag).await?;
    Ok(is_ours.then(|| spent(given, ends)))
}

/// The challenge that this session was given, if it can still be answered.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub(super) async fn of_session(
    cx: &Context,
    session: &SessionId,
    given: &str,
) -> Result<Option<SpentChallenge>, Problem> {
    let Some((head, tag, ends)) = read(cx, given) else { return Ok(None) };
    let key = &cx.secrets.account.get().await?.page_key;
    let tag = BASE64_URL_SAFE_NO_PAD.decode(tag).unwrap_or_default();
    let is_ours = hmac::verify(key, &of_session_message(session, head), &tag).is_ok();
    Ok(is_ours.then(|| spent(given, ends)))
}

fn head(cx: &Context) -> String {
    let (nonce, ends) = (random::bytes::<16>(), cx.clock.now().as_seconds() + LIFETIME);
    BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &ends.to_be_bytes()].concat())
}

/// The two parts of a challenge and its end; `None` if it is over, or cannot be one of ours.
fn read<'g>(cx: &Context, given: &'g str) -> Option<(&'g str, &'g str, i64)> {
    let (head, tag) = given.split_at_checked(HEAD)?;
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(head).ok()?;
    let ends = i64::from_be_bytes(*bytes.last_chunk::<8>()?);
    (cx.clock.now().as_seconds() < ends).then_some((head, tag, ends))
}

fn spent(given: &str, ends: i64) -> SpentChallenge {
    SpentChallenge { digest: digest::sha256(given), ends: Time::from_millis(ends * 1000) }
}

fn of_session_message(session: &SessionId, head: &str) -> Vec<u8> {
    message(PURPOSE, &[session.as_str().as_bytes(), head.as_bytes()])
}
