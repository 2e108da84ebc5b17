//! Device tokens: proof that somebody has signed in from here before.
//!
//! An attacker who tries many passwords fills the bucket of the address; the owner's devices have
//! buckets of their own and still get in (OWASP, device cookies). A device token opens nothing.

use aws_lc_rs::hmac;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};

use super::limits;
use crate::context::Context;
use crate::crypto::random;
use crate::http::problem::Problem;
use crate::model::{Email, Secret};

const PREFIX: &str = "bdt_";

/// How long a device is remembered, in seconds: 180 days.
const LIFETIME: i64 = 180 * 24 * 3600;

/// A new token for the owner of an address: 16 random bytes, when it ends, and a tag over both and
/// the address.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn token(cx: &Context, email: &Email, version: u64) -> Result<Secret, Problem> {
    let secret = cx.secrets.account.get().await?;
    let ends = cx.clock.now().plus_seconds(LIFETIME).as_seconds();
    let device: [u8; 16] = random::bytes();
    let tag = hmac::sign(&secret.device_key, &message(email, version, &device, ends));
    let bytes = [device.as_slice(), &ends.to_be_bytes(), tag.as_ref()].concat();
    Ok(Secret::new(format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes))))
}

/// The device of a token that was made for this address and has not ended, as a subject of limits.
///
/// # Errors
/// 503 while the account secret cannot be read.
pub async fn known(
    cx: &Context,
    email: &Email,
    version: u64,
    token: Option<&Secret>,
) -> Result<Option<String>, Problem> {
    let Some(token) = token else { return Ok(None) };
    let secret = cx.secrets.account.get().await?;
    Ok(read(&secret.device_key, email, version, token.expose(), cx.clock.now().as_seconds()))
}

fn read(key: &hmac::Key, email: &Email, version: u64, token: &str, now: i64) -> Option<String> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX)?).ok()?;
    let (device, rest) = bytes.split_at_checked(16)?;
    let (ends, tag) = rest.split_first_chunk::<8>()?;
    let ends = i64::from_be_bytes(*ends);
    hmac::verify(key, &message(email, version, device, ends), tag).ok()?;
    (ends > now).then(|| BASE64_URL_SAFE_NO_PAD.encode(device))
}

/// The account's `token_version` goes in: another password makes every device a stranger again.
fn message(email: &Email, version: u64, device: &[u8], ends: i64) -> Vec<u8> {
    let address = limits::address(email).to_string();
    [address.as_bytes(), &version.to_be_bytes(), device, &ends.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_known_for_its_address_and_password_until_its_token_ends() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"key");
        let ada = Email::trusted("ada@example.com");
        let ends = 1000_i64;
        let tag = hmac::sign(&key, &message(&ada, 3, &[7; 16], ends));
        let bytes = [&[7; 16][..], &ends.to_be_bytes(), tag.as_ref()].concat();
        let token = format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(&bytes));
        let known = |email: &str, version, token: &str, now| {
            read(&key, &Email::trusted(email), version, token, now)
        };
        let device = BASE64_URL_SAFE_NO_PAD.encode([7; 16]);
        assert_eq!(known("ada@example.com", 3, &token, 999), Some(device.clone()));
        assert_eq!(known("ADA@Example.com", 3, &token, 999), Some(device));
        for now in [1000, 1001] {
            assert_eq!(known("ada@example.com", 3, &token, now), None, "{now}");
        }
        assert_eq!(known("lin@example.com", 3, &token, 999), None);
        assert_eq!(known("ada@example.com", 4, &token, 999), None);
        assert_eq!(known("ada@example.com", 3, &token[4..], 999), None);
        for place in [0, 16, 24] {
            let mut other = bytes.clone();
            other[place] ^= 1;
            let other = format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(other));
            assert_eq!(known("ada@example.com", 3, &other, 999), None, "{place}");
        }
        assert_eq!(LIFETIME, 180 * 86_400);
    }
}
