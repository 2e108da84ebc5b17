//! `GET /v1/agent`: whether the built-in agent is on, what the caller may do with it, and what is left of the
//! month's budgets.

use byline_shared::agent;
use byline_shared::http::Response;
use byline_shared::model::AgentMode;
use byline_shared::prelude::*;
use byline_shared::store::keys;

/// Reads the state of the agent.
pub struct GetAgent;

/// The operation.
pub const OPERATION: Operation = Operation::typed::<GetAgent>(module_path!());

impl Endpoint for GetAgent {
    const NAME: &'static str = "agent-get";
    const METHOD: Method = Method::GET;
    const PATH: &'static str = "/v1/agent";
    const SUMMARY: &'static str = "Get the state of the built-in agent";
    const DESCRIPTION: &'static str = "Whether conversations can be started and with which model, at which URL answers are streamed, your limits, \
         and what was taken from the model this month.";
    const PERMISSIONS: &'static [Permission] =
        &[Permission::Items(Agent, keys::USAGE_PREFIX, &[BatchGetItem])];

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
            stream_url: Some("https://example.lambda-url.eu-central-1.on.aws/v1".to_owned()),
            how: None,
            modes: AgentMode::ALL.to_vec(),
            retention_days: 90,
            usage: Some(agent::MonthUsage {
                month: "2026-11".to_owned(),
                own: agent::Budget { tokens: 18_250, limit: Some(1_000_000) },
                publication: agent::Budget { tokens: 402_100, limit: None },
            }),
            limits: agent::Limits::ALL,
        };
        Example { input: NoInput {}, output: Json(output) }
    }

    async fn handle(
        cx: &Context,
        caller: Caller,
        _: NoInput,
    ) -> Result<Json<agent::Status>, Problem> {
        Ok(Json(agent::status(cx, &caller).await?))
    }
}
