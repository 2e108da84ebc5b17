//! YAML of any author. Aliases make a few lines stand for billions of values, so the values are counted
//! while they are made.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How long a text of YAML may be, in bytes.
const MAX_BYTES: usize = 256 * 1024;

/// How many values a text may stand for, names included.
const MAX_VALUES: usize = 50_000;

/// How many bytes of text the values may have together.
const MAX_TEXT: usize = 2 * 1024 * 1024;

/// How many lists in brackets may be open at once. The parser looks at all of them for each token.
const MAX_OPEN: usize = 200;

/// Why a text is not read as YAML.
#[derive(Debug, thiserror::Error)]
pub(super) enum YamlError {
    /// It is none; the parser says where.
    #[error(transparent)]
    Syntax(#[from] serde_yaml_ng::Error),
    /// It is too long.
    #[error("it has more than {MAX_BYTES} bytes")]
    TooLong,
    /// It has too many brackets in each other.
    #[error("it has more than {MAX_OPEN} lists inside one another")]
    TooDeep,
    /// It has or stands for too many values.
    #[error("it stands for more than {MAX_VALUES} values or {MAX_TEXT} bytes of text")]
    TooMany,
}

/// The value that a text of YAML stands for, as JSON; null for an empty text.
pub(super) fn from_str(text: &str) -> Result<Value, YamlError> {
    if text.len() > MAX_BYTES {
        return Err(YamlError::TooLong);
    }
    let (mut open, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    if deepest > MAX_OPEN {
        return Err(YamlError::TooDeep);
    }
    let budget = Budget { values: Cell::new(MAX_VALUES), text: Cell::new(MAX_TEXT) };
    let made = serde_yaml_ng::Deserializer::from_str(text).deserialize_option(Part(&budget));
    made.map_err(|error| match budget.is_spent() {
        true => YamlError::TooMany,
        false => YamlError::Syntax(error),
    })
}

/// An object that a text of YAML stands for; an empty one for an empty text.
pub(super) fn object(text: &str) -> Result<Map<String, Value>, YamlError> {
    match from_str(text)? {
        Value::Object(object) => Ok(object),
        Value::Null => Ok(Map::new()),
        _ => Err(serde_yaml_ng::Error::custom("expected names with values").into()),
    }
}

/// What may still be made.
struct Budget {
    values: Cell<usize>,
    text: Cell<usize>,
}

impl Budget {
    fn is_spent(&self) -> bool {
        self.values.get() == 0 || self.text.get() == 0
    }

    /// Takes a value with so much text from the budget.
    fn take<E: Error>(&self, text: usize) -> Result<(), E> {
        self.values.set(self.values.get().saturating_sub(1));
        self.text.set(self.text.get().saturating_sub(text));
        if self.is_spent() { Err(E::custom("too many values")) } else { Ok(()) }
    }
}

/// A value within a budget.
struct Part<'b>(&'b Budget);

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, a list or an object")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.0.take(0).map(|()| Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.0.take(0).map(|()| value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.0.take(0).map(|()| value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.0.take(0).map(|()| value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.0.take(0).map(|()| Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.0.take(value.len()).map(|()| value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Value, A::Error> {
        self.0.take(0)?;
        let mut list = Vec::new();
        while let Some(value) = values.next_element_seed(Part(self.0))? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        self.0.take(0)?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            self.0.take(name.len())?;
            object.insert(name, members.next_value_seed(Part(self.0))?);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_is_read_as_before() {
        let value = from_str("a: &x [1, 2.5, yes, ~]\nb: *x\n'c': \"d\"\n").unwrap();
        let expected = serde_json::json!({
            "a": [1, 2.5, "yes", null], "b": [1, 2.5, "yes", null], "c": "d"
        });
        assert_eq!(value, expected);
        for empty in ["", "\n", "# nothing\n", "~"] {
            assert_eq!(object(empty).unwrap(), Map::new(), "{empty:?}");
        }
        assert!(matches!(from_str("a: ["), Err(YamlError::Syntax(_))));
        assert!(object("- a").is_err());
    }

    #[test]
    fn bombs_are_refused() {
        let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let before = format!("*a{}", level - 1);
            let list = vec![before; 9].join(", ");
            laughs.push_str(&format!("a{level}: &a{level} [{list}]\n"));
        }
        // The parser counts aliases, too.
        assert!(from_str(&laughs).is_err());
        let long = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(100_000), "*a, ".repeat(10_000));
        assert!(matches!(from_str(&long), Err(YamlError::TooMany)));
        assert!(matches!(from_str(&"[".repeat(100_000)), Err(YamlError::TooDeep)));
        assert!(from_str(&"- ".repeat(100_000)).is_err());
        assert!(matches!(from_str(&"x".repeat(300_000)), Err(YamlError::TooLong)));
    }
}
