//! `POST /v1/conversations`: starts a conversation.

use byline_shared::agent::{self, InputItem};
use byline_shared::auth::{audit, limits};
use byline_shared::http::Response;
use byline_shared::model::{Conversation, ConversationMetadata};
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Starts a conversation.
pub struct CreateConversation;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<CreateConversation>(module_path!());

/// What the conversation begins with.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The first messages of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = agent::MAX_NEW_ITEMS))]
    pub items: Option<Vec<InputItem>>,
    /// Up to 16 pairs of a name (64 characters) and a text (512 characters), and `title` and `mode`. The
    /// mode is `read`, `propose` or `draft`; the default is `propose` if you may propose, otherwise `read`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<ConversationMetadata>,
}

impl Endpoint for CreateConversation {
    const NAME: &'static str = "conversations-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/conversations";
    const SUMMARY: &'static str = "Start a conversation";
    const DESCRIPTION: &'static str = "`metadata.mode` says what the agent may do in it: `read`; `propose`, which also proposes changes for a \
        person to review; or `draft`, which also creates and edits drafts. It never does more than your \
        role and your token allow. In no mode does it publish, schedule, approve, delete or change \
        settings.\n\
        \n\
        Without `metadata.title` the title is the beginning of the first message.";
    const PERMISSIONS: &'static [Permission] = &[
        Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[PutItem]),
        Permission::Items(Agent, keys::CONVERSATIONS_PREFIX, &[UpdateItem]),
        Permission::Items(Identity, keys::USER_PREFIX, &[ConditionCheckItem]),
        audit::AUDIT_PERMISSION,
    ];
    const ERRORS: &'static [Code] = &[Code::LimitReached, Code::AgentOff];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);
    const BODY_LIMIT: usize = agent::BODY_LIMIT;

    type Auth = scope::Conversations;
    type Input = Input;
    type Output = Json<Conversation>;

    fn reject(cx: &Context, problem: Problem) -> Response {
        agent::reject(cx, problem)
    }

    fn example() -> Example<Self> {
        let input = Input {
            items: Some(vec![InputItem::of_user(byline_shared::examples::MESSAGE)]),
            metadata: None,
        };
        Example { input, output: Json(byline_shared::examples::conversation()) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<Json<Conversation>, Problem> {
        let items = input.items.unwrap_or_default();
        agent::start(cx, &caller, input.metadata, &items).await.map(Json)
    }
}
