//! The MCP server: what agents use.

mod answer;
mod completion;
mod confirmation;
mod contract;
mod door;
mod era;
mod explain;
mod find;
mod guard;
pub mod mcp;
mod offer;
mod program;
mod prompts;
mod refusal;
mod resources;
mod server;
mod shorten;
pub mod tools;

use byline_shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 1] = [mcp::OPERATION];
