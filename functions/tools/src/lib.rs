//! The tools that agents call. [`ALL`] has every tool, and the folder `tools` one file for each.
//!
//! This package is a library without operations. It knows no protocol: `byline-mcp` offers the tools
//! over MCP, and [`AGENT_TOOLS`] are those of the built-in agent. The business
//! rules are those of `byline_shared::publishing`, as for the REST API.

mod agent;
mod arguments;
pub mod field_error;
pub mod lookup;
mod question;
pub mod tool_error;
mod tool_result;
mod tools;
pub mod truncate;

pub use agent::{AGENT_PERMISSIONS, AGENT_TOOLS, AgentTools};
pub use tool_result::{ENVELOPE, MAX_BYTES, MAX_RESPONSE, ToolResult};
pub use tools::{ALL, Hints, NO_GUIDE, ToolEntry, by_name};
