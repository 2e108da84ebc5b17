//! What the API description says about endpoints that read their requests themselves.

use byline_shared::endpoint::{OtherAnswer, RawContract};
use byline_shared::model;
use schemars::{SchemaGenerator, json_schema};
use serde_json::json;

/// A message of the user in, a response out.
pub(crate) fn responses(generator: &mut SchemaGenerator) -> RawContract {
    let text = |description: &str| json!({ "type": "string", "description": description });
    RawContract {
        request: Some(json_schema!({
            "type": "object",
            "required": ["input"],
            "properties": {
                "input": {
                    "description": "What you say: a text, or 1 to 20 messages.",
                    "anyOf": [
                        { "type": "string" },
                        {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "description": "A message of the user.",
                                "properties": {
                                    "type": text("`message`, or left out."),
                                    "role": text("`user`."),
                                    "content": {
                                        "description": "The text: as one string, or in up to 20 parts of the type `input_text`.",
                                        "anyOf": [
                                            { "type": "string" },
                                            { "type": "array", "items": { "type": "object", "additionalProperties": true } },
                                        ],
                                    },
                                },
                            },
                        },
                    ],
                },
                "conversation": text("The conversation. Without it, a new one begins."),
                "stream": {
                    "type": "boolean",
                    "description": "Whether the answer is sent as it is made, as `text/event-stream`.",
                    "default": false,
                },
                "previous_response_id": text("The last response of a conversation, in place of `conversation`. If another one followed it, the answer is 409."),
            },
            "additionalProperties": true,
        })),
        response: Some(generator.subschema_for::<model::Response>()),
        example: serde_json::to_value(byline_shared::examples::response()).ok(),
        ..RawContract::default()
    }
}

/// What `useChat` sends in, its stream out.
pub(crate) fn chat() -> RawContract {
    let text = |description: &str| json!({ "type": "string", "description": description });
    RawContract {
        request: Some(json_schema!({
            "type": "object",
            "required": ["id", "messages"],
            "properties": {
                "id": text("The chat: a conversation, or an id of yours of 1 to 255 printable ASCII characters."),
                "trigger": text("`submit-message`, or left out."),
                "messages": {
                    "type": "array",
                    "minItems": 1,
                    "description": "UI messages. The last one is what you say; the others are ignored.",
                    "items": {
                        "type": "object",
                        "properties": {
                            "id": text("The id of the message. With the same one it is answered once."),
                            "role": text("`user`."),
                            "parts": {
                                "type": "array",
                                "description": "Up to 20 parts of the type `text`.",
                                "items": { "type": "object", "additionalProperties": true },
                            },
                        },
                        "additionalProperties": true,
                    },
                },
            },
            "additionalProperties": true,
        })),
        ..RawContract::default()
    }
}

/// A chat in, its stream out, or nothing.
pub(crate) fn chat_stream() -> RawContract {
    RawContract {
        parameters: Some(json_schema!({
            "type": "object",
            "properties": {
                "chat_id": {
                    "type": "string", "minLength": 1, "maxLength": 255, "description": "The id of the chat.",
                },
            },
        })),
        others: vec![OtherAnswer {
            status: 200,
            description: "The stream of the answer.",
            location: false,
            body: Some(("text/event-stream", json_schema!({ "type": "string" }))),
        }],
        ..RawContract::default()
    }
}
