//! The MCP server: tools, resources and prompts for agents, at `POST /mcp`.
//!
//! [`mcp`] is the operation. `transport` checks a request before `rmcp` parses it, `server` answers
//! the protocol's methods. The tools are those of `byline_tools`; `wire` turns them and their results
//! into the protocol's types.

mod catch_panic;
mod client_info;
mod completion;
mod confirmation;
mod contract;
mod jsonrpc_error;
pub mod mcp;
mod prompts;
mod protocol_version;
mod resources;
mod server;
mod transport;
mod visibility;
mod wire;

use byline_shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 1] = [mcp::OPERATION];
