//! What a client of OpenAI's Responses API asks.
//!
//! Clients add many members, so unknown ones are ignored here. What would mislead is refused: members that
//! ask for something that the agent does not do.

use http::HeaderMap;
use serde_json::{Map, Value};

use crate::agent::{InputItem, MAX_NEW_ITEMS, input};
use crate::crypto::digest;
use crate::endpoint::must_be_json;
use crate::http::Request;
use crate::http::problem::{Code, FieldError, Problem};
use crate::model::{AgentMode, ChatId, ConversationId, MessageText, ResponseId};

/// The longest idempotency key, in characters.
const MAX_KEY: usize = 255;

/// A message to the agent.
#[derive(Clone, Debug)]
pub struct TurnRequest {
    /// The conversation; a new one without it.
    pub(super) conversation: Option<ConversationId>,
    /// The mode of the conversation that it starts; the one that nobody chose without it.
    pub(super) mode: Option<AgentMode>,
    /// The response that it must follow directly.
    pub(super) previous: Option<ResponseId>,
    /// What the user says: messages of several parts.
    pub(super) texts: Vec<Vec<MessageText>>,
    /// Names the request, so that it can be repeated.
    pub(super) key: Option<String>,
    /// Whether the client says that it repeats a request.
    pub(super) is_retry: bool,
    /// The chat whose conversation it is, or becomes if there is none yet.
    pub(super) chat: Option<ChatId>,
    /// Whether the answer is sent as it is made.
    is_streamed: bool,
}

/// Where something is said on a page.
#[derive(Clone, Debug)]
pub enum FormPlace {
    /// In this conversation.
    In(ConversationId),
    /// In a new one, with this mode.
    New(Option<AgentMode>),
}

impl TurnRequest {
    /// Reads a request.
    ///
    /// # Errors
    /// 400, 415, or 422 with every fault.
    pub fn read(request: &Request) -> Result<Self, Problem> {
        must_be_json(request)?;
        let body: Map<String, Value> = serde_json::from_slice(request.body())
            .map_err(|_| Problem::new(Code::MalformedRequest, "The body must be a JSON object."))?;
        let mut faults = Faults::default();
        faults.of_unsupported(&body);
        let (conversation, previous) = faults.place(&body);
        let key = faults.key(request.headers());
        let texts = match input_items(&body) {
            Ok(items) => match input::texts("input", &items) {
                Ok(texts) => texts,
                Err(problem) => {
                    faults.0.extend(problem.errors);
                    Vec::new()
                }
            },
            Err((code, message)) => {
                faults.add("input", code, message);
                Vec::new()
            }
        };
        if !faults.0.is_empty() {
            return Err(Problem::invalid(faults.0));
        }
        let is_retry = header(request.headers(), "x-stainless-retry-count")
            .is_some_and(|count| count.parse::<u32>().is_ok_and(|count| count > 0));
        let is_streamed = body.get("stream") == Some(&Value::Bool(true));
        let (mode, chat) = (None, None);
        Ok(Self { conversation, mode, previous, texts, key, is_retry, chat, is_streamed })
    }

    /// A message of a chat.
    pub(super) fn of_chat(chat: ChatId, texts: Vec<Vec<MessageText>>, key: Option<String>) -> Self {
        let conversation = chat.named();
        let chat = conversation.is_none().then_some(chat);
        let (mode, previous, is_retry, is_streamed) = (None, None, false, true);
        Self { conversation, mode, previous, texts, key, is_retry, chat, is_streamed }
    }

    /// What somebody says on a page: in a conversation, or in a new one with a mode. `key` names the form.
    ///
    /// # Errors
    /// 422 on `message`.
    pub fn of_form(place: FormPlace, message: &str, key: String) -> Result<Self, Problem> {
        let texts = input::texts("message", &[InputItem::of_user(message)])?;
        let (conversation, mode) = match place {
            FormPlace::In(conversation) => (Some(conversation), None),
            FormPlace::New(mode) => (None, mode),
        };
        let (previous, key, chat) = (None, Some(key), None);
        let (is_retry, is_streamed) = (false, false);
        Ok(Self { conversation, mode, previous, texts, key, is_retry, chat, is_streamed })
    }

    /// Whether the answer is sent as it is made.
    pub(in crate::agent) fn is_streamed(&self) -> bool {
        self.is_streamed
    }

    /// The digest of what the user says.
    pub(super) fn digest(&self) -> String {
        let texts = self.texts.iter().map(|parts| {
            let parts = parts.iter().map(|part| part.as_str().into());
            Value::Array(parts.collect())
        });
        digest::sha256_of_json(&Value::Array(texts.collect()))
    }
}

