//! What is sent to Bedrock.

use std::collections::BTreeSet;

use aws_sdk_bedrockruntime::types::{
    CachePointBlock, CachePointType, ContentBlock, ConversationRole, InferenceConfiguration,
    Message, SystemContentBlock, Tool, ToolConfiguration, ToolInputSchema, ToolResultBlock,
    ToolResultContentBlock, ToolSpecification, ToolUseBlock,
};
use aws_smithy_types::{Document, Number};
use serde_json::{Value, json};

use crate::agent::model::{ModelCall, ModelMessage, ModelRequest};

/// The instructions.
pub(super) fn system(request: &ModelRequest) -> SystemContentBlock {
    SystemContentBlock::Text(request.system.clone())
}

/// How long the answer may be.
pub(super) fn limits(request: &ModelRequest) -> InferenceConfiguration {
    let tokens = i32::try_from(request.max_output_tokens).unwrap_or(i32::MAX);
    InferenceConfiguration::builder().max_tokens(tokens).build()
}

/// The conversation. Here the user says what calls returned, and says it in one message: roles alternate.
pub(in crate::agent) fn messages(messages: &[ModelMessage]) -> Vec<Message> {
    let mut made: Vec<(ConversationRole, Vec<ContentBlock>)> = Vec::new();
    for message in messages {
        let (role, blocks) = match message {
            ModelMessage::User(text) => {
                (ConversationRole::User, vec![ContentBlock::Text(text.clone())])
            }
            ModelMessage::Assistant { text, calls } => {
                // An empty text is refused.
                let text = (!text.is_empty()).then(|| ContentBlock::Text(text.clone()));
                (
                    ConversationRole::Assistant,
                    text.into_iter().chain(calls.iter().map(call)).collect(),
                )
            }
            ModelMessage::Output { call, text, .. } => {
                (ConversationRole::User, vec![output(call, text)])
            }
        };
        match made.last_mut() {
            Some((last, known)) if *last == role => known.extend(blocks),
            _ => made.push((role, blocks)),
        }
    }
    let message = |(role, blocks)| {
        let message = Message::builder().role(role).set_content(Some(blocks)).build();
        message.expect("role and content are set")
    };
    made.into_iter().map(message).collect()
}

fn call(call: &ModelCall) -> ContentBlock {
    let arguments = serde_json::from_str(&call.arguments).unwrap_or_else(|_| json!({}));
    let block = ToolUseBlock::builder()
        .tool_use_id(&call.id)
        .name(&call.name)
        .input(document(arguments))
        .build();
    ContentBlock::ToolUse(block.expect("id, name and input are set"))
}

/// That a call failed says its text: not all models take the member for it.
fn output(call: &str, text: &str) -> ContentBlock {
    let text = ToolResultContentBlock::Text(text.to_owned());
    let block = ToolResultBlock::builder().tool_use_id(call).content(text).build();
    ContentBlock::ToolResult(block.expect("id and content are set"))
}

/// The tools, in their order. An empty list is refused, and so is a history with calls without a list.
pub(super) fn tools(model: &str, request: &ModelRequest) -> Option<ToolConfiguration> {
    let mut tools: Vec<Tool> = request
        .tools
        .iter()
        .map(|tool| specification(tool.name, tool.description, tool.parameters.clone()))
        .collect();
    if tools.is_empty() {
        let gone = |name| {
            let schema = json!({ "type": "object" });
            specification(name, "This tool is not available any more. Do not call it.", schema)
        };
        tools = called(&request.messages).into_iter().map(gone).collect();
    }
    if tools.is_empty() {
        return None;
    }
    if keeps_tools(model) {
        let point = CachePointBlock::builder().r#type(CachePointType::Default).build();
        tools.push(Tool::CachePoint(point.expect("its type is set")));
    }
    let tools = ToolConfiguration::builder().set_tools(Some(tools)).build();
    Some(tools.expect("tools are set"))
}

fn specification(name: &str, description: &str, schema: Value) -> Tool {
    let tool = ToolSpecification::builder()
        .name(name)
        .description(description)
        .input_schema(ToolInputSchema::Json(document(schema)))
        .build();
    Tool::ToolSpec(tool.expect("name and schema are set"))
}

/// The names of the tools that a history calls.
fn called(messages: &[ModelMessage]) -> BTreeSet<&str> {
    let calls = messages.iter().flat_map(|message| match message {
        ModelMessage::Assistant { calls, .. } => calls.as_slice(),
        ModelMessage::User(_) | ModelMessage::Output { .. } => &[],
    });
    calls.map(|call| call.name.as_str()).collect()
}

