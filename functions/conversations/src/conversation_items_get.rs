//! `GET /v1/conversations/{conversation_id}/items/{item_id}`: a message.

use byline_shared::agent;
use byline_shared::http::Response;
use byline_shared::model::{ConversationId, ConversationItem, ConversationItemId};
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Reads a message.
pub struct GetItemOfConversation;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<GetItemOfConversation>(module_path!());

/// Which message.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The conversation's id.
    pub conversation_id: ConversationId,
    /// The message's id.
    pub item_id: ConversationItemId,
}

impl Endpoint for GetItemOfConversation {
    const NAME: &'static str = "conversation-items-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/conversations/{conversation_id}/items/{item_id}";
    const SUMMARY: &'static str = "Get a message of a conversation";
    const DESCRIPTION: &'static str = "A message of the user or the agent, or a call of a tool with what it returned. One of another conversation is 404.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[BatchGetItem, GetItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = scope::Conversations;
    type Input = Input;
    type Output = Json<ConversationItem>;

    fn reject(cx: &Context, problem: Problem) -> Response {
        agent::reject(cx, problem)
    }

    fn example() -> Example<Self> {
        let conversation_id = byline_shared::examples::conversation().id;
        let output = byline_shared::examples::conversation_item();
        let input = Input { conversation_id, item_id: output.id().clone() };
        Example { input, output: Json(output) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<ConversationItem>, Problem> {
        agent::item(cx, &caller, &input.conversation_id, &input.item_id).await.map(Json)
    }
}
