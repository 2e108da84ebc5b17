//! Schemas as tools expect them: enumerations as `enum`, error messages as part of descriptions.

use serde_json::{Map, Value, json};

/// Rewrites every schema in `value` in place. Examples stay as they are.
pub(super) fn plain(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(plain),
        Value::Object(object) => {
            for (name, part) in object.iter_mut() {
                if name != "example" && name != "examples" && name != "default" {
                    plain(part);
                }
            }
            enumeration(object);
            nullable_enumeration(object);
            message(object);
            format(object);
        }
        _ => {}
    }
}

/// Removes from the schemas of answers what concerns input only: defaults and error messages.
pub(super) fn of_answers(schema: &mut Value) {
    match schema {
        Value::Array(parts) => parts.iter_mut().for_each(of_answers),
        Value::Object(schema) => {
            for (keyword, part) in schema.iter_mut() {
                match part {
                    Value::Object(members) if keyword == "properties" => {
                        members.values_mut().for_each(of_answers);
                    }
                    part => of_answers(part),
                }
            }
            schema.remove("default");
            schema.remove("x-error");
            schema.remove("x-visible");
            schema.remove("x-url");
        }
        _ => {}
    }
}

/// `oneOf` of constants, which is how schemars writes an enumeration with doc comments, as `enum`
/// with the comments in the description.
fn enumeration(schema: &mut Map<String, Value>) {
    let Some(Value::Array(options)) = schema.get("oneOf") else { return };
    let mut values = Vec::new();
    let mut words = Vec::new();
    for option in options {
        if let Some(value) = option.get("const") {
            let name = format!("`{}`", value.as_str().unwrap_or_default());
            if let Some(meaning) = option["description"].as_str().filter(|words| *words != name) {
                words.push(format!("- {name}: {meaning}"));
            }
            values.push(value.clone());
        } else if let Some(Value::Array(several)) = option.get("enum") {
            values.extend(several.iter().cloned());
        } else {
            return;
        }
    }
    schema.remove("oneOf");
    schema.insert("type".to_owned(), "string".into());
    schema.insert("enum".to_owned(), values.into());
    if !words.is_empty() {
        append(schema, "\n\n", &words.join("\n"));
    }
}

/// `anyOf` of an enumeration and null, as an enumeration with null.
fn nullable_enumeration(schema: &mut Map<String, Value>) {
    let Some(Value::Array(options)) = schema.get("anyOf") else { return };
    let [Value::Object(first), second] = options.as_slice() else { return };
    let Some(Value::Array(values)) = first.get("enum") else { return };
    if *second != json!({ "type": "null" }) {
        return;
    }
    let mut values = values.clone();
    values.push(Value::Null);
    let meaning = first.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    schema.remove("anyOf");
    schema.insert("type".to_owned(), json!(["string", "null"]));
    schema.insert("enum".to_owned(), values.into());
    append(schema, "\n\n", &meaning);
}

/// `x-error`, which says what a pattern means, as part of the description. `x-visible` and
/// `x-url` are for the validator alone.
fn message(schema: &mut Map<String, Value>) {
    schema.remove("x-visible");
    schema.remove("x-url");
    if let Some(Value::String(message)) = schema.remove("x-error") {
        append(schema, " ", &message);
    }
}

/// Number formats by the names of the OpenAPI format registry.
fn format(schema: &mut Map<String, Value>) {
    if schema.get("format").is_some_and(|format| format == "uint") {
        schema.insert("format".to_owned(), "uint64".into());
    }
}

fn append(schema: &mut Map<String, Value>, joint: &str, text: &str) {
    let before = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let description =
        if before.is_empty() { text.to_owned() } else { format!("{before}{joint}{text}") };
    schema.insert("description".to_owned(), description.into());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_become_an_enumeration_with_their_meanings() {
        let one = |value: &str, meaning: &str| json!({ "type": "string", "const": value, "description": meaning });
        let options = json!([one("draft", "Not live."), one("live", "Readers see it.")]);
        let mut schema = json!({ "anyOf": [{ "oneOf": options }, { "type": "null" }], "description": "Only these." });
        plain(&mut schema);
        let description = "Only these.\n\n- `draft`: Not live.\n- `live`: Readers see it.";
        let expected = json!({
            "type": ["string", "null"], "enum": ["draft", "live", null], "description": description,
        });
        assert_eq!(schema, expected);
    }

    #[test]
    fn messages_join_the_description() {
        let mut schema =
            json!({ "type": "string", "description": "An id.", "x-error": "Must be an id." });
        plain(&mut schema);
        assert_eq!(schema, json!({ "type": "string", "description": "An id. Must be an id." }));
    }
}
