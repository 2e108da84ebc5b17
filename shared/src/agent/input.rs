//! Messages as clients send them. Only those of the user are taken: where clients add what an agent said or
//! did, they can forge it.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::MAX_MESSAGE_BYTES;
use crate::http::problem::{FieldError, Problem};
use crate::model::MessageText;

/// How many parts a message may have.
const MAX_PARTS: usize = 20;

const ONLY_USERS: &str = "Only messages of the user can be added: role user, and no other type than \
                          message. What the agent says and does, Byline writes itself.";
const ONLY_TEXT: &str = "Must be text: a string, or parts of the type input_text. Images, files and \
                         sound are not supported.";

/// A message in the input of OpenAI's Responses and Conversations: members that say nothing here are
/// ignored, such as an id.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InputItem(Map<String, Value>);

impl InputItem {
    /// A message of the user.
    #[must_use]
    pub fn of_user(text: &str) -> Self {
        let members = [("role", "user"), ("content", text)];
        Self(members.map(|(name, value)| (name.to_owned(), value.into())).into_iter().collect())
    }
}

impl InputItem {
    /// A message with these members, as they were sent.
    pub(super) fn of_members(members: Map<String, Value>) -> Self {
        Self(members)
    }
}

impl JsonSchema for InputItem {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "InputItem".into()
    }

    fn inline_schema() -> bool {
        true
    }

    /// What it says beyond types, the code below checks: it knows the reasons.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let text = |description: &str| json!({ "type": "string", "description": description, "x-visible": true });
        json_schema!({
            "type": "object",
            "description": "A message of the user.",
            "properties": {
                "type": text("`message`, or left out."),
                "role": text("`user`."),
                "content": {
                    "type": ["string", "array"],
                    "x-visible": true,
                    "description": "The text: as one string, or in up to 20 parts. In all at most \
                                    32,768 bytes of UTF-8, and no invisible characters.",
                    "items": {
                        "type": "object",
                        "description": "A part of the text.",
                        "properties": {
                            "type": text("`input_text`."),
                            "text": text("The text."),
                        },
                    },
                },
            },
        })
    }
}

/// The texts of messages, each in its parts. `field` is the name of the list in the request.
///
/// # Errors
/// 422 with every fault.
pub(super) fn texts(field: &str, sent: &[InputItem]) -> Result<Vec<Vec<MessageText>>, Problem> {
    let (mut messages, mut faults) = (Vec::new(), Faults::default());
    for (place, item) in sent.iter().enumerate() {
        messages.push(faults.message(&format!("/{field}/{place}"), &item.0));
    }
    if faults.0.is_empty() { Ok(messages) } else { Err(Problem::invalid(faults.0)) }
}

#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    /// How many are told.
    const MAX: usize = 100;

    fn add(&mut self, pointer: String, code: &str, message: impl Into<String>) {
        if self.0.len() < Self::MAX {
            self.0.push(FieldError { pointer, code: code.to_owned(), message: message.into() });
        }
    }

    fn message(&mut self, at: &str, item: &Map<String, Value>) -> Vec<MessageText> {
        if item.get("type").is_some_and(|kind| kind != "message") {
            self.add(format!("{at}/type"), "not_allowed", ONLY_USERS);
            return Vec::new();
        }
        match item.get("role") {
            Some(role) if role == "user" => {}
            Some(_) => self.add(format!("{at}/role"), "not_allowed", ONLY_USERS),
            None => self.add(format!("{at}/role"), "required", ONLY_USERS),
        }
        let at = format!("{at}/content");
        let before = self.0.len();
        let texts: Vec<MessageText> = match item.get("content") {
            Some(Value::String(text)) => self.text(&at, text).into_iter().collect(),
            Some(Value::Array(parts)) if parts.len() > MAX_PARTS => {
                self.add(at.clone(), "too_many", format!("Must have at most {MAX_PARTS} parts."));
                Vec::new()
            }
            Some(Value::Array(parts)) => {
                let parts = parts.iter().enumerate();
                parts
                    .filter_map(|(place, part)| self.part(&format!("{at}/{place}"), part))
                    .collect()
            }
            Some(_) => {
                self.add(at.clone(), "invalid_type", ONLY_TEXT);
                Vec::new()
            }
            None => {
                self.add(at.clone(), "required", "Is required.");
                Vec::new()
            }
        };
        if self.0.len() == before {
            self.whole(at, &texts);
        }
        texts
    }

    fn part(&mut self, at: &str, part: &Value) -> Option<MessageText> {
        match (part["type"].as_str(), part["text"].as_str()) {
            (Some("input_text"), Some(text)) => self.text(&format!("{at}/text"), text),
            (Some("input_text"), None) => {
                self.add(format!("{at}/text"), "required", "Is required.");
                None
            }
            _ => {
                self.add(format!("{at}/type"), "not_allowed", ONLY_TEXT);
                None
            }
        }
    }

    fn text(&mut self, at: &str, text: &str) -> Option<MessageText> {
        let read = text.parse::<MessageText>();
        read.map_err(|error| self.add(at.to_owned(), "invalid_format", error.to_string())).ok()
    }

    /// Holds all parts of a message together to what one may be.
    fn whole(&mut self, at: String, texts: &[MessageText]) {
        if texts.iter().all(|text| text.as_str().trim().is_empty()) {
            self.add(at, "too_short", "Must hold some text.");
        } else if texts.iter().map(|text| text.as_str().len()).sum::<usize>() > MAX_MESSAGE_BYTES {
            let message = format!("Must have at most {MAX_MESSAGE_BYTES} bytes of UTF-8.");
            self.add(at, "too_long", message);
        }
    }
}
