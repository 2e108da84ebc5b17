//! Posts from other systems, and back into files.
//!
//! [`read`] turns a Markdown folder, a Ghost export or a WordPress export into a neutral
//! [`model::Publication`]. [`import`] brings one into a [`import::Target`], resumably. [`export`]
//! writes one as files that [`read`] understands again.

pub mod byline;
pub mod export;
pub mod fetch;
mod html;
pub mod import;
pub mod journal;
pub mod media;
pub mod model;
pub mod read;
pub mod report;
#[cfg(test)]
mod samples;
