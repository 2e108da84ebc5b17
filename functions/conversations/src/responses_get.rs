//! `GET /v1/responses/{response_id}`: a response, also while the agent works on it; or its events.

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
    /// Whether to get its events, to the end of the response, as `text/event-stream`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stream: bool,
    /// With `stream`: the `sequence_number` of the last event that you have. Those behind it are sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1_000_000_000))]
    pub starting_after: Option<u64>,
}

impl Endpoint for GetResponse {
    const NAME: &'static str = "responses-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/responses/{response_id}";
    const SUMMARY: &'static str = "Get a response";
    const DESCRIPTION: &'static str = "While the agent works, `status` is `in_progress`, and `output` has what it said and did so far. If its process ended before it had answered, it is `incomplete`. A response of somebody else is 404.\n\
        \n\
        With `stream`, the answer has all events of the response, and goes on until its end. It can be asked \
        for while the agent works and afterwards, as often as you like: an event always has the same \
        number. One account may follow 20 at once.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[BatchGetItem, Query])];
    const ERRORS: &'static [Code] = &[Code::NotFound, Code::TooManyRequests];
    const SECONDS: Option<u16> = Some(29);

    type Auth = scope::Conversations;
    type Input = Input;
    type Output = JsonOrEvents<Response>;

    fn reject(cx: &Context, problem: Problem) -> byline_shared::http::Response {
        agent::reject(cx, problem)
    }

    fn example() -> Example<Self> {
        let output = byline_shared::examples::response();
        let input = Input { response_id: output.id.clone(), stream: false, starting_after: None };
        Example { input, output: JsonOrEvents::Json(output) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        input: Input,
    ) -> Result<JsonOrEvents<Response>, Problem> {
        let Input { response_id, stream, starting_after } = input;
        if stream {
            return agent::streamed(cx, &caller, &response_id, starting_after)
                .await
                .map(JsonOrEvents::Events);
        }
        agent::response(cx, &caller, &response_id).await.map(JsonOrEvents::Json)
    }
}
