//! The JSON of Chat Completions.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::agent::model::{ModelCall, ModelMessage, ModelRequest, Usage};

/// The longest code of an error that is kept, in characters.
const MAX_CODE: usize = 64;

/// What differs between servers in a request. An unknown member is an error at some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// OpenAI's own, which names the limit of tokens anew, keeps requests unless told otherwise, and finds
    /// kept prompts by a key.
    OpenAi,
    /// What all others understand.
    Common,
}

impl Dialect {
    pub(super) fn of(base_url: &str) -> Self {
        let host = url::Url::parse(base_url).ok();
        let host = host.as_ref().and_then(url::Url::host_str).unwrap_or_default();
        let is_openai = host == "api.openai.com" || host.ends_with(".openai.azure.com");
        if is_openai { Self::OpenAi } else { Self::Common }
    }
}

/// The body of a request.
pub(super) fn body(dialect: Dialect, model: &str, request: &ModelRequest) -> Vec<u8> {
    let system = json!({ "role": "system", "content": request.system });
    let messages = std::iter::once(system).chain(request.messages.iter().map(message));
    let mut body = json!({
        "model": model,
        "messages": messages.collect::<Vec<_>>(),
        "stream": true,
        "stream_options": { "include_usage": true },
    });
    // An empty list is refused.
    if !request.tools.is_empty() {
        let tool = |tool: &crate::agent::ToolDefinition| {
            json!({ "type": "function", "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
            } })
        };
        body["tools"] = request.tools.iter().map(tool).collect();
    }
    match dialect {
        Dialect::OpenAi => {
            body["max_completion_tokens"] = request.max_output_tokens.into();
            body["store"] = false.into();
            body["prompt_cache_key"] = request.cache_key.as_str().into();
        }
        Dialect::Common => body["max_tokens"] = request.max_output_tokens.into(),
    }
    body.to_string().into_bytes()
}

fn message(message: &ModelMessage) -> Value {
    match message {
        ModelMessage::User(text) => json!({ "role": "user", "content": text }),
        ModelMessage::Assistant { text, calls } if calls.is_empty() => {
            json!({ "role": "assistant", "content": text })
        }
        ModelMessage::Assistant { text, calls } => {
            // Null and not an empty text, which some servers refuse.
            let content = (!text.is_empty()).then_some(text);
            let calls: Value = calls.iter().map(call).collect();
            json!({ "role": "assistant", "content": content, "tool_calls": calls })
        }
        // That a call failed says its text: there is no member for it.
        ModelMessage::Output { call, text, .. } => {
            json!({ "role": "tool", "tool_call_id": call, "content": text })
        }
    }
}

fn call(call: &ModelCall) -> Value {
    let function = Called { name: &call.name, arguments: &call.arguments };
    json!({ "id": call.id, "type": "function", "function": function })
}

#[derive(Serialize)]
struct Called<'a> {
    name: &'a str,
    arguments: &'a str,
}

/// An event of an answer. Null counts as left out, and what is not known is ignored.
#[derive(Default, Deserialize)]
pub(super) struct Chunk {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Value>,
    #[serde(default)]
    pub(super) error: Option<Value>,
}

#[derive(Default, Deserialize)]
pub(super) struct Choice {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) delta: Piece,
    #[serde(default)]
    pub(super) finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
pub(super) struct Piece {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) content: String,
    /// Why the model does not answer, in place of a content.
    #[serde(default, deserialize_with = "or_default")]
    pub(super) refusal: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) tool_calls: Vec<CallPiece>,
}

#[derive(Default, Deserialize)]
pub(super) struct CallPiece {
    #[serde(default)]
    pub(super) index: Option<u64>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) function: FunctionPiece,
}

#[derive(Default, Deserialize)]
pub(super) struct FunctionPiece {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) name: String,
    #[serde(default)]
    arguments: Option<Value>,
}

fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

impl FunctionPiece {
    /// The next part of the arguments. Some servers send them as an object in one piece.
    pub(super) fn fragment(&self) -> String {
        match &self.arguments {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(whole) => whole.to_string(),
        }
    }
}

impl Chunk {
    /// What the answer took, if this event says it.
    pub(super) fn usage(&self) -> Option<Usage> {
        let usage = self.usage.as_ref()?;
        let number = |pointer: &str| usage.pointer(pointer).and_then(Value::as_u64);
        Some(Usage {
            input: number("/prompt_tokens")?,
            cached: number("/prompt_tokens_details/cached_tokens").unwrap_or_default(),
            output: number("/completion_tokens"),
            reasoning: number("/completion_tokens_details/reasoning_tokens").unwrap_or_default(),
        })
    }
}

