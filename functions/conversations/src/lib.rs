//! Conversations with the built-in agent, in the form of OpenAI's Conversations and Responses APIs.
//!
//! Each module is one endpoint; [`OPERATIONS`] lists them. Begin with [`conversations_create`]. The rules
//! are in `byline_shared::agent`. [`agent_url`] answers all of them at a URL of its own.

pub mod agent_get;
pub mod agent_url;
pub mod chat_create;
pub mod chat_stream;
mod contract;
pub mod conversation_items_create;
pub mod conversation_items_delete;
pub mod conversation_items_get;
pub mod conversation_items_list;
pub mod conversations_create;
pub mod conversations_delete;
pub mod conversations_get;
pub mod conversations_list;
pub mod conversations_update;
mod lists;
pub mod responses_cancel;
pub mod responses_create;
pub mod responses_get;

use byline_shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 15] = [
    agent_get::OPERATION,
    conversations_list::OPERATION,
    conversations_create::OPERATION,
    conversations_get::OPERATION,
    conversations_update::OPERATION,
    conversations_delete::OPERATION,
    conversation_items_list::OPERATION,
    conversation_items_create::OPERATION,
    conversation_items_get::OPERATION,
    conversation_items_delete::OPERATION,
    responses_create::OPERATION,
    responses_get::OPERATION,
    responses_cancel::OPERATION,
    chat_create::OPERATION,
    chat_stream::OPERATION,
];
