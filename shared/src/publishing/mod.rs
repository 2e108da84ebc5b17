//! The rules of drafts and publishing: one implementation, which REST and MCP both call.

mod drafts;
mod erase;
mod publish;
mod render;
mod rights;

pub use drafts::{Changes, NewPost, create, edit, get, list};
pub use erase::erase_author;
pub use publish::publish;
pub use render::{TooComplex, to_html};
