//! The built-in agent: conversations with it, its turns, and whether it is on.
//!
//! A conversation is its owner's alone: every function here takes the caller, and answers 404 for the
//! conversations of others.

mod chat;
mod conversations;
mod history;
mod input;
mod items;
mod metadata;
mod model;
mod new_items;
mod opened;
mod respond;
mod retention;
mod status;
mod tools;
mod turn;
mod wires;

pub use chat::{chat, chat_stream};
pub use conversations::{
    adjust, answering, change, conversation, conversations, default_mode, delete, start,
};
pub use input::InputItem;
pub use items::{ItemOrder, ItemParams, add_items, delete_item, item, items};
pub use model::ToolDefinition;
pub use opened::{Opened, OpenedTurn, open, open_last};
pub use respond::{respond, respond_whole, streamed};
pub use retention::{delete_unused, erase};
pub use status::{Budget, Limits, MonthUsage, Status, modes, status};
pub use tools::{Invocation, Tools};
pub use turn::{FormPlace, TURN_ERRORS, TURN_PERMISSIONS, TurnRequest, begun, cancel, response};

use crate::context::Context;
use crate::http::Response;
use crate::http::problem::Problem;

/// How many conversations an account may have.
pub const MAX_CONVERSATIONS: u32 = 500;

/// How many messages and calls a conversation takes in its life, with those that were deleted.
pub const MAX_ITEMS: u32 = 2000;

/// How many messages a request may add.
pub const MAX_NEW_ITEMS: usize = 20;

/// The longest message, in bytes of UTF-8.
pub const MAX_MESSAGE_BYTES: usize = 32 * 1024;

/// The largest body of a request that adds messages: as many and as long ones as it may add, even if each byte is
/// escaped in JSON (`\u0061`), and room for their members and the metadata.
pub const BODY_LIMIT: usize = MAX_NEW_ITEMS * MAX_MESSAGE_BYTES * 6 + 256 * 1024;

/// The largest body of a request to the agent: as much as two of the longest messages, even if each byte is
/// escaped in JSON, and the members that clients add.
pub const TURN_BODY_LIMIT: usize = 2 * MAX_MESSAGE_BYTES * 6 + 64 * 1024;

/// A refusal in the form that clients of the OpenAI API read, too.
#[must_use]
pub fn reject(cx: &Context, problem: Problem) -> Response {
    problem.into_openai_response(&cx.config.public_url, &cx.request.request_id)
}