/// The messages of a request, not read yet.
fn input_items(body: &Map<String, Value>) -> Result<Vec<InputItem>, (&'static str, String)> {
    let count = || format!("Must have 1 to {MAX_NEW_ITEMS} messages.");
    match body.get("input") {
        None | Some(Value::Null) => Err(("required", "Is required.".to_owned())),
        Some(Value::String(text)) => Ok(vec![InputItem::of_user(text)]),
        Some(Value::Array(items)) if items.is_empty() => Err(("too_few", count())),
        Some(Value::Array(items)) if items.len() > MAX_NEW_ITEMS => Err(("too_many", count())),
        Some(items @ Value::Array(_)) => serde_json::from_value(items.clone())
            .map_err(|_| ("invalid_type", "Must be a list of objects.".to_owned())),
        Some(_) => Err(("invalid_type", "Must be a string or a list of messages.".to_owned())),
    }
}

#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn add(&mut self, name: &str, code: &str, message: impl Into<String>) {
        let (pointer, code) = (format!("/{name}"), code.to_owned());
        self.0.push(FieldError { pointer, code, message: message.into() });
    }

    fn of_unsupported(&mut self, body: &Map<String, Value>) {
        let is_filled = |value: &Value| match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(entries) => !entries.is_empty(),
            Value::Object(members) => !members.is_empty(),
            Value::Bool(_) | Value::Number(_) => true,
        };
        let filled = |name: &str| body.get(name).is_some_and(is_filled);
        let is = |name: &str, value: bool| body.get(name) == Some(&Value::Bool(value));
        let choice = body.get("tool_choice").filter(|choice| !choice.is_null());
        let form = body.get("text").and_then(|text| text.pointer("/format/type"));
        for (applies, name, message) in [
            (
                filled("tools"),
                "tools",
                "The agent has its own tools and takes no others. Leave them out.",
            ),
            (
                filled("instructions"),
                "instructions",
                "Byline instructs its agent itself. Say what you want in the input.",
            ),
            (
                filled("prompt"),
                "prompt",
                "There are no stored prompts. Say what you want in the input.",
            ),
            (
                filled("metadata"),
                "metadata",
                "A response has no metadata. Set it at the conversation.",
            ),
            (
                is("background", true),
                "background",
                "The agent does not work in the background. Leave it out.",
            ),
            (
                is("store", false),
                "store",
                "Responses are kept with their conversation. Delete the conversation afterwards.",
            ),
            (
                choice.is_some_and(|choice| choice != "auto"),
                "tool_choice",
                "The agent chooses its tools itself. Leave it out.",
            ),
            (
                filled("max_output_tokens"),
                "max_output_tokens",
                "The length of an answer has a limit of its own. Leave it out.",
            ),
            (
                filled("max_tool_calls"),
                "max_tool_calls",
                "The number of calls has a limit of its own. Leave it out.",
            ),
            (
                form.is_some_and(|form| form != "text"),
                "text",
                "The agent answers with text. Leave out the format.",
            ),
        ] {
            if applies {
                self.add(name, "not_supported", message);
            }
        }
    }

    fn place(&mut self, body: &Map<String, Value>) -> (Option<ConversationId>, Option<ResponseId>) {
        let conversation = match body.get("conversation") {
            Some(Value::Object(members)) if members.get("id").is_none_or(Value::is_null) => {
                self.add("conversation", "invalid_type", "Must be an id.");
                None
            }
            Some(Value::Object(members)) => self.id("conversation", members.get("id")),
            other => self.id::<ConversationId>("conversation", other),
        };
        let previous =
            self.id::<ResponseId>("previous_response_id", body.get("previous_response_id"));
        if conversation.is_some() && previous.is_some() {
            let message = "Send conversation or previous_response_id, not both.";
            self.add("previous_response_id", "not_allowed", message);
        }
        (conversation, previous)
    }

    fn id<T: std::str::FromStr<Err = &'static str>>(
        &mut self,
        name: &str,
        value: Option<&Value>,
    ) -> Option<T> {
        match value {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => text
                .parse()
                .map_err(|fault| self.add(name, "invalid_format", format!("Is {fault}.")))
                .ok(),
            Some(_) => {
                self.add(name, "invalid_type", "Must be an id.");
                None
            }
        }
    }

    fn key(&mut self, headers: &HeaderMap) -> Option<String> {
        let sent = headers.contains_key("idempotency-key");
        let key = header(headers, "idempotency-key").filter(|key| {
            (1..=MAX_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
        });
        if sent && key.is_none() {
            let message = format!("Must be 1 to {MAX_KEY} printable ASCII characters, no spaces.");
            self.add("idempotency_key", "invalid_format", message);
        }
        key.map(str::to_owned)
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
