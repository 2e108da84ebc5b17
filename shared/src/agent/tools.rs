//! What the agent can do: tools, which are made elsewhere. This is all that a turn knows of them.

use super::ToolDefinition;
use crate::auth::Actor;
use crate::context::Context;
use crate::endpoint::BoxFuture;
use crate::model::ConversationItemId;

/// A set of tools.
///
/// The actor has only the scopes that the person, the credential and the mode of the conversation all
/// allow at that moment, and never one to publish, delete or upload. What a tool does, it does by the rules
/// that hold for everybody; its scope alone says whether the agent may call it.
pub trait Tools: Send + Sync {
    /// The tools that this actor may call, in a stable order.
    fn definitions(&self, actor: &Actor) -> Vec<ToolDefinition>;

    /// The names of the same.
    fn names(&self, actor: &Actor) -> Vec<&'static str>;

    /// Runs a call of one of these tools. A panic counts as an interrupted call.
    ///
    /// # Errors
    /// What the model is told of a call that failed: what was wrong, and what to do next.
    fn call<'a>(
        &'a self,
        cx: &'a Context,
        actor: &'a Actor,
        call: Invocation<'a>,
    ) -> BoxFuture<'a, Result<String, String>>;
}

/// A call that a tool runs.
#[derive(Clone, Copy, Debug)]
pub struct Invocation<'a> {
    /// The call's id, under which it is stored before it runs. A call runs once, and what a tool makes may
    /// get ids that are made of it.
    pub id: &'a ConversationItemId,
    /// The tool.
    pub name: &'a str,
    /// The arguments, a JSON object. Nothing about them is checked yet.
    pub arguments: &'a serde_json::Map<String, serde_json::Value>,
}
