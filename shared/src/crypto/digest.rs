//! The SHA-256 of tokens with 256 random bits: the database holds the digest, never the token.

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};

/// The SHA-256 of a token, in base64url.
#[must_use]
pub fn sha256(token: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes()))
}
