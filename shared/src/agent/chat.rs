//! Asks the agent, in the form that `useChat` of the AI SDK speaks.

use http::header::{HeaderName, HeaderValue};

use super::Tools;
use super::conversations::owned;
use super::turn::{Following, TurnRequest, begin};
use super::wires::{UiMessages, stream};
use crate::auth::Caller;
use crate::context::Context;
use crate::endpoint::events;
use crate::http::Response;
use crate::http::problem::Problem;
use crate::model::ChatId;

/// Says which stream it is, and in which version.
const UI_MESSAGE_STREAM: HeaderName = HeaderName::from_static("x-vercel-ai-ui-message-stream");

/// Answers a message of the user as it is made.
///
/// # Errors
/// As [`super::respond`].
pub async fn chat(
    cx: &Context,
    caller: &Caller,
    request: &TurnRequest,
    tools: &'static dyn Tools,
) -> Result<Response, Problem> {
    Ok(answer(begin(cx, caller, request, tools).await?))
}

/// The answer that is made in a chat, from its beginning; `None` if there is none.
///
/// # Errors
/// 404 for a conversation of others; 429 for one more than a person may follow.
pub async fn chat_stream(
    cx: &Context,
    caller: &Caller,
    id: &ChatId,
) -> Result<Option<Response>, Problem> {
    let conversation = id.conversation(&caller.user.id);
    let Some(head) = cx.store.conversations().get(&conversation).await? else { return Ok(None) };
    let head = owned(caller, Some(head))?;
    let Some(turn) = &head.turn else { return Ok(None) };
    let following = Following::stored(cx, caller, turn).await?;
    Ok((!following.is_over()).then(|| answer(following)))
}

fn answer(following: Following) -> Response {
    let mut answer = events(stream(following, UiMessages::default()));
    answer.headers_mut().insert(UI_MESSAGE_STREAM, HeaderValue::from_static("v1"));
    answer
}
