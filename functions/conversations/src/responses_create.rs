//! `POST /v1/responses`: asks the agent, and answers when it has answered.

use byline_shared::agent::{self, TurnRequest};
use byline_shared::auth::limits;
use byline_shared::http::{Request, Response, document};
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
    const DESCRIPTION: &'static str = "The answer comes whole, when the agent has answered: that may take minutes. Without \
        `conversation` it starts one. Everything that the agent said and did is in `output`, and in the \
        conversation.\n\
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
        let response = agent::respond(cx, &caller, &request, &AGENT_TOOLS).await?;
        let body = serde_json::to_vec(&response).map_err(Problem::internal)?;
        Ok(document(Self::PRODUCES, body))
    }
}