/// Whether a model keeps the tools of a request for the next one, so that they cost less there. A model
/// that does not refuses a request that asks for it. The models of Claude from 3.7 and 4 on do, and the small one of
/// 3.5: <https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html>.
fn keeps_tools(model: &str) -> bool {
    let Some((_, name)) = model.split_once("anthropic.claude-") else { return false };
    let is_old = ["v2", "instant", "3-"].iter().any(|old| name.starts_with(old));
    !is_old || name.starts_with("3-7-") || name.starts_with("3-5-haiku-")
}

/// JSON as the SDK has it.
fn document(json: Value) -> Document {
    match json {
        Value::Null => Document::Null,
        Value::Bool(value) => Document::Bool(value),
        Value::Number(number) => Document::Number(if let Some(number) = number.as_u64() {
            Number::PosInt(number)
        } else if let Some(number) = number.as_i64() {
            Number::NegInt(number)
        } else {
            Number::Float(number.as_f64().unwrap_or_default())
        }),
        Value::String(text) => Document::String(text),
        Value::Array(entries) => Document::Array(entries.into_iter().map(document).collect()),
        Value::Object(members) => Document::Object(
            members.into_iter().map(|(name, value)| (name, document(value))).collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::ToolDefinition;

    fn request(tools: Vec<ToolDefinition>, messages: Vec<ModelMessage>) -> ModelRequest {
        ModelRequest {
            system: "Be brief.".to_owned(),
            messages,
            tools,
            max_output_tokens: 100,
            cache_key: "conv".to_owned(),
        }
    }

    fn search() -> ToolDefinition {
        let parameters = json!({ "type": "object", "properties": { "n": { "maximum": 3 } } });
        ToolDefinition { name: "search", description: "Finds posts.", parameters }
    }

    fn names(tools: Option<ToolConfiguration>) -> Vec<String> {
        let tools = tools.map(|tools| tools.tools).unwrap_or_default();
        let name = |tool: &Tool| match tool {
            Tool::ToolSpec(tool) => tool.name.clone(),
            _ => "a cache point".to_owned(),
        };
        tools.iter().map(name).collect()
    }

    #[test]
    fn tools_are_kept_where_the_model_can() {
        let request = request(vec![search()], vec![ModelMessage::User("Hello".to_owned())]);
        for (model, keeps) in [
            ("anthropic.claude-opus-4-6-v1", true),
            ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", true),
            (
                "arn:aws:bedrock:eu-central-1:1:inference-profile/eu.anthropic.claude-haiku-4-5",
                true,
            ),
            ("us.anthropic.claude-3-7-sonnet-20250219-v1:0", true),
            ("anthropic.claude-3-5-haiku-20241022-v1:0", true),
            ("anthropic.claude-3-5-sonnet-20240620-v1:0", false),
            ("anthropic.claude-3-haiku-20240307-v1:0", false),
            ("anthropic.claude-v2:1", false),
            ("anthropic.claude-instant-v1", false),
            ("eu.amazon.nova-pro-v1:0", false),
            ("mistral.mistral-large-2402-v1:0", false),
            ("arn:aws:bedrock:eu-central-1:1:application-inference-profile/a1b2", false),
        ] {
            let expected = if keeps { vec!["search", "a cache point"] } else { vec!["search"] };
            assert_eq!(names(tools(model, &request)), expected, "{model}");
        }
    }

    #[test]
    fn a_history_with_calls_always_has_tools() {
        let call = |name: &str| ModelCall {
            id: "call00001".to_owned(),
            name: name.to_owned(),
            arguments: "{}".to_owned(),
        };
        let user = ModelMessage::User("Hello".to_owned());
        let calls = vec![call("search"), call("echo"), call("search")];
        let called = ModelMessage::Assistant { text: String::new(), calls };
        let bare = request(Vec::new(), vec![user.clone(), called.clone()]);
        assert_eq!(names(tools("m", &bare)), ["echo", "search"]);
        assert_eq!(
            names(tools("m", &request(vec![search()], vec![user.clone(), called]))),
            ["search"]
        );
        assert!(tools("m", &request(Vec::new(), vec![user])).is_none());
    }

    #[test]
    fn json_stays_as_it_is() {
        let json = json!({ "a": [null, true, 1, -2, 0.5, "é", u64::MAX], "b": {} });
        let object = |entries: Vec<(&str, Document)>| {
            let entries = entries.into_iter().map(|(name, value)| (name.to_owned(), value));
            Document::Object(entries.collect())
        };
        let list = Document::Array(vec![
            Document::Null,
            Document::Bool(true),
            Document::Number(Number::PosInt(1)),
            Document::Number(Number::NegInt(-2)),
            Document::Number(Number::Float(0.5)),
            Document::String("é".to_owned()),
            Document::Number(Number::PosInt(u64::MAX)),
        ]);
        assert_eq!(document(json), object(vec![("a", list), ("b", object(Vec::new()))]));
    }
}
