//! Cursors: a position in one list, as text.
//!
//! A cursor is base64url of an 8-byte digest of the list's name and filters, then the sort key after
//! which the next page begins. It is not secret: the store builds the partition key from the list
//! and takes only the position from the cursor, so a forged one can name another position in a list
//! that the caller may read anyway, and nothing else. The digest rejects a cursor of another list or
//! filter. See `docs/decisions/0005-cursors.md`.

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};

use crate::store::StoreError;

/// Encodes and decodes the cursors of a list.
#[derive(Debug)]
pub(super) struct Cursor;

impl Cursor {
    /// The cursor that continues `list` after `position`.
    pub(super) fn encode(list: &str, position: &str) -> String {
        let mut bytes = Self::digest(list).to_vec();
        bytes.extend_from_slice(position.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position that `cursor` holds for `list`.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] if it is not a cursor of this list.
    pub(super) fn decode(list: &str, cursor: &str) -> Result<String, StoreError> {
        let invalid = || StoreError::InvalidCursor;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| invalid())?;
        let (digest, position) = bytes.split_at_checked(8).ok_or_else(invalid)?;
        if digest != Self::digest(list) || position.is_empty() {
            return Err(invalid());
        }
        String::from_utf8(position.to_vec()).map_err(|_| invalid())
    }

    fn digest(list: &str) -> [u8; 8] {
        let digest = digest(&SHA256, list.as_bytes());
        digest.as_ref()[..8].try_into().expect("SHA-256 has 32 bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_its_own_list_alone() {
        let cursor = Cursor::encode("posts?tag=a", "2026");
        assert_eq!(Cursor::decode("posts?tag=a", &cursor).unwrap(), "2026");
        assert!(Cursor::decode("posts?tag=b", &cursor).is_err());
        assert!(Cursor::decode("posts?tag=a", "AAAA").is_err());
        assert!(Cursor::decode("posts?tag=a", "…").is_err());
    }
}
