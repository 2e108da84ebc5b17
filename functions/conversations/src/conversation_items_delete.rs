//! `DELETE /v1/conversations/{conversation_id}/items/{item_id}`: deletes a message.

use byline_shared::agent;
use byline_shared::auth::{audit, limits};
use byline_shared::http::Response;
use byline_shared::model::{Conversation, ConversationId, ConversationItemId};
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Deletes a message.
pub struct DeleteItemOfConversation;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeleteItemOfConversation>(module_path!());

/// Which message.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The conversation's id.
    pub conversation_id: ConversationId,
    /// The message's id.
    pub item_id: ConversationItemId,
}

impl Endpoint for DeleteItemOfConversation {
    const NAME: &'static str = "conversation-items-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/conversations/{conversation_id}/items/{item_id}";
    const SUMMARY: &'static str = "Delete a message of a conversation";
    const DESCRIPTION: &'static str = "A message, or a call with what it returned. It is gone at once and for good, as is a title that was made of it. The answer is the conversation, as in OpenAI's API. It works while the \
        agent is off, too.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(
            Agent,
            keys::CONVERSATION_PREFIX,
            &[BatchGetItem, DeleteItem, GetItem, PutItem],
        ),
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::ConversationBusy, Code::EditConflict];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::Conversations;
    type Input = Input;
    type Output = Json<Conversation>;

    fn reject(cx: &Context, problem: Problem) -> Response {
        agent::reject(cx, problem)
    }

    fn example() -> Example<Self> {
        let output = byline_shared::examples::conversation();
        let item_id = byline_shared::examples::conversation_item().id().clone();
        let input = Input { conversation_id: output.id.clone(), item_id };
        Example { input, output: Json(output) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<Conversation>, Problem> {
        agent::delete_item(cx, &caller, &input.conversation_id, &input.item_id).await.map(Json)
    }
}
