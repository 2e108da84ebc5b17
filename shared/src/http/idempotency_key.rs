//! The `Idempotency-Key` header of requests that make something (draft-ietf-httpapi-idempotency-key-header-07).

use http::HeaderMap;
use http::header::HeaderName;

use super::problem::Problem;
use crate::crypto::digest::sha256;

/// The header that a client names its request with.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// `true` on an answer that was kept from the first request with the same key.
pub const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The longest key, in characters.
pub const MAX_KEY: usize = 255;

/// The key of a request. It is stored as its SHA-256 alone: a client may make it from anything.
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The key of a request; none if it has none. The draft writes it in quotation marks, as a structured field,
    /// and most clients write it without: both are the same key.
    ///
    /// # Errors
    /// 422 for a key that is empty or too long, has other characters than visible ASCII, or comes twice.
    pub fn read(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(value) = values.next() else { return Ok(None) };
        let key = value.to_str().ok().and_then(unquoted).filter(|key| is_valid(key));
        match (key, values.next()) {
            (Some(key), None) => Ok(Some(Self(key))),
            _ => {
                let message = format!(
                    "Must be one key of 1 to {MAX_KEY} visible ASCII characters, such as a UUID; \
                     with or without quotation marks around it, and with a comma only with them."
                );
                Err(Problem::invalid_field("idempotency_key", "invalid_format", message))
            }
        }
    }

    /// The SHA-256 of the key, in base64url.
    #[must_use]
    pub fn digest(&self) -> String {
        sha256(&self.0)
    }
}

fn is_valid(key: &str) -> bool {
    (1..=MAX_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The text of a string of structured fields (RFC 9651 §3.3.3), or the value as it is if it does not begin as
/// one.
fn unquoted(value: &str) -> Option<String> {
    let value = value.trim();
    let Some(quoted) = value.strip_prefix('"') else {
        // API Gateway makes one line of two headers, with a comma.
        return Some(value.to_owned()).filter(|value| !value.contains(','));
    };
    let mut text = String::with_capacity(quoted.len());
    let mut chars = quoted.chars();
    loop {
        match chars.next()? {
            '"' => return chars.as_str().is_empty().then_some(text),
            '\\' => text.push(chars.next().filter(|char| matches!(char, '"' | '\\'))?),
            char => text.push(char),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn key(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IDEMPOTENCY_KEY, HeaderValue::from_str(value).unwrap());
        }
        IdempotencyKey::read(&headers).ok().flatten().map(|key| key.0)
    }

    #[test]
    fn a_key_is_one_with_quotation_marks_and_without() {
        for value in ["8e03-97", "\"8e03-97\"", " 8e03-97 "] {
            assert_eq!(key(&[value]).as_deref(), Some("8e03-97"), "{value}");
        }
        assert_eq!(key(&[r#""a\"b\\""#]).as_deref(), Some(r#"a"b\"#));
        assert_eq!(key(&["\"a,b=c\""]).as_deref(), Some("a,b=c"));
        let longest = "x".repeat(MAX_KEY);
        assert_eq!(key(&[&longest]), Some(longest));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let long = "x".repeat(MAX_KEY + 1);
        for value in ["", "\"\"", "a b", "\"a b\"", "\"a", "\"a\"b", "\"a\";p=1", "\"a\\n\"", &long]
        {
            assert_eq!(key(&[value]), None, "{value}");
        }
        for twice in [&["a", "a"][..], &["a,a"], &["\"a\",\"a\""]] {
            assert_eq!(key(twice), None, "{twice:?}");
        }
        assert!(IdempotencyKey::read(&HeaderMap::new()).unwrap().is_none());
    }
}
