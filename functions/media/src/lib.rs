//! Media: uploading images, videos, audio files and documents, and managing them.
//!
//! Each module is one endpoint; [`OPERATIONS`] lists them. Begin with [`manage_media_create`], which
//! signs an upload URL, and [`manage_media_complete`], which checks and publishes the file.

pub mod manage_media_complete;
pub mod manage_media_create;
pub mod manage_media_delete;
pub mod manage_media_get;
pub mod manage_media_list;
pub mod manage_media_update;

use byline_shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 6] = [
    manage_media_create::OPERATION,
    manage_media_complete::OPERATION,
    manage_media_list::OPERATION,
    manage_media_get::OPERATION,
    manage_media_update::OPERATION,
    manage_media_delete::OPERATION,
];
