//! Conversations with the built-in agent, in the form of OpenAI's Conversations API.
//!
//! Each module is one endpoint; [`OPERATIONS`] lists them. Begin with [`conversations_create`]. The rules
//! are in `byline_shared::agent`.

pub mod agent_get;
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

use byline_shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 10] = [
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
];
