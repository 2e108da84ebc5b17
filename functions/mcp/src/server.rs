//! The protocol's requests, answered for one caller.

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock,
    Implementation, ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig,
    Tool, ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::Value;
use shared::auth::Caller;
use shared::context::Context;
use shared::http::problem::Problem;
use shared::publishing::Actor;

use crate::tools::{self, Entry};

/// How long a client may keep the list of tools, in milliseconds. It changes with a user's role.
const LIST_TTL: u64 = 5 * 60 * 1000;

const INSTRUCTIONS: &str = "Byline is a publishing backend. You read posts and write drafts in \
    Markdown; a person publishes them. Start with whoami to learn what you may do.";

/// The server as one caller sees it.
pub(crate) struct Server {
    context: Context,
    actor: Actor,
}

impl Server {
    pub(crate) fn new(context: Context, caller: Caller) -> Self {
        Self { context, actor: Actor::mcp(caller) }
    }

    /// The tool of this name, if the caller may use it. One they may not use does not exist.
    fn tool(&self, name: &str) -> Option<&'static Entry> {
        tools::ALL.iter().find(|tool| tool.name == name && self.actor.caller.may(tool.scope))
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().build();
        let server = Implementation::new("byline", env!("CARGO_PKG_VERSION"));
        ServerConfig::new(capabilities).with_server_info(server).with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let allowed = tools::ALL.iter().filter(|tool| self.actor.caller.may(tool.scope));
        let mut result = ListToolsResult::with_all_items(allowed.map(describe).collect());
        result.ttl_ms = Some(LIST_TTL);
        result.cache_scope = Some(CacheScope::Private);
        Ok(result)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = self.tool(&request.name) else {
            let message = "There is no such tool for you. tools/list names those there are.";
            return Err(ErrorData::invalid_params(message, None));
        };
        let arguments = Value::Object(request.arguments.unwrap_or_default());
        let outcome = match (tool.input)().validate(arguments) {
            Ok(input) => (tool.call)(&self.context, &self.actor, input).await,
            Err(problem) => Err(problem),
        };
        let result = match outcome {
            Ok(answer) => {
                let mut result =
                    CallToolResult::success(vec![ContentBlock::text(answer.to_string())]);
                result.structured_content = Some(answer);
                result
            }
            Err(problem) => CallToolResult::error(vec![ContentBlock::text(explain(&problem))]),
        };
        Ok(result.into())
    }
}

fn describe(tool: &Entry) -> Tool {
    let schema = (tool.input)().schema().as_object().cloned().unwrap_or_default();
    let hints = ToolAnnotations::with_title(tool.title)
        .read_only(tool.read_only)
        .destructive(false)
        .idempotent(tool.read_only)
        .open_world(false);
    Tool::new(tool.name, tool.description, schema).with_title(tool.title).with_annotations(hints)
}

/// A problem in words that an agent can act on. Its cause goes to the log.
fn explain(problem: &Problem) -> String {
    if let Some(cause) = &problem.cause {
        tracing::error!(code = problem.code.as_str(), cause = %cause, "a tool failed");
    }
    let mut text = problem.detail.clone();
    for error in &problem.errors {
        text.push_str(&format!("\n{}: {}", error.pointer.trim_start_matches('/'), error.message));
    }
    text
}
