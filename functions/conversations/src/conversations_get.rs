//! `GET /v1/conversations/{conversation_id}`: a conversation, without its messages.

use byline_shared::agent;
use byline_shared::http::Response;
use byline_shared::model::{Conversation, ConversationId};
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Reads a conversation.
pub struct GetConversation;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<GetConversation>(module_path!());

/// Which conversation.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The conversation's id.
    pub conversation_id: ConversationId,
}

impl Endpoint for GetConversation {
    const NAME: &'static str = "conversations-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/conversations/{conversation_id}";
    const SUMMARY: &'static str = "Get a conversation";
    const DESCRIPTION: &'static str = "Its messages are at `/items`. A conversation of somebody else is 404, for editors and admins, too.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[GetItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = scope::Conversations;
    type Input = Input;
    type Output = Json<Conversation>;

    fn reject(cx: &Context, problem: Problem) -> Response {
        agent::reject(cx, problem)
    }

    fn example() -> Example<Self> {
        let output = byline_shared::examples::conversation();
        let input = Input { conversation_id: output.id.clone() };
        Example { input, output: Json(output) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<Conversation>, Problem> {
        agent::conversation(cx, &caller, &input.conversation_id).await.map(Json)
    }
}
