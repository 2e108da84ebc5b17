//! `POST /v1/chat`: asks the agent, for `useChat` of the AI SDK.

use byline_shared::agent::{self, TurnRequest};
use byline_shared::auth::limits;
use byline_shared::http::{Request, Response};
use byline_shared::prelude::*;
use byline_tools::{AGENT_PERMISSIONS, AGENT_TOOLS};
use serde_json::{Value, json};

use crate::contract;

/// Asks the agent.
pub struct CreateChat;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<CreateChat>(module_path!());

impl RawEndpoint for CreateChat {
    const NAME: &'static str = "chat-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/chat";
    const SUMMARY: &'static str = "Ask the agent from a chat of the AI SDK";
    const DESCRIPTION: &'static str = "What `useChat` sends, answered with the UI message stream that it reads. Only \
        the last message counts, and it must be the user's: the history is on the server. \
        `id` is a conversation, or any id of yours: the same one leads to the same conversation. The \
        metadata of the answer has `conversation_id` and `response_id`, which \
        `POST /v1/responses/{response_id}/cancel` stops.\n\
        \n\
        A message that is sent twice, with the same `id`, is answered once. A client that hangs up does not \
        stop the agent: `GET /v1/chat/{chat_id}/stream` takes the answer up again. On AWS, API Gateway sends \
        the stream all at once, at its end: ask at `stream_url` of `GET /v1/agent`.";
    const PERMISSIONS: &'static [Permission] = &AGENT_PERMISSIONS;
    const ERRORS: &'static [Code] = &agent::TURN_ERRORS;
    const LIMIT: Option<RateLimit> = Some(limits::RESPOND_ACCOUNT);
    const BODY_LIMIT: usize = agent::BODY_LIMIT;
    const SECONDS: Option<u16> = Some(29);
    const PRODUCES: &'static str = "text/event-stream";

    type Auth = scope::Conversations;

    fn contract(_: &mut SchemaGenerator) -> RawContract {
        contract::chat()
    }

    fn example() -> Option<Value> {
        let parts = json!([{ "type": "text", "text": byline_shared::examples::MESSAGE }]);
        let message = json!({ "id": "msg-1", "role": "user", "parts": parts });
        Some(json!({ "id": "my-chat", "trigger": "submit-message", "messages": [message] }))
    }

    async fn handle(cx: &Context, caller: Caller, request: Request) -> Result<Response, Problem> {
        let request = TurnRequest::read_chat(&request)?;
        agent::chat(cx, &caller, &request, &AGENT_TOOLS).await
    }
}
