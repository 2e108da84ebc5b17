//! One-time tokens: 256 random bits in a mailed link, kept as their SHA-256 alone.

use aws_lc_rs::digest::{SHA256, digest as hash};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};

/// The digest that a token is stored under.
#[must_use]
pub fn digest(token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(hash(&SHA256, token.as_bytes()))
}
