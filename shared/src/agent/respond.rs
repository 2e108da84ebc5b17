//! Asks the agent, in the form of OpenAI's Responses API: the answer comes whole, or as it is made.

use super::Tools;
use super::turn::{Following, TurnRequest, begin};
use super::wires::{Responses, stream};
use crate::auth::Caller;
use crate::context::Context;
use crate::endpoint::JsonOrEvents;
use crate::http::Body;
use crate::http::problem::Problem;
use crate::model::{Response, ResponseId};

/// Answers a message of the user, whole.
///
/// # Errors
/// As [`respond`]; 503 if the end of the turn could not be written down.
pub async fn respond_whole(
    cx: &Context,
    caller: &Caller,
    request: &TurnRequest,
    tools: &'static dyn Tools,
) -> Result<Response, Problem> {
    begin(cx, caller, request, tools).await?.until_the_end().await
}

/// Answers a message of the user. A whole answer may take minutes. Whether its client is still there does
/// not matter to the turn.
///
/// # Errors
/// 503 `agent_off`; 404 for a conversation of others; 409 `conversation_busy`, `limit_reached`, or if the
/// response that it is to follow is not the last one; 422 for a key that was used for something else; 429
/// `budget_spent`, or while as many answers run as a person may have. All of them come before the first event
/// of a stream.
pub async fn respond(
    cx: &Context,
    caller: &Caller,
    request: &TurnRequest,
    tools: &'static dyn Tools,
) -> Result<JsonOrEvents<Response>, Problem> {
    let following = begin(cx, caller, request, tools).await?;
    if request.is_streamed() {
        return Ok(JsonOrEvents::Events(stream(following, Responses::behind(None))));
    }
    following.until_the_end().await.map(JsonOrEvents::Json)
}

/// The events of a response behind the number `after`, to its end.
///
/// # Errors
/// 404, also for those of others; 429 for one more than a person may follow.
pub async fn streamed(
    cx: &Context,
    caller: &Caller,
    id: &ResponseId,
    after: Option<u64>,
) -> Result<Body, Problem> {
    let following = Following::stored(cx, caller, id).await?;
    Ok(stream(following, Responses::behind(after)))
}
