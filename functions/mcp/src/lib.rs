//! The MCP server: what agents use.

mod answer;
mod completion;
mod confirmation;
mod explain;
mod find;
mod guard;
pub mod mcp;
mod program;
mod prompts;
mod refusal;
mod resources;
mod server;
pub mod tools;

use shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 1] = [mcp::OPERATION];
