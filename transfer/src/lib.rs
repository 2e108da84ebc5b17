//! Import from other systems, and export to files.
//!
//! - [`read`] turns a Markdown folder, a Ghost export or a WordPress export into a neutral
//!   [`model::Publication`]. Begin there to support another system.
//! - [`import`] writes a publication to an [`import::Target`]. If interrupted, it resumes.
//! - [`export`] writes a publication as files that [`read`] understands.
//! - [`byline`] is the target and the source that use Byline's own tables and bucket.

pub mod byline;
#[cfg(test)]
mod cases;
mod encoding;
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
mod source_folder;
