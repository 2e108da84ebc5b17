//! What waits, as a list.

mod empty;
mod entry;

pub(crate) use empty::{first_run, nothing};
pub(crate) use entry::{Filter, entries, row};
