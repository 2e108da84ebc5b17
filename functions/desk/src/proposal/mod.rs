//! The page of a proposal: what it is, what approving it would make visible, and the forms to decide.

pub(crate) mod decision;
mod facts;
mod judged;
mod outcome;
mod sheet;
mod told;
mod views;

pub(crate) use sheet::page;
pub(crate) use told::{Told, is_told};
