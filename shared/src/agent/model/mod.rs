//! A language model as the agent uses it: a request goes out, and the answer comes in pieces.
//!
//! An adapter translates both for one kind of server. What the adapters have in common is here, so that
//! the loop of a turn knows no server.

mod bedrock;
mod chat;
mod configured;
mod delta;
mod error;
mod request;
mod rest;

#[cfg(test)]
pub(super) use bedrock::messages as converse_messages;
pub(super) use configured::configured;
pub(super) use delta::{Delta, StopReason, Usage};
pub(super) use error::ModelError;
pub use request::ToolDefinition;
pub(super) use request::{ModelCall, ModelMessage, ModelRequest};

use futures_util::stream::BoxStream;

use crate::endpoint::BoxFuture;

/// The pieces of an answer. Dropping it closes the connection, so that the server can stop.
pub(super) type Deltas = BoxStream<'static, Result<Delta, ModelError>>;

/// A model at some server.
pub(super) trait Model: Send + Sync {
    /// Asks, and returns when the server begins to answer.
    ///
    /// # Errors
    /// Where it does not begin. Nothing was said then, so it may be asked again.
    fn stream<'a>(&'a self, request: &'a ModelRequest)
    -> BoxFuture<'a, Result<Deltas, ModelError>>;
}
