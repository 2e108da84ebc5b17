//! API keys: for scripts and agents that act as their owner, within the scopes of the key.
//!
//! A key names its owner and itself and carries 256 random bits: 64 bytes in base64url behind a
//! prefix by which scanners find keys that were published by mistake. The database holds its
//! SHA-256 alone.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use ulid::Ulid;

use super::caller::{Caller, Credential};
use crate::context::Context;
use crate::crypto::digest;
use crate::http::problem::Problem;
use crate::model::{ApiKeyId, Secret, Time, UserId};
use crate::store::api_keys::ApiKeyItem;

/// How every key begins.
pub const PREFIX: &str = "byline_key_";

/// How often a process notes that a key is used, in seconds: hourly.
const NOTED: i64 = 3600;

/// The key of a user with these secret bytes, and the digest to keep of it.
#[must_use]
pub fn make(user: &UserId, id: &ApiKeyId, secret: &[u8; 32]) -> (Secret, String) {
    let bytes =
        [user.ulid().to_bytes().as_slice(), &id.ulid().to_bytes(), secret.as_slice()].concat();
    let key = format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes));
    let digest = digest::sha256(&key);
    (Secret::new(key), digest)
}

/// The caller of a key.
///
/// # Errors
/// 401 for one that is none of ours, revoked, over, or of a disabled account.
pub(super) async fn authenticate(cx: &Context, key: &str) -> Result<Caller, Problem> {
    let refused = || Problem::unauthenticated(true);
    let (user, id) = read(key).ok_or_else(refused)?;
    let found = cx.store.api_keys().get_with_user(&user, &id).await?;
    let (item, account) = found.ok_or_else(refused)?;
    let now = cx.clock.now();
    let digest = digest::sha256(key);
    let fits = verify_slices_are_equal(item.digest.as_bytes(), digest.as_bytes()).is_ok();
    if !fits || item.expires_at <= now || account.user.disabled {
        return Err(refused());
    }
    note(cx, &item, now).await;
    let credential = Credential::ApiKey { id: item.id, name: item.name };
    Ok(Caller { user: account.user, credential, scopes: item.scopes })
}

fn read(key: &str) -> Option<(UserId, ApiKeyId)> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(key.strip_prefix(PREFIX)?).ok()?;
    let bytes: [u8; 64] = bytes.try_into().ok()?;
    let ulid = |bytes: &[u8]| Some(Ulid::from_bytes(bytes.try_into().ok()?));
    Some((UserId::from_ulid(ulid(&bytes[..16])?), ApiKeyId::from_ulid(ulid(&bytes[16..32])?)))
}

/// Notes the use, if this process has not within the hour. That it fails harms nobody.
async fn note(cx: &Context, item: &ApiKeyItem, now: Time) {
    if cx.noted_key_uses.get(&item.id, now).is_some() {
        return;
    }
    cx.noted_key_uses.insert(item.id.clone(), (), now.plus_seconds(NOTED));
    if let Err(cause) = cx.store.api_keys().record_use(item, now).await {
        tracing::warn!(key = %item.id, ?cause, "the use of a key was not noted");
    }
}
