//! The MCP server: tools, resources and prompts for agents, at `POST /mcp`.
//!
//! [`mcp`] is the operation. `transport` checks a request before `rmcp` parses it, `server` answers
//! the protocol's methods, and [`tools`] has one file per tool. The business rules are those of
//! `byline_shared::publishing`, as for the REST API.

mod arguments;
mod catch_panic;
mod client_info;
mod completion;
mod confirmation;
mod contract;
mod field_error;
mod jsonrpc_error;
mod lookup;
pub mod mcp;
mod prompts;
mod protocol_version;
mod resources;
mod server;
mod tool_error;
mod tool_result;
pub mod tools;
mod transport;
mod truncate;
mod visibility;
mod wire;

use byline_shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 1] = [mcp::OPERATION];
