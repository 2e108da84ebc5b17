//! Bytes as scripts send them: in base64url.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde::{Deserialize, Deserializer};

/// The longest answer of a browser that is looked at, in characters.
pub(super) const MAX: usize = 16 * 1024;

/// Bytes that are a text in JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Encoded(pub(super) Vec<u8>);

impl<'de> Deserialize<'de> for Encoded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text);
        bytes.map(Self).map_err(|_| serde::de::Error::custom("not base64url"))
    }
}

/// The text for bytes.
pub(super) fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_a_text_in_base64url() {
        let read = |json: &str| serde_json::from_str::<Encoded>(json).ok();
        assert_eq!(read("\"_-8\""), Some(Encoded(vec![0xff, 0xef])));
        assert_eq!(encode(&[0xff, 0xef]), "_-8");
        assert_eq!((read("\"/+8\""), read("\"_-8=\""), read("1")), (None, None, None));
        assert_eq!(MAX, 16_384);
    }
}