/// The code of an error in an answer that is no stream.
pub(super) fn error_code(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    code_of(body.get("error").unwrap_or(&body))
}

/// The code of an error, or `-`. Its message is left out: some repeat what was said.
pub(super) fn code_of(error: &Value) -> String {
    let of_code = |char: char| char.is_ascii_alphanumeric() || "_-.".contains(char);
    let is_code =
        |text: &&str| !text.is_empty() && text.len() <= MAX_CODE && text.chars().all(of_code);
    let named = ["code", "type"].into_iter().find_map(|name| match &error[name] {
        Value::String(text) => Some(text.as_str()).filter(is_code).map(str::to_owned),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    named.unwrap_or_else(|| "-".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::ToolDefinition;

    fn request() -> ModelRequest {
        let call = |id: &str| ModelCall {
            id: id.to_owned(),
            name: "search".to_owned(),
            arguments: "{\"query\":\"a\"}".to_owned(),
        };
        let output = |id: &str| ModelMessage::Output {
            call: id.to_owned(),
            text: "none".to_owned(),
            failed: false,
        };
        ModelRequest {
            system: "Be brief.".to_owned(),
            messages: vec![
                ModelMessage::User("Hello".to_owned()),
                ModelMessage::Assistant {
                    text: String::new(),
                    calls: vec![call("call00001"), call("call00002")],
                },
                output("call00001"),
                output("call00002"),
                ModelMessage::Assistant { text: "Nothing.".to_owned(), calls: Vec::new() },
                ModelMessage::User("Thanks".to_owned()),
            ],
            tools: vec![ToolDefinition {
                name: "search",
                description: "Finds posts.",
                parameters: json!({ "type": "object" }),
            }],
            max_output_tokens: 100,
            cache_key: "conv".to_owned(),
        }
    }

    fn sent(dialect: Dialect, request: &ModelRequest) -> Value {
        serde_json::from_slice(&body(dialect, "m", request)).unwrap()
    }

    #[test]
    fn a_request_has_the_form_that_every_server_takes() {
        let call = |id: &str| {
            json!({ "id": id, "type": "function", "function": {
            "name": "search", "arguments": "{\"query\":\"a\"}",
        } })
        };
        let expected = json!({
            "model": "m",
            "messages": [
                { "role": "system", "content": "Be brief." },
                { "role": "user", "content": "Hello" },
                { "role": "assistant", "content": null,
                  "tool_calls": [call("call00001"), call("call00002")] },
                { "role": "tool", "tool_call_id": "call00001", "content": "none" },
                { "role": "tool", "tool_call_id": "call00002", "content": "none" },
                { "role": "assistant", "content": "Nothing." },
                { "role": "user", "content": "Thanks" },
            ],
            "stream": true,
            "stream_options": { "include_usage": true },
            "tools": [{ "type": "function", "function": {
                "name": "search", "description": "Finds posts.", "parameters": { "type": "object" },
            } }],
            "max_tokens": 100,
        });
        assert_eq!(sent(Dialect::Common, &request()), expected);
        let bare = ModelRequest { tools: Vec::new(), ..request() };
        assert!(sent(Dialect::Common, &bare).get("tools").is_none());
    }

    #[test]
    fn openai_is_told_to_keep_nothing() {
        let sent = sent(Dialect::OpenAi, &request());
        assert_eq!((&sent["store"], &sent["prompt_cache_key"]), (&json!(false), &json!("conv")));
        assert_eq!(sent["max_completion_tokens"], 100);
        assert!(sent.get("max_tokens").is_none());
        for (url, dialect) in [
            ("https://api.openai.com/v1", Dialect::OpenAi),
            ("https://mine.openai.azure.com/openai/v1", Dialect::OpenAi),
            ("https://openrouter.ai/api/v1", Dialect::Common),
            ("https://api.openai.com.example/v1", Dialect::Common),
            ("http://127.0.0.1:11434/v1", Dialect::Common),
        ] {
            assert_eq!(Dialect::of(url), dialect, "{url}");
        }
    }

    #[test]
    fn an_error_is_known_by_its_code_and_never_by_its_message() {
        for (body, code) in [
            (r#"{"error":{"code":"model_not_found","message":"a canary"}}"#, "model_not_found"),
            (r#"{"error":{"code":null,"type":"invalid_request_error"}}"#, "invalid_request_error"),
            (r#"{"error":{"code":429}}"#, "429"),
            (r#"{"code":"a canary","type":"overloaded"}"#, "overloaded"),
            (r#"{"error":"a canary"}"#, "-"),
            ("<html>", "-"),
            ("", "-"),
        ] {
            assert_eq!(error_code(body.as_bytes()), code, "{body}");
        }
    }
}
