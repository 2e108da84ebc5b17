//! Where a request leads that starts a conversation. It is known before the conversation is there.

use super::request::TurnRequest;
use crate::auth::Caller;
use crate::context::Context;
use crate::crypto::digest;
use crate::http::problem::Problem;
use crate::model::ConversationId;

/// The conversation that a request with a key has started, if it has.
///
/// # Errors
/// 503.
pub async fn begun(
    cx: &Context,
    caller: &Caller,
    request: &TurnRequest,
) -> Result<Option<ConversationId>, Problem> {
    let id = new_id(cx, caller, request);
    let head = cx.store.conversations().get(&id).await?;
    Ok(head.filter(|head| head.user_id == caller.user.id).map(|head| head.id))
}

/// The id of a conversation that a request starts.
pub(super) fn new_id(cx: &Context, caller: &Caller, request: &TurnRequest) -> ConversationId {
    match (&request.chat, &request.key) {
        (Some(chat), _) => chat.conversation(&caller.user.id),
        // The same key leads to the same conversation, so that its turn is found.
        (None, Some(key)) => {
            ConversationId::derived(&[caller.user.id.as_str(), &digest::sha256(key)])
        }
        (None, None) => ConversationId::new(cx.clock.now()),
    }
}
