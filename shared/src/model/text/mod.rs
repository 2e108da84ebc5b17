//! Bounded text: each type states its limits once. They appear in the JSON Schema that inputs are
//! validated against, and hold for every text that becomes a value by [`str::parse`].

pub mod hidden;
mod limits;
mod types;

pub use limits::TextError;
pub use types::*;
