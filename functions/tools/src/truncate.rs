//! Shortens values that are too long to send: truncates their longest strings, with a note of the
//! original length.

use serde_json::Value;

/// The lengths, in characters, to which strings are truncated, tried in this order until the value
/// fits. Ids and slugs are shorter than the last.
const LIMITS: [usize; 5] = [2000, 1000, 500, 250, 100];

/// Fields that are useless in part, and therefore never truncated.
const NEVER_TRUNCATED: [&str; 6] = ["continue_with", "id", "next", "next_cursor", "slug", "url"];

/// Fields that may hold any JSON. A long value is replaced as a whole.
const ANY_JSON: [&str; 3] = ["from", "metadata", "to"];

/// The length of a text inside a JSON string, in characters, escapes included.
pub fn json_len(text: &str) -> usize {
    text.chars().map(json_char_len).sum()
}

fn json_char_len(char: char) -> usize {
    match char {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => 1,
    }
}

/// The longest prefix of a text whose [`json_len`] is at most `room`.
pub fn prefix(text: &str, room: usize) -> &str {
    let mut taken = 0;
    let end = text.char_indices().find(|(_, char)| {
        taken += json_char_len(*char);
        taken > room
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// The first `max` characters of a text. If that shortens it, a note gives the original length.
pub fn text(text: &str, max: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(max) else { return text.to_owned() };
    format!("{}… [truncated: {} characters in total]", &text[..end], text.chars().count())
}

/// Truncates the strings in a value until it fits, or until they have the shortest of the [`LIMITS`].
pub(crate) fn until_fits(value: &mut Value, fits: impl Fn(&Value) -> bool) {
    if fits(value) {
        return;
    }
    // Start from the original each time, so that the notes give the original lengths.
    let whole = value.clone();
    for max in LIMITS {
        value.clone_from(&whole);
        strings(value, max);
        if fits(value) {
            return;
        }
    }
}

/// Truncates every string in a value to `max` characters.
pub fn strings(value: &mut Value, max: usize) {
    match value {
        // Replacing fewer than 40 characters by a note would save nothing.
        Value::String(content) if content.chars().nth(max + 40).is_some() => {
            *content = text(content, max);
        }
        Value::Array(entries) => entries.iter_mut().for_each(|entry| strings(entry, max)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if NEVER_TRUNCATED.contains(&name.as_str()) {
                    continue;
                }
                strings(value, max);
                if ANY_JSON.contains(&name.as_str()) && (value.is_object() || value.is_array()) {
                    let length = value.to_string().chars().count();
                    if length > 4 * max {
                        *value = format!("[truncated: {length} characters of JSON]").into();
                    }
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_len_is_the_length_in_json() {
        for text in ["", "plain", "\"\\\n\t\r\u{8}\u{c}", "\u{0}\u{1}\u{1f}\u{7f}", "é😀\u{2028}"]
        {
            let json = serde_json::to_string(text).unwrap();
            assert_eq!(json_len(text) + 2, json.chars().count(), "{json}");
        }
        assert_eq!(prefix("a\"b\u{1}c", 4), "a\"b");
        assert_eq!(prefix("😀😀", 1), "😀");
        assert_eq!(prefix("abc", 3), "abc");
    }

    #[test]
    fn long_strings_are_truncated_with_a_note_and_ids_are_kept() {
        let long = "x".repeat(5000);
        let mut value = json!({
            "id": "post_1", "next_cursor": long, "note": long, "lines": [{ "title": "t" }],
            "metadata": { long.clone(): 1 },
        });
        until_fits(&mut value, |value| value.to_string().len() < 6000);
        assert_eq!(value["next_cursor"], long);
        assert_eq!(value["lines"][0]["title"], "t");
        assert!(
            value["note"].as_str().unwrap().ends_with("… [truncated: 5000 characters in total]")
        );
        assert!(value["metadata"].as_str().unwrap().starts_with("[truncated: "));
    }
}
