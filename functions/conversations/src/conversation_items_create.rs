//! `POST /v1/conversations/{conversation_id}/items`: adds messages of the user.

use byline_shared::agent::{self, InputItem};
use byline_shared::auth::limits;
use byline_shared::http::Response;
use byline_shared::model::ConversationId;
use byline_shared::prelude::*;
use byline_shared::store::keys;

use crate::lists::ItemList;

/// Adds messages of the user.
pub struct CreateItems;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<CreateItems>(module_path!());

/// What is added.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The conversation's id.
    pub conversation_id: ConversationId,
    /// The messages.
    #[schemars(length(min = 1, max = agent::MAX_NEW_ITEMS))]
    pub items: Vec<InputItem>,
}

impl Endpoint for CreateItems {
    const NAME: &'static str = "conversation-items-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/conversations/{conversation_id}/items";
    const SUMMARY: &'static str = "Add messages to a conversation";
    const DESCRIPTION: &'static str = "All of them or none. Only messages of the user are taken: what an agent said or did, clients could \
        forge. The agent does not answer them by themselves: `POST /v1/responses` asks it, and adds its \
        input itself. A message has up to 32,768 bytes of text.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[GetItem, PutItem])];
    const ERRORS: &'static [Code] = &[
        Code::NotFound,
        Code::ConversationBusy,
        Code::LimitReached,
        Code::EditConflict,
        Code::AgentOff,
    ];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);
    const BODY_LIMIT: usize = agent::BODY_LIMIT;

    type Auth = scope::Conversations;
    type Input = Input;
    type Output = Json<ItemList>;

    fn reject(cx: &Context, problem: Problem) -> Response {
        agent::reject(cx, problem)
    }

    fn example() -> Example<Self> {
        let input = Input {
            conversation_id: byline_shared::examples::conversation().id,
            items: vec![InputItem::of_user(byline_shared::examples::MESSAGE)],
        };
        let data = vec![byline_shared::examples::conversation_item()];
        Example { input, output: Json(ItemList::new(data, false)) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<ItemList>, Problem> {
        let Input { conversation_id, items } = input;
        let items = agent::add_items(cx, &caller, &conversation_id, &items).await?;
        Ok(Json(ItemList::new(items, false)))
    }
}
