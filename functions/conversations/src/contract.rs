//! What the API description says about `POST /v1/responses`.

use byline_shared::endpoint::RawContract;
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
