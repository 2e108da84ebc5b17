//! Imports into Byline's own tables, and exports from them: locally and on AWS, under the same rules
//! as the API.

mod fit;
mod incoming;
mod leading;
mod library;
mod outgoing;
mod pages;
mod problems;
mod tables;

pub use outgoing::{ExportError, Exported, export};
pub use tables::{OpenError, Tables};
