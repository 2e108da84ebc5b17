//! `GET /v1/agent`: whether the built-in agent is on, and what the caller may do with it. No I/O.

use byline_shared::agent;
use byline_shared::http::Response;
use byline_shared::model::AgentMode;
use byline_shared::prelude::*;

/// Reads the state of the agent.
pub struct GetAgent;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<GetAgent>(module_path!());

impl Endpoint for GetAgent {
    const NAME: &'static str = "agent-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/agent";
    const SUMMARY: &'static str = "Get the state of the built-in agent";
    const DESCRIPTION: &'static str =
        "Whether conversations can be started, with which model, and your limits.";

    type Auth = scope::Conversations;
    type Input = NoInput;
    type Output = Json<agent::Status>;

    fn reject(cx: &Context, problem: Problem) -> Response {
        agent::reject(cx, problem)
    }

    fn example() -> Example<Self> {
        let output = agent::Status {
            object: "agent",
            enabled: true,
            model: Some("gpt-oss:20b".to_owned()),
            how: None,
            modes: AgentMode::ALL.to_vec(),
            retention_days: 90,
            limits: agent::Limits::ALL,
        };
        Example { input: NoInput {}, output: Json(output) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        _: NoInput,
    ) -> Result<Json<agent::Status>, Problem> {
        Ok(Json(agent::status(cx, &caller)))
    }
}
