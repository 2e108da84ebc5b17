//! `POST /v1/conversations/{conversation_id}`: changes the title, the mode and the metadata of a conversation.

use byline_shared::agent;
use byline_shared::auth::{audit, limits};
use byline_shared::http::Response;
use byline_shared::model::{Conversation, ConversationId, ConversationMetadata, Patch};
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Changes a conversation.
pub struct UpdateConversation;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<UpdateConversation>(module_path!());

/// What changes.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The conversation's id.
    pub conversation_id: ConversationId,
    /// The new metadata, or null for none. It takes the place of the old: pairs that are not in it are
    /// gone. `title` and `mode` alone stay if they are not in it; an empty `title` or null removes the title.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub metadata: Patch<ConversationMetadata>,
}

impl Endpoint for UpdateConversation {
    const NAME: &'static str = "conversations-update";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/conversations/{conversation_id}";
    const SUMMARY: &'static str = "Rename a conversation, or change its mode or metadata";
    const DESCRIPTION: &'static str =
        "OpenAI's API changes conversations with `POST`. It works while the agent is off, too.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[GetItem, PutItem]),
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::EditConflict];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::Conversations;
    type Input = Input;
    type Output = Json<Conversation>;

    fn reject(cx: &Context, problem: Problem) -> Response {
        agent::reject(cx, problem)
    }

    fn example() -> Example<Self> {
        let output = byline_shared::examples::conversation();
        let title = output.metadata["title"].clone();
        let metadata = [("title".to_owned(), title.into())].into_iter().collect();
        let metadata = Patch::Set(ConversationMetadata(metadata));
        let input = Input { conversation_id: output.id.clone(), metadata };
        Example { input, output: Json(output) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<Conversation>, Problem> {
        agent::change(cx, &caller, &input.conversation_id, input.metadata).await.map(Json)
    }
}
