//! `POST /v1/responses`: asks the agent. The answer comes whole, or as it is made.

use byline_shared::agent::{self, TurnRequest};
use byline_shared::auth::limits;
use byline_shared::http::{Request, Response};
use byline_shared::prelude::*;
use byline_tools::{AGENT_PERMISSIONS, AGENT_TOOLS};
use serde_json::{Value, json};

use crate::contract;

/// Asks the agent.
pub struct CreateResponse;

/// The operation.
pub const OPERATION: Operation = Operation::raw::<CreateResponse>(module_path!());

impl RawEndpoint for CreateResponse {
    const NAME: &'static str = "responses-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/responses";
    const SUMMARY: &'static str = "Ask the agent";
    const DESCRIPTION: &'static str = "The answer comes whole, when the agent has answered: that may take minutes. With \
        `stream` it comes as it is made, in the events of OpenAI's API. Without \
        `conversation` it starts one. Everything that the agent said and did is in `output`, and in the \
        conversation.\n\
        \n\
        A client that hangs up does not stop the agent. `GET /v1/responses/{response_id}` takes a stream up \
        again. On AWS, API Gateway sends the events of a stream all at once, at its end, and ends an answer \
        after 24 seconds: ask at `stream_url` of `GET /v1/agent`.\n\
        \n\
        With the header `Idempotency-Key` the request can be repeated: it gets the same response, and the \
        agent does nothing twice. Members of OpenAI's API that are not listed are ignored; those that ask \
        for what the agent does not do are 422.";
    const PERMISSIONS: &'static [Permission] = &AGENT_PERMISSIONS;
    const ERRORS: &'static [Code] = &agent::TURN_ERRORS;
    const LIMIT: Option<RateLimit> = Some(limits::RESPOND_ACCOUNT);
    const BODY_LIMIT: usize = agent::TURN_BODY_LIMIT;
    const SECONDS: Option<u16> = Some(29);
    const PRODUCES: &'static str = "application/json";
    const MAY_STREAM: bool = true;

    type Auth = scope::Conversations;

    fn reject(cx: &Context, problem: Problem) -> Response {
        agent::reject(cx, problem)
    }

    fn contract(generator: &mut SchemaGenerator) -> RawContract {
        contract::responses(generator)
    }

    fn example() -> Option<Value> {
        Some(json!({ "input": byline_shared::examples::MESSAGE }))
    }

    async fn handle(cx: &Context, caller: Caller, request: Request) -> Result<Response, Problem> {
        let request = TurnRequest::read(&request)?;
        let answer = agent::respond(cx, &caller, &request, &AGENT_TOOLS).await?;
        answer.into_response().map_err(Problem::internal)
    }
}
