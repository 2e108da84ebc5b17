//! Lists in pages: `{"items": […], "next_cursor": "…" | null}`.

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use crate::model::Representation;

/// A page of a list.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "{T}Page")]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Send this as `cursor` to get the next page. Null on the last page.
    pub next_cursor: Option<String>,
}

impl<T: Serialize + JsonSchema> Representation for Page<T> {}

impl<T> Page<T> {
    /// The same page with each entry turned into another type.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}

/// The query parameters that every list takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct PageParams {
    /// The largest number of entries in a page.
    #[serde(default = "default_limit")]
    #[schemars(range(min = 1, max = 100))]
    pub limit: u8,
    /// The `next_cursor` of the previous page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 512))]
    pub cursor: Option<String>,
}

const fn default_limit() -> u8 {
    20
}

/// A position in one list.
///
/// As text it is base64url of an 8-byte digest of the list's name and filters, then the sort key
/// after which the next page begins. It holds no secret and opens nothing: the store builds the
/// whole key from the list and takes the position from here, so that a forged cursor can name
/// another position in a list the caller may read anyway, and nothing else. The digest refuses a
/// cursor of another list or filter. See `docs/decisions/0005-cursors.md`.
#[derive(Debug)]
pub struct Cursor;

impl Cursor {
    /// The cursor that continues `list` after `position`.
    #[must_use]
    pub fn encode(list: &str, position: &str) -> String {
        let mut bytes = Self::digest(list).to_vec();
        bytes.extend_from_slice(position.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position that `cursor` holds for `list`.
    ///
    /// # Errors
    /// 422 on `/cursor` where it is no cursor of this list.
    pub fn decode(list: &str, cursor: &str) -> Result<String, Problem> {
        let wrong = || {
            Problem::invalid_field(
                "cursor",
                "invalid_cursor",
                "Not a cursor of this list with these filters. Send next_cursor of the page \
                 before, unchanged, or leave it out to start again.",
            )
        };
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
        let (digest, position) = bytes.split_at_checked(8).ok_or_else(wrong)?;
        if digest != Self::digest(list) || position.is_empty() {
            return Err(wrong());
        }
        String::from_utf8(position.to_vec()).map_err(|_| wrong())
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
