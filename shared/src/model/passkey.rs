//! The ids of passkeys.

use aws_lc_rs::digest::{SHA256, digest};
use ulid::Ulid;

use super::PasskeyId;

impl PasskeyId {
    /// The id of the passkey with this credential id, which authenticators choose: half its SHA-256.
    #[must_use]
    pub fn of_credential(credential_id: &[u8]) -> Self {
        let digest = digest(&SHA256, credential_id);
        let half = digest.as_ref().first_chunk::<16>().expect("a SHA-256 has 32 bytes");
        Self::from_ulid(Ulid::from_bytes(*half))
    }
}
