//! The fields of a post: all texts in them, and the custom data.

use serde_json::Value;

use super::excerpt::quoted;
use super::found::Found;
use super::{blanks, characters, links, words};
use crate::model::{FindingCode, PostFields};

/// Examines every text of the fields. A field that is new is examined without a change here.
pub(super) fn examine(fields: &PostFields, found: &mut Found<'_>) {
    let Ok(value) = serde_json::to_value(fields) else { return };
    walk(&mut String::new(), &value, found);
    for (key, value) in fields.metadata.as_object() {
        found.begin(format!("/metadata/{}", escaped(key)), key.clone());
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let message = format!(
            "The custom data {} holds {}. Pages do not show it by themselves; sites and agents read \
             it.",
            quoted(key),
            quoted(&text)
        );
        found.add(FindingCode::Metadata, None, message);
    }
}

fn walk(pointer: &mut String, value: &Value, found: &mut Found<'_>) {
    let here = pointer.len();
    match value {
        Value::String(text) => {
            found.begin(pointer.clone(), text.clone());
            characters::examine(text, found);
            blanks::examine(text, found);
            words::examine(text, found);
            if pointer == "/canonical_url" {
                links::examine_host(text, None, found);
            }
        }
        Value::Array(values) => {
            for (place, value) in values.iter().enumerate() {
                pointer.push_str(&format!("/{place}"));
                walk(pointer, value, found);
                pointer.truncate(here);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                pointer.push_str(&format!("/{}", escaped(name)));
                found.begin(pointer.clone(), name.clone());
                characters::examine(name, found);
                blanks::examine(name, found);
                walk(pointer, value, found);
                pointer.truncate(here);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A name as a segment of a JSON Pointer (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
