//! Bounded text: each type states its limits once. They appear in the JSON Schema that inputs are
//! validated against, and hold for every text that becomes a value by [`str::parse`].

pub mod hidden;
mod limits;
#[macro_use]
mod macros;
mod regex;
#[cfg(test)]
mod tests;
mod types;
mod visible;

pub use limits::{TextError, is_web_address};
pub use regex::Regex;
pub use types::*;
pub use visible::VisibleText;
