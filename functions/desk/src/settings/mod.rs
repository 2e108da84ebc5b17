//! The parts of the page for the publication's settings.

pub(crate) mod entries;
pub(crate) mod form;
pub(crate) mod together;
