//! Text that readers do not see: refused where it is sent, or said before it is approved.

mod characters;
mod doors;
pub(crate) mod findings;
mod messages;
