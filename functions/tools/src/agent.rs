//! The tools of the built-in agent: those that a mode of a conversation allows. Nobody is asked during a
//! turn, so a tool that a person has to confirm is not among them.

use byline_shared::agent::{Invocation, TURN_PERMISSIONS, ToolDefinition, Tools};
use byline_shared::auth::Actor;
use byline_shared::context::Context;
use byline_shared::endpoint::BoxFuture;
use byline_shared::permission::Action::Query;
use byline_shared::permission::Permission;
use byline_shared::permission::Table::Content;
use byline_shared::publishing;
use byline_shared::store::keys;
use serde_json::Value;

use crate::tool_error;
use crate::tools::{OF_AGENT, ToolEntry};

/// The permissions of a turn with these tools. None is to publish, to upload or to administer.
pub const AGENT_PERMISSIONS: [Permission; 14] = {
    let [conversations, count, usage, account, audit, key, model] = TURN_PERMISSIONS;
    [
        conversations,
        count,
        usage,
        account,
        audit,
        key,
        model,
        publishing::SAVE,
        publishing::HISTORY,
        publishing::READ_APPROVER,
        Permission::Items(Content, keys::TAGS, &[Query]),
        Permission::Items(Content, keys::LIVE, &[Query]),
        Permission::Index(Content, "gsi1"),
        Permission::Index(Content, "gsi2"),
    ]
};

/// The tools.
pub static AGENT_TOOLS: AgentTools = AgentTools;

/// See [`AGENT_TOOLS`].
#[derive(Debug)]
pub struct AgentTools;

impl Tools for AgentTools {
    fn definitions(&self, actor: &Actor) -> Vec<ToolDefinition> {
        available(actor).map(ToolEntry::definition).collect()
    }

    fn names(&self, actor: &Actor) -> Vec<&'static str> {
        available(actor).map(|tool| tool.name).collect()
    }

    fn call<'a>(
        &'a self,
        cx: &'a Context,
        actor: &'a Actor,
        call: Invocation<'a>,
    ) -> BoxFuture<'a, Result<String, String>> {
        Box::pin(async move {
            let Some(tool) = available(actor).find(|tool| tool.name == call.name) else {
                return Err("This tool is not available to you. Nothing was changed.".to_owned());
            };
            let run = async {
                let arguments = tool.decode(Value::Object(call.arguments.clone()))?;
                tool.run(cx, actor, arguments).await
            };
            match run.await {
                Ok(result) => Ok(result.text()),
                Err(problem) => Err(tool_error::message(cx, &actor.caller, tool, &problem).await),
            }
        })
    }
}

/// The tools whose scope the caller has by their role and credential, ordered by name. A caller who may do
/// less here, as in a conversation that only reads, is one with fewer scopes: then errors and results
/// do not suggest the other tools either.
fn available(actor: &Actor) -> impl Iterator<Item = &'static ToolEntry> {
    OF_AGENT.iter().filter(|tool| actor.caller.may(tool.scope))
}
