//! What the scripted model speaks. Scripts are written in the form of Chat Completions; here they become the
//! frames of Bedrock's `ConverseStream`, and its requests become those of Chat Completions. So the same test
//! runs with both adapters.

use std::cell::Cell;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use axum::body::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

/// The credentials of the agent at Bedrock.
pub(super) const ACCESS_KEY: &str = "AKIASCRIPTED";
pub(super) const SECRET: &str = "a-canary-of-the-model";

/// A form of requests and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    ChatCompletions,
    Converse,
}

thread_local! {
    static WIRE: Cell<Wire> = const { Cell::new(Wire::ChatCompletions) };
}

/// Runs a test whose models are at Bedrock. A test starts its models on the thread that it runs on.
pub(crate) fn over_converse(test: fn()) {
    struct Until;
    impl Drop for Until {
        fn drop(&mut self) {
            WIRE.set(Wire::ChatCompletions);
        }
    }
    let _until_the_end = Until;
    WIRE.set(Wire::Converse);
    test();
}

impl Wire {
    /// The one of this test.
    pub(super) fn of_test() -> Self {
        WIRE.get()
    }

    /// The variables with which the agent asks a model at this origin; all others as they are given.
    pub(super) fn variable(
        self,
        origin: &str,
        name: &str,
        given: Option<String>,
    ) -> Option<String> {
        match (self, name) {
            (Self::ChatCompletions, "BYLINE_AGENT_BASE_URL") => Some(format!("{origin}/v1")),
            (Self::ChatCompletions, _) => given,
            (Self::Converse, "BYLINE_AGENT_PROVIDER") => Some("bedrock".to_owned()),
            (Self::Converse, "BYLINE_AGENT_BASE_URL") => None,
            (Self::Converse, "AWS_REGION") => Some("eu-central-1".to_owned()),
            (Self::Converse, "AWS_ACCESS_KEY_ID") => Some(ACCESS_KEY.to_owned()),
            (Self::Converse, "AWS_SECRET_ACCESS_KEY") => Some(SECRET.to_owned()),
            (Self::Converse, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME") => Some(origin.to_owned()),
            (Self::Converse, _) => given,
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::ChatCompletions => "text/event-stream; charset=utf-8",
            Self::Converse => "application/vnd.amazon.eventstream",
        }
    }

    /// A refusal, with the name that an error with this status has at Bedrock.
    pub(super) fn refusal(self, status: StatusCode, message: &str) -> (&'static str, String) {
        if self == Self::ChatCompletions {
            let error = json!({ "error": { "code": "scripted", "message": message } });
            return ("scripted", error.to_string());
        }
        let name = match status.as_u16() {
            400 => "ValidationException",
            404 => "ResourceNotFoundException",
            408 => "ModelTimeoutException",
            429 => "ThrottlingException",
            503 => "ServiceUnavailableException",
            _ => "InternalServerException",
        };
        (name, json!({ "message": message }).to_string())
    }

    /// A request in the form of Chat Completions.
    pub(super) fn in_chat_form(self, path: &str, body: Value) -> Value {
        if self == Self::ChatCompletions {
            return body;
        }
        let system = json!({ "role": "system", "content": body["system"][0]["text"] });
        let messages = body["messages"].as_array().unwrap().iter().flat_map(of_converse);
        let mut made = json!({
            "model": path.split('/').nth(2),
            "messages": std::iter::once(system).chain(messages).collect::<Value>(),
            "stream": path.ends_with("/converse-stream"),
        });
        if let Some(tools) = body["toolConfig"]["tools"].as_array() {
            let tools = tools.iter().filter_map(|tool| tool.get("toolSpec"));
            let tool =
                |tool: &Value| json!({ "type": "function", "function": { "name": tool["name"] } });
            made["tools"] = tools.map(tool).collect();
        }
        made
    }
}

fn of_converse(message: &Value) -> Vec<Value> {
    let blocks = message["content"].as_array().unwrap();
    let text = blocks.iter().find_map(|block| block.get("text"));
    if message["role"] == "assistant" {
        let mut made = json!({ "role": "assistant", "content": text });
        let calls = blocks.iter().filter_map(|block| block.get("toolUse"));
        let call = |call: &Value| {
            let function = json!({ "name": call["name"], "arguments": call["input"].to_string() });
            json!({ "id": call["toolUseId"], "type": "function", "function": function })
        };
        let calls: Vec<Value> = calls.map(call).collect();
        if !calls.is_empty() {
            made["tool_calls"] = calls.into();
        }
        return vec![made];
    }
    let outputs = blocks.iter().filter_map(|block| block.get("toolResult")).map(|output| {
        let text = &output["content"][0]["text"];
        json!({ "role": "tool", "tool_call_id": output["toolUseId"], "content": text })
    });
    let says = text.map(|text| json!({ "role": "user", "content": text }));
    outputs.chain(says).collect()
}

/// An answer while it is sent.
pub(super) struct Sending {
    wire: Wire,
    has_begun: bool,
    /// The number of the block that is open, and of its call if it is one.
    open: Option<(u32, Option<u64>)>,
    next_block: u32,
}

impl Sending {
    pub(super) fn new(wire: Wire) -> Self {
        Self { wire, has_begun: false, open: None, next_block: 0 }
    }

