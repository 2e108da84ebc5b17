//! `DELETE /v1/conversations/{conversation_id}`: deletes a conversation with its messages.

use byline_shared::agent;
use byline_shared::auth::{audit, limits};
use byline_shared::http::Response;
use byline_shared::model::ConversationId;
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Deletes a conversation.
pub struct DeleteConversation;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<DeleteConversation>(module_path!());

/// Which conversation.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The conversation's id.
    pub conversation_id: ConversationId,
}

/// That a conversation is gone.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DeletedConversation")]
pub struct Output {
    /// The conversation's id.
    pub id: ConversationId,
    /// Always `conversation.deleted`.
    pub object: &'static str,
    /// Always true.
    pub deleted: bool,
}

impl Representation for Output {}

impl Output {
    fn of(id: ConversationId) -> Self {
        Self { id, object: "conversation.deleted", deleted: true }
    }
}

impl Endpoint for DeleteConversation {
    const NAME: &'static str = "conversations-delete";
    const METHOD: Method = Method::DELETE;
    const PATH: &'static str = "/v1/conversations/{conversation_id}";
    const SUMMARY: &'static str = "Delete a conversation";
    const DESCRIPTION: &'static str = "It is gone with all its messages, at once and for good. It works while the agent is off, too.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[DeleteItem, GetItem, PutItem, Query]),
        Permission::Items(Agent, keys::CONVERSATIONS_PREFIX, &[UpdateItem]),
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::EditConflict];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::Conversations;
    type Input = Input;
    type Output = Json<Output>;

    fn reject(cx: &Context, problem: Problem) -> Response {
        agent::reject(cx, problem)
    }

    fn example() -> Example<Self> {
        let id = byline_shared::examples::conversation().id;
        let input = Input { conversation_id: id.clone() };
        Example { input, output: Json(Output::of(id)) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Output>, Problem> {
        agent::delete(cx, &caller, &input.conversation_id).await?;
        Ok(Json(Output::of(input.conversation_id)))
    }
}
