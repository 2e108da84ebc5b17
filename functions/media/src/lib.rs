//! Images, videos, sounds and documents of posts.

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
