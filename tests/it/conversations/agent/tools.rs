//! Tools for a scripted model, in the place of those of Byline.

use byline_shared::agent::{self, Invocation, ToolDefinition, Tools, TurnRequest};
use byline_shared::auth::Actor;
use byline_shared::auth::limits;
use byline_shared::endpoint::{BoxFuture, Operation};
use byline_shared::http::{Request, RequestInfo, Response};
use byline_shared::model::{Markdown, Scope, Title};
use byline_shared::prelude::*;
use byline_shared::publishing::{self, NewPost};
use serde_json::{Value, json};

/// All operations, of which `POST /v1/responses` and `POST /v1/chat` have the tools of these tests.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations = byline_local::operations();
    let place = operations.iter().position(|operation| operation.name == Ask::NAME).unwrap();
    operations[place] = Operation::raw::<Ask>(operations[place].module);
    let place = operations.iter().position(|operation| operation.name == Chat::NAME).unwrap();
    operations[place] = Operation::raw::<Chat>(operations[place].module);
    operations
}

struct Ask;

impl RawEndpoint for Ask {
    const NAME: &'static str = "responses-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/responses";
    const SUMMARY: &'static str = "Ask the agent of the tests";
    const PERMISSIONS: &'static [Permission] = &[
        agent::TURN_PERMISSIONS[0],
        agent::TURN_PERMISSIONS[1],
        agent::TURN_PERMISSIONS[2],
        agent::TURN_PERMISSIONS[3],
        agent::TURN_PERMISSIONS[4],
        agent::TURN_PERMISSIONS[5],
        agent::TURN_PERMISSIONS[6],
        publishing::SAVE,
    ];
    const ERRORS: &'static [Code] = &agent::TURN_ERRORS;
    const LIMIT: Option<RateLimit> = Some(limits::RESPOND_ACCOUNT);
    const BODY_LIMIT: usize = agent::TURN_BODY_LIMIT;
    const PRODUCES: &'static str = "application/json";

    type Auth = scope::Conversations;

    fn reject(cx: &Context, problem: Problem) -> Response {
        agent::reject(cx, problem)
    }

    async fn handle(cx: &Context, caller: Caller, request: Request) -> Result<Response, Problem> {
        // As on Lambda, which says when it stops the process: here, in so many seconds.
        let seconds = request.headers().get("x-stops-in").and_then(|value| value.to_str().ok());
        let deadline = seconds.map(|seconds| cx.clock.now().plus_seconds(seconds.parse().unwrap()));
        let cx = &cx.for_request(RequestInfo { deadline, ..cx.request.clone() });
        let request = TurnRequest::read(&request)?;
        let answer = agent::respond(cx, &caller, &request, &Probe).await?;
        answer.into_response().map_err(Problem::internal)
    }
}

struct Chat;

impl RawEndpoint for Chat {
    const NAME: &'static str = "chat-create";
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v1/chat";
    const SUMMARY: &'static str = "Ask the agent of the tests from a chat";
    const PERMISSIONS: &'static [Permission] = Ask::PERMISSIONS;
    const ERRORS: &'static [Code] = &agent::TURN_ERRORS;
    const BODY_LIMIT: usize = agent::BODY_LIMIT;
    const PRODUCES: &'static str = "text/event-stream";

    type Auth = scope::Conversations;

    async fn handle(cx: &Context, caller: Caller, request: Request) -> Result<Response, Problem> {
        let request = TurnRequest::read_chat(&request)?;
        agent::chat(cx, &caller, &request, &Probe).await
    }
}

/// Tools that show what reaches them.
struct Probe;

const ALL: [(&str, Scope); 6] = [
    ("draft_create", Scope::PostsWrite),
    ("echo", Scope::PostsRead),
    ("fail", Scope::PostsRead),
    ("long", Scope::PostsRead),
    ("panic", Scope::PostsRead),
    ("publish", Scope::PostsPublish),
];

impl Tools for Probe {
    fn definitions(&self, actor: &Actor) -> Vec<ToolDefinition> {
        let describe = |name| ToolDefinition {
            name,
            description: "A tool of the tests.",
            parameters: json!({ "type": "object", "properties": { "text": { "type": "string" } } }),
        };
        self.names(actor).into_iter().map(describe).collect()
    }

    fn names(&self, actor: &Actor) -> Vec<&'static str> {
        let may = ALL.into_iter().filter(|(_, scope)| actor.caller.may(*scope));
        may.map(|(name, _)| name).collect()
    }

    fn call<'a>(
        &'a self,
        cx: &'a Context,
        actor: &'a Actor,
        call: Invocation<'a>,
    ) -> BoxFuture<'a, Result<String, String>> {
        Box::pin(async move {
            let text = call.arguments.get("text").and_then(Value::as_str).unwrap_or_default();
            match call.name {
                "draft_create" => {
                    let post = NewPost::new(Title::trusted(text), Markdown::trusted("Text.\n"));
                    let made = publishing::create(cx, actor, post).await;
                    made.map(|post| post.summary.id.to_string()).map_err(|problem| problem.detail)
                }
                "echo" => Ok(json!({ "echo": text, "kind": actor.kind }).to_string()),
                "fail" => Err(format!("It failed: {text}")),
                "long" => Ok("é".repeat(60_000)),
                "panic" => panic!("scripted"),
                name => panic!("{name} must never be called"),
            }
        })
    }
}
