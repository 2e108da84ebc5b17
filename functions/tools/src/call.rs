//! A call by name, for models that call functions. No client asks a person in between: a tool that
//! requires a confirmation is refused.

use byline_shared::auth::actor::Actor;
use byline_shared::context::Context;
use serde_json::{Map, Value};

use crate::catch_panic::catch_panic;
use crate::tool_error;
use crate::tool_result::ToolResult;
use crate::tools::by_name;

/// Why a call has no result, in words for the model.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// There is no such tool, or the caller may not use it.
    #[error(
        "Unknown tool, or not available to you. Nothing was done.\n\
         Next: whoami lists what you may do."
    )]
    Unknown,
    /// A person would have to confirm the call.
    #[error(
        "Only a person may do this. Nothing was done.\nNext: ask the user to do it themselves."
    )]
    ConfirmationRequired,
    /// The call failed: what went wrong, and which tool to call next.
    #[error("{0}")]
    Failed(String),
}

/// Calls the tool with this name. Null stands for no arguments.
///
/// # Errors
/// See [`CallError`]. Invalid arguments and a panic are [`CallError::Failed`].
pub async fn call(
    cx: &Context,
    actor: &Actor,
    name: &str,
    arguments: Value,
) -> Result<ToolResult, CallError> {
    let tool = by_name(name).filter(|tool| actor.caller.may(tool.scope));
    let tool = tool.ok_or(CallError::Unknown)?;
    if tool.requires_confirmation() {
        return Err(CallError::ConfirmationRequired);
    }
    let arguments = if arguments.is_null() { Value::Object(Map::new()) } else { arguments };
    let run = async { tool.run(cx, actor, tool.decode(arguments)?).await };
    match catch_panic(run).await {
        Ok(result) => Ok(result),
        Err(problem) => {
            let message = tool_error::message(cx, &actor.caller, tool.name, &problem);
            Err(CallError::Failed(message.await))
        }
    }
}
