//! Every key of all tables. `docs/STORAGE.md` lists them with what reads and writes them.

mod agent;
mod content;
mod identity;
#[cfg(test)]
mod tests;

pub use agent::*;
pub use content::*;
pub use identity::*;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::model::Time;

/// The key of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The partition key.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    /// The key as attributes.
    #[must_use]
    pub fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            ("pk".to_owned(), AttributeValue::S(self.pk.clone())),
            ("sk".to_owned(), AttributeValue::S(self.sk.clone())),
        ])
    }
}

/// A key under which nothing is ever stored.
#[must_use]
pub fn nothing() -> Key {
    Key::new("NOTHING", "NOTHING")
}

/// A sort key for lists by time; the id makes it unique.
#[must_use]
pub fn position(time: Time, id: &impl std::fmt::Display) -> String {
    format!("{time}#{id}")
}
