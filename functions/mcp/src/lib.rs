//! The MCP server: what agents use.

pub mod mcp;
mod server;
pub mod tools;

use shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 1] = [mcp::OPERATION];
