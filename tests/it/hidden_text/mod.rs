//! Text that readers do not see: refused where it is sent, or said before it is approved.

mod characters;
mod doors;
mod edges;
mod edges_of_html;
mod edges_of_markdown;
pub(crate) mod findings;
mod messages;
mod samples;
