//! `GET /v1/conversations`: the caller's conversations. OpenAI's API has no such list.

use byline_shared::agent;
use byline_shared::http::Response;
use byline_shared::prelude::*;

use crate::lists::ConversationList;

/// Lists the caller's conversations.
pub struct ListConversations;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<ListConversations>(module_path!());

impl Endpoint for ListConversations {
    const NAME: &'static str = "conversations-list";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/conversations";
    const SUMMARY: &'static str = "List your conversations, the last used first";
    const DESCRIPTION: &'static str =
        "OpenAI's API has no such list. To get the next page, send `next_cursor` as `cursor`.";
    const PERMISSIONS: &'static [Permission] = &[Permission::Index(Agent, "gsi1")];

    type Auth = scope::Conversations;
    type Input = PageParams;
    type Output = Json<ConversationList>;

    fn reject(cx: &Context, problem: Problem) -> Response {
        agent::reject(cx, problem)
    }

    fn example() -> Example<Self> {
        let data = vec![byline_shared::examples::conversation()];
        let input = PageParams { limit: 20, cursor: None };
        Example {
            input,
            output: Json(ConversationList::new(Page { items: data, next_cursor: None })),
        }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        page: PageParams,
    ) -> Result<Json<ConversationList>, Problem> {
        let page = agent::conversations(cx, &caller, &page).await?;
        Ok(Json(ConversationList::new(page)))
    }
}