    /// The bytes of an event that the script has.
    pub(super) fn event(&mut self, event: &str) -> Bytes {
        if self.wire == Wire::ChatCompletions {
            return Bytes::copy_from_slice(event.as_bytes());
        }
        let mut frames = Vec::new();
        match event.strip_prefix("data: ").map(str::trim) {
            None if event.starts_with(':') => {}
            Some("[DONE]") => {}
            // What is no event here is none there.
            None => frames.extend_from_slice(event.as_bytes()),
            Some(data) => match serde_json::from_str::<Value>(data) {
                Ok(chunk) => self.chunk(&chunk, &mut frames),
                Err(_) => frame(("event", "contentBlockDelta"), data.to_owned(), &mut frames),
            },
        }
        frames.into()
    }

    fn chunk(&mut self, chunk: &Value, frames: &mut Vec<u8>) {
        if let Some(error) = chunk.get("error") {
            let error = json!({ "message": error["message"] });
            let name = ("exception", "throttlingException");
            return frame(name, error.to_string(), frames);
        }
        let mut send = |name: &str, payload: Value| {
            if !std::mem::replace(&mut self.has_begun, true) {
                let begins = json!({ "role": "assistant" });
                frame(("event", "messageStart"), begins.to_string(), frames);
            }
            frame(("event", name), payload.to_string(), frames);
        };
        let choice = &chunk["choices"][0];
        if let Some(text) = choice["delta"]["content"].as_str().filter(|text| !text.is_empty()) {
            let block = match self.open {
                Some((block, None)) => block,
                open => {
                    if let Some((block, _)) = open {
                        send("contentBlockStop", json!({ "contentBlockIndex": block }));
                    }
                    self.next_block += 1;
                    self.next_block
                }
            };
            self.open = Some((block, None));
            let delta = json!({ "contentBlockIndex": block, "delta": { "text": text } });
            send("contentBlockDelta", delta);
        }
        for call in choice["delta"]["tool_calls"].as_array().into_iter().flatten() {
            let index = call["index"].as_u64();
            let block = match self.open {
                Some((block, of)) if of == index => block,
                open => {
                    if let Some((block, _)) = open {
                        send("contentBlockStop", json!({ "contentBlockIndex": block }));
                    }
                    self.next_block += 1;
                    let start = json!({
                        "toolUseId": "tooluse_of-the.model", "name": call["function"]["name"],
                    });
                    let block = self.next_block;
                    let start =
                        json!({ "contentBlockIndex": block, "start": { "toolUse": start } });
                    send("contentBlockStart", start);
                    block
                }
            };
            self.open = Some((block, index));
            let input = json!({ "input": call["function"]["arguments"] });
            send(
                "contentBlockDelta",
                json!({ "contentBlockIndex": block, "delta": { "toolUse": input } }),
            );
        }
        if let Some(reason) = choice["finish_reason"].as_str() {
            if let Some((block, _)) = self.open.take() {
                send("contentBlockStop", json!({ "contentBlockIndex": block }));
            }
            let reason = match reason {
                "stop" => "end_turn",
                "tool_calls" => "tool_use",
                "length" => "max_tokens",
                "content_filter" => "guardrail_intervened",
                other => other,
            };
            send("messageStop", json!({ "stopReason": reason }));
        }
        if let Some(usage) = chunk.get("usage") {
            let number =
                |pointer: &str| usage.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
            let cached = number("/prompt_tokens_details/cached_tokens");
            let usage = json!({
                "inputTokens": number("/prompt_tokens") - cached,
                "cacheReadInputTokens": cached,
                "cacheWriteInputTokens": 0,
                "outputTokens": number("/completion_tokens"),
                "totalTokens": number("/total_tokens"),
            });
            send("metadata", json!({ "usage": usage, "metrics": { "latencyMs": 1 } }));
        }
    }
}

fn frame((kind, name): (&str, &str), payload: String, frames: &mut Vec<u8>) {
    let text = |text: &str| HeaderValue::String(text.to_owned().into());
    let message = Message::new(payload)
        .add_header(Header::new(format!(":{kind}-type"), text(name)))
        .add_header(Header::new(":content-type", text("application/json")))
        .add_header(Header::new(":message-type", text(kind)));
    write_message_to(&message, frames).unwrap();
}
