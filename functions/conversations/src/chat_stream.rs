//! `GET /v1/chat/{chat_id}/stream`: the answer that is made in a chat, for `useChat` of the AI SDK.

use byline_shared::agent;
use byline_shared::http::{Request, Response, path};
use byline_shared::model::ChatId;
use byline_shared::prelude::*;
use byline_shared::store::keys;

use crate::contract;

/// Takes an answer up again.
pub struct StreamChat;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<StreamChat>(module_path!());

impl RawEndpoint for StreamChat {
    const NAME: &'static str = "chat-stream";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/chat/{chat_id}/stream";
    const SUMMARY: &'static str = "Take up the answer in a chat of the AI SDK";
    const DESCRIPTION: &'static str = "What `resume` of `useChat` asks after a reload: the answer that the agent makes at \
        this moment, from its beginning to its end. Without one the answer is 204.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[BatchGetItem, GetItem, Query])];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::InvalidInput, Code::TooManyRequests];
    const SECONDS: Option<u16> = Some(29);
    const PRODUCES: &'static str = "text/event-stream";
    /// Nothing runs in the chat of the sample.
    const STATUS: u16 = 204;
    const EXAMPLE_PATH: &'static [(&'static str, &'static str)] = &[("chat_id", "my-chat")];

    type Auth = scope::Conversations;

    fn contract(_: &mut SchemaGenerator) -> RawContract {
        contract::chat_stream()
    }

    async fn handle(cx: &Context, caller: Caller, request: Request) -> Result<Response, Problem> {
        let id = path::first_value(Self::PATH, request.uri().path());
        let id: ChatId = id.parse().map_err(|fault: &str| {
            Problem::invalid_field("chat_id", "invalid_format", format!("Is {fault}."))
        })?;
        match agent::chat_stream(cx, &caller, &id).await? {
            Some(answer) => Ok(answer),
            None => NoContent.into_response().map_err(Problem::internal),
        }
    }
}
