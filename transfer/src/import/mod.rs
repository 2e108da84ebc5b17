//! Imports a publication into a [`Target`]. If interrupted, run it again to resume.

mod claimed;
mod files;
mod finder;
mod look;
mod redirects;
mod run;
mod target;
#[cfg(test)]
mod tests;
mod visible;

pub use finder::Media;
pub use look::look;
pub use run::{ImportError, run};
pub use target::{NewMedia, NotTaken, Outcome, PostKey, StoredMedia, StoredPost, Target};
