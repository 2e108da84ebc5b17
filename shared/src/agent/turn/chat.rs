//! What `useChat` of the AI SDK asks: by default with the whole history, of which only the last message
//! counts. The rest is here already, and a client could forge it.

use serde_json::{Map, Value, json};

use super::request::TurnRequest;
use crate::agent::{InputItem, input};
use crate::endpoint::must_be_json;
use crate::http::Request;
use crate::http::problem::{Code, FieldError, Problem};
use crate::model::ChatId;

/// The longest id of a message that is kept, in bytes.
const MAX_ID: usize = 255;

impl TurnRequest {
    /// Reads a request of `useChat`.
    ///
    /// # Errors
    /// 400, 415, or 422 with every fault.
    pub fn read_chat(request: &Request) -> Result<Self, Problem> {
        must_be_json(request)?;
        let body: Map<String, Value> = serde_json::from_slice(request.body())
            .map_err(|_| Problem::new(Code::MalformedRequest, "The body must be a JSON object."))?;
        let mut faults = Vec::new();
        let mut add = |pointer: &str, code: &str, message: &str| {
            let (pointer, code) = (pointer.to_owned(), code.to_owned());
            faults.push(FieldError { pointer, code, message: message.to_owned() });
        };
        let chat = body.get("id").and_then(Value::as_str).and_then(|id| id.parse::<ChatId>().ok());
        if chat.is_none() {
            add("/id", "invalid_format", "Must be 1 to 255 printable ASCII characters, no spaces.");
        }
        if body.get("trigger").is_some_and(|trigger| trigger != "submit-message") {
            let message = "Answers are not made again. Send another message.";
            add("/trigger", "not_supported", message);
        }
        let messages = body.get("messages").and_then(Value::as_array);
        let Some((last, message)) =
            messages.and_then(|all| Some((all.len().checked_sub(1)?, all.last()?)))
        else {
            add("/messages", "required", "Must have a message of the user.");
            return Err(Problem::invalid(faults));
        };
        let texts = match input::texts("messages", &[item(message)]) {
            Ok(texts) => texts,
            Err(problem) => {
                faults.extend(problem.errors.into_iter().map(|fault| in_parts(fault, last)));
                Vec::new()
            }
        };
        let (Some(chat), true) = (chat, faults.is_empty()) else {
            return Err(Problem::invalid(faults));
        };
        // A message that is sent twice is answered once.
        let key = message.get("id").and_then(Value::as_str);
        let key = key.filter(|key| (1..=MAX_ID).contains(&key.len()));
        Ok(Self::of_chat(chat, texts, key.map(|key| format!("message {key}"))))
    }
}

/// A UI message in the form of a message of OpenAI's API.
fn item(message: &Value) -> InputItem {
    let part = |part: &Value| match part["type"].as_str() {
        Some("text") => json!({ "type": "input_text", "text": part["text"] }),
        _ => part.clone(),
    };
    let mut members = Map::new();
    members.insert("role".to_owned(), message["role"].clone());
    if let Some(parts) = message["parts"].as_array() {
        members.insert("content".to_owned(), parts.iter().map(part).collect());
    }
    InputItem::of_members(members)
}

/// A fault in the message of [`item`], at its place in what was sent.
fn in_parts(fault: FieldError, last: usize) -> FieldError {
    let pointer = fault.pointer.replacen("/messages/0", &format!("/messages/{last}"), 1);
    let pointer = pointer.replacen("/content", "/parts", 1);
    FieldError { pointer, ..fault }
}
