//! Values that are too long to send: their longest strings are cut, and say so.

use serde_json::Value;

/// How long strings may be, in characters, one bound after the other until all fits. Ids and slugs
/// are shorter than the last.
const BOUNDS: [usize; 5] = [2000, 1000, 500, 250, 100];

/// What is of no use in part.
const WHOLE: [&str; 6] = ["continue_with", "id", "next", "next_cursor", "slug", "url"];

/// What holds values of any form, which may go as a whole.
const FREE: [&str; 3] = ["from", "metadata", "to"];

/// How many characters a text takes inside a JSON string.
pub(crate) fn sent(text: &str) -> usize {
    text.chars().map(sent_char).sum()
}

fn sent_char(char: char) -> usize {
    match char {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        '\0'..='\u{1f}' => 6,
        _ => 1,
    }
}

/// The beginning of a text that takes at most `room` characters inside a JSON string.
pub(crate) fn beginning(text: &str, room: usize) -> &str {
    let mut taken = 0;
    let end = text.char_indices().find(|(_, char)| {
        taken += sent_char(*char);
        taken > room
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// A text of at most `most` characters, and a word on what is missing of a longer one.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    format!("{}… [cut: {} characters in all]", &text[..end], text.chars().count())
}

/// Cuts what is longest in a value until it fits, or no more can be cut.
pub(crate) fn until(value: &mut Value, fits: impl Fn(&Value) -> bool) {
    if fits(value) {
        return;
    }
    // Each time from the whole: what is cut says how long it was.
    let whole = value.clone();
    for most in BOUNDS {
        value.clone_from(&whole);
        bound(value, most);
        if fits(value) {
            return;
        }
    }
}

/// Cuts every string in a value to a length.
pub(crate) fn bound(value: &mut Value, most: usize) {
    match value {
        // A little more than that is not worth the word on what is missing.
        Value::String(text) if text.chars().nth(most + 40).is_some() => *text = cut(text, most),
        Value::Array(entries) => entries.iter_mut().for_each(|entry| bound(entry, most)),
        Value::Object(fields) => {
            for (name, value) in fields {
                if WHOLE.contains(&name.as_str()) {
                    continue;
                }
                bound(value, most);
                if FREE.contains(&name.as_str()) && (value.is_object() || value.is_array()) {
                    let length = value.to_string().chars().count();
                    if length > 4 * most {
                        *value = format!("[cut: {length} characters of JSON]").into();
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
    fn lengths_are_those_of_what_is_sent() {
        for text in ["", "plain", "\"\\\n\t\r\u{8}\u{c}", "\u{0}\u{1}\u{1f}\u{7f}", "é😀\u{2028}"]
        {
            let json = serde_json::to_string(text).unwrap();
            assert_eq!(sent(text) + 2, json.chars().count(), "{json}");
        }
        assert_eq!(beginning("a\"b\u{1}c", 4), "a\"b");
        assert_eq!(beginning("😀😀", 1), "😀");
        assert_eq!(beginning("abc", 3), "abc");
    }

    #[test]
    fn long_strings_are_cut_and_say_so_and_ids_stay() {
        let long = "x".repeat(5000);
        let mut value = json!({
            "id": "post_1", "next_cursor": long, "note": long, "lines": [{ "title": "t" }],
            "metadata": { long.clone(): 1 },
        });
        until(&mut value, |value| value.to_string().len() < 6000);
        assert_eq!(value["next_cursor"], long);
        assert_eq!(value["lines"][0]["title"], "t");
        assert!(value["note"].as_str().unwrap().ends_with("… [cut: 5000 characters in all]"));
        assert!(value["metadata"].as_str().unwrap().starts_with("[cut: "));
    }
}
