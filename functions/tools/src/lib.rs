//! The tools that agents call. [`ALL`] has every tool, and the folder `tools` one file for each.
//!
//! This package is a library without operations. It knows no protocol: `byline-mcp` offers the tools
//! over MCP, and [`ToolEntry::function`] and [`call()`] are for models that call functions. The business
//! rules are those of `byline_shared::publishing`, as for the REST API.

mod arguments;
mod call;
mod catch_panic;
pub mod lookup;
mod question;
pub mod tool_error;
mod tool_result;
mod tools;
pub mod truncate;

pub use call::{CallError, call};
pub use catch_panic::catch_panic;
pub use tool_result::{ENVELOPE, MAX_RESPONSE, ToolResult};
pub use tools::{ALL, Function, Hints, NO_GUIDE, ToolEntry, by_name, for_caller};
