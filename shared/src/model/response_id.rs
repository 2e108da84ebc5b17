//! The id of a response, which leads to its conversation.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::id::ULID_PATTERN;
use super::{ConversationId, Time};

/// A response: a turn of a conversation with the built-in agent. It holds the id of the conversation, so
/// that it is found without an index, and goes with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ResponseId(String);

impl ResponseId {
    const PREFIX: &str = "resp_";

    /// The id of a turn that is new now.
    #[must_use]
    pub fn new(conversation: &ConversationId, now: Time) -> Self {
        // Its own half is a ULID of the same kind.
        let own = ConversationId::new(now).ulid();
        Self(format!("{}{}{own}", Self::PREFIX, conversation.ulid()))
    }

    /// The conversation.
    #[must_use]
    pub fn conversation(&self) -> ConversationId {
        ConversationId::from_ulid(self.halves().0)
    }

    /// What tells it from the other turns of its conversation, in their order.
    #[must_use]
    pub fn turn(&self) -> Ulid {
        self.halves().1
    }

    fn halves(&self) -> (Ulid, Ulid) {
        Self::read(&self.0).expect("an id holds two valid ULIDs from its construction")
    }

    fn read(text: &str) -> Option<(Ulid, Ulid)> {
        let halves = text.strip_prefix(Self::PREFIX)?;
        let (first, second) = (halves.get(..26)?, halves.get(26..)?);
        Some((Ulid::from_string(first).ok()?, Ulid::from_string(second).ok()?))
    }

    /// The whole id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ResponseId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let error = "not an id of the form resp_<two ULIDs>";
        let (conversation, turn) = Self::read(&text).ok_or(error)?;
        let canonical = format!("{}{conversation}{turn}", Self::PREFIX);
        if canonical == text { Ok(Self(text)) } else { Err(error) }
    }
}

impl std::str::FromStr for ResponseId {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.to_owned().try_into()
    }
}

impl std::fmt::Display for ResponseId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl JsonSchema for ResponseId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ResponseId".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": format!("^{}{ULID_PATTERN}{ULID_PATTERN}$", Self::PREFIX),
            "x-error": "Must be an id of the form resp_<two ULIDs>.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_response_leads_to_its_conversation() {
        let conversation = ConversationId::new(Time::from_millis(1));
        let id = ResponseId::new(&conversation, Time::from_millis(2));
        assert_eq!(id.conversation(), conversation);
        assert_eq!(id.turn().timestamp_ms(), 2);
        assert_eq!(id.as_str().parse::<ResponseId>(), Ok(id.clone()));
        let lower = id.as_str().to_lowercase();
        for wrong in [&id.as_str()[..56], lower.as_str(), conversation.as_str(), "resp_", "resp_é"]
        {
            assert!(wrong.parse::<ResponseId>().is_err(), "{wrong}");
        }
    }
}
