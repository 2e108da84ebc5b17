//! `GET /v1/responses/{response_id}`: a response, also while the agent works on it.

use byline_shared::agent;
use byline_shared::model::{Response, ResponseId};
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Reads a response.
pub struct GetResponse;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<GetResponse>(module_path!());

/// Which response.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The response's id.
    pub response_id: ResponseId,
}

impl Endpoint for GetResponse {
    const NAME: &'static str = "responses-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/responses/{response_id}";
    const SUMMARY: &'static str = "Get a response";
    const DESCRIPTION: &'static str = "While the agent works, `status` is `in_progress`, and `output` has what it said and did so far. If its process ended before it had answered, it is `incomplete`. A response of somebody else is 404.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[BatchGetItem, Query])];
    const ERRORS: &'static [Code] = &[Code::NotFound];

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
        agent::response(cx, &caller, &input.response_id).await.map(Json)
    }
}
