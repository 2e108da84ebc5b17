//! What waits, as a list.

mod empty;
mod entry;

pub(crate) use empty::{connect, first_run, nothing};
pub(crate) use entry::{Filter, entries, row};
