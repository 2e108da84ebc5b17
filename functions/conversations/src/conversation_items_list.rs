//! `GET /v1/conversations/{conversation_id}/items`: the messages of a conversation.

use byline_shared::agent::{self, ItemOrder, ItemParams};
use byline_shared::http::Response;
use byline_shared::model::ConversationId;
use byline_shared::prelude::*;
use byline_shared::store::keys;

use crate::lists::ItemList;

/// Lists the messages of a conversation.
pub struct ListItems;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListItems>(module_path!());

/// Of which conversation.
#[derive(Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// The page.
    #[serde(flatten)]
    pub page: ItemParams,
    /// The conversation's id.
    pub conversation_id: ConversationId,
}

impl Endpoint for ListItems {
    const NAME: &'static str = "conversation-items-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/conversations/{conversation_id}/items";
    const SUMMARY: &'static str = "List the messages of a conversation";
    const DESCRIPTION: &'static str = "Messages of the user and the agent, and calls of tools with what they returned. Newest first; with `order=asc` oldest first. To get the next page, send `last_id` as `after`.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[GetItem, Query])];
    const ERRORS: &'static [Code] = &[Code::NotFound];

    type Auth = scope::Conversations;
    type Input = Input;
    type Output = Json<ItemList>;

    fn reject(cx: &Context, problem: Problem) -> Response {
        agent::reject(cx, problem)
    }

    fn example() -> Example<Self> {
        let page = ItemParams { limit: 20, order: ItemOrder::Desc, after: None };
        let conversation_id = byline_shared::examples::conversation().id;
        // The newest first.
        let mut data = byline_shared::examples::response().output;
        data.push(byline_shared::examples::conversation_item());
        let input = Input { page, conversation_id };
        Example { input, output: Json(ItemList::new(data, false)) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<ItemList>, Problem> {
        let Input { page, conversation_id } = input;
        let (items, has_more) = agent::items(cx, &caller, &conversation_id, &page).await?;
        Ok(Json(ItemList::new(items, has_more)))
    }
}
