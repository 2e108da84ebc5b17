//! `POST /v1/responses/{response_id}/cancel`: stops a response.

use byline_shared::agent;
use byline_shared::auth::limits;
use byline_shared::model::{Response, ResponseId};
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Stops a response.
pub struct CancelResponse;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<CancelResponse>(module_path!());

/// Which response.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The response's id.
    pub response_id: ResponseId,
}

impl Endpoint for CancelResponse {
    const NAME: &'static str = "responses-cancel";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/responses/{response_id}/cancel";
    const SUMMARY: &'static str = "Stop the agent";
    const DESCRIPTION: &'static str = "The agent stops within a second, or when a call of a tool that runs has returned: then the response may still be `in_progress`. What it said and did until then stays. One that has ended stays as it is.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[BatchGetItem, Query, UpdateItem])];
    const ERRORS: &'static [Code] = &[Code::NotFound];
    const LIMIT: Option<RateLimit> = Some(limits::WRITE_ACCOUNT);

    type Auth = scope::Conversations;
    type Input = Input;
    type Output = Json<Response>;

    fn reject(cx: &Context, problem: Problem) -> byline_shared::http::Response {
        agent::reject(cx, problem)
    }

    fn example() -> Example<Self> {
        let output = byline_shared::examples::response();
        Example { input: Input { response_id: output.id.clone() }, output: Json(output) }
    }

    async fn handle(cx: &Context, caller: Caller, input: Input) -> Result<Json<Response>, Problem> {
        agent::cancel(cx, &caller, &input.response_id).await.map(Json)
    }
}
