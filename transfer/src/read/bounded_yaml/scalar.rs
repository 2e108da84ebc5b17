//! What a scalar of YAML stands for.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use saphyr_parser::{ScalarStyle, Tag};
use serde_json::{Number, Value};

/// What Ruby and others write with and without `=` at the end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The value of a scalar. One with a tag is text, whatever the tag, but for the few that say otherwise.
pub(super) fn value(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    match tag.map(|tag| tag.suffix.as_str()) {
        Some("binary") => binary(text).into(),
        Some("int" | "float" | "bool" | "null") => plain(text),
        Some(_) => text.into(),
        None if style == ScalarStyle::Plain => plain(text),
        None => text.into(),
    }
}

/// Null, a truth value or a number where that is all that the text says, else text. A number that is
/// written in another way than JSON's, such as `1.10`, `007` or one of 21 digits, is text: a version, a
/// number of somebody's, a part of a date.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return true.into(),
        "false" | "False" | "FALSE" => return false.into(),
        _ => {}
    }
    let whole = text.parse::<i64>().map(Number::from);
    let number = match whole.or_else(|_| text.parse::<u64>().map(Number::from)) {
        Ok(number) => Some(number),
        Err(_) if text.starts_with(|char: char| char.is_ascii_digit() || char == '-') => {
            text.parse::<f64>().ok().and_then(Number::from_f64)
        }
        Err(_) => None,
    };
    let number = number.filter(|number| number.to_string() == text);
    number.map_or_else(|| text.into(), Value::Number)
}

/// The text in base64: older Rubies wrote all that is not ASCII so. What is no text stays as it is.
fn binary(text: &str) -> String {
    let packed: String = text.split_whitespace().collect();
    let bytes = BASE64.decode(packed).ok();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_keep_their_digits() {
        for (text, expected) in [
            ("4", json!(4)),
            ("-2.5", json!(-2.5)),
            ("109847468560157291940", json!("109847468560157291940")),
            (
                "1234567890123456789012345678901234567890123",
                json!("1234567890123456789012345678901234567890123"),
            ),
            ("1.10", json!("1.10")),
            ("007", json!("007")),
            ("1e5", json!("1e5")),
            ("0xff", json!("0xff")),
            (".inf", json!(".inf")),
            ("~", Value::Null),
            ("True", json!(true)),
            ("yes", json!("yes")),
        ] {
            assert_eq!(value(text, ScalarStyle::Plain, None), expected, "{text}");
        }
    }
}
