//! SHA-256: of tokens with 256 random bits, of which the database holds the digest and never the
//! token, and of content, so that what goes live can be compared with what was shown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde_json::Value;

/// The SHA-256 of a token or of other bytes, in base64url.
#[must_use]
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes.as_ref()))
}

/// The SHA-256 of a JSON value in its canonical form, in hex. The order of an object's names and the
/// spelling of a number do not count: the database keeps neither.
#[must_use]
pub fn sha256_of_json(value: &Value) -> String {
    let mut canonical = String::new();
    write_canonical(value, &mut canonical);
    let mut hex = String::with_capacity(64);
    for byte in digest(&SHA256, canonical.as_bytes()).as_ref() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// As RFC 8785 has it, but for numbers: those without a fraction are written as integers, so that
/// `1.0` is `1`, as DynamoDB gives it back.
fn write_canonical(value: &Value, to: &mut String) {
    let text = |text: &str| Value::from(text).to_string();
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => {
            let _ = write!(to, "{value}");
        }
        Value::Number(number) => {
            let _ = match number.as_f64() {
                Some(float) if number.is_f64() => write!(to, "{}", float + 0.0),
                _ => write!(to, "{number}"),
            };
        }
        Value::Array(values) => {
            to.push('[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    to.push(',');
                }
                write_canonical(value, to);
            }
            to.push(']');
        }
        Value::Object(fields) => {
            to.push('{');
            let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
            for (at, (name, value)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    to.push(',');
                }
                to.push_str(&text(name));
                to.push(':');
                write_canonical(value, to);
            }
            to.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_database_does_not_keep_does_not_count() {
        let one = serde_json::from_str::<Value>(r#"{"b":[1.0,-0.0,2.5],"a":{"y":1,"x":null}}"#);
        let other = serde_json::from_str::<Value>(r#"{"a":{"x":null,"y":1},"b":[1,0,2.50]}"#);
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(sha256_of_json(&one), sha256_of_json(&other));
        assert_eq!(sha256_of_json(&json!(1e30)), sha256_of_json(&json!(1e30)));
        for different in [json!("1"), json!([1]), json!({ "1": null }), json!("a\",\"b")] {
            assert_ne!(sha256_of_json(&json!(1)), sha256_of_json(&different));
        }
        // Of the empty object, by sha256sum.
        let known = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(sha256_of_json(&json!({})), known);
    }
}
