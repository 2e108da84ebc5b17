//! The media files that a Markdown text refers to. The Markdown parser finds the references; a rewrite
//! changes only their URLs in the source text.

mod destination;
mod find;
mod lines;
mod place;
mod reference;
mod rewrite;

pub(crate) use find::not_looked_for;
pub use find::references;
pub use place::{Place, place};
pub use reference::{Kind, Reference};
pub use rewrite::rewrite;
