//! Writing and publishing.

pub mod manage_posts_create;
pub mod manage_posts_get;
pub mod manage_posts_list;
pub mod manage_posts_publish;
pub mod manage_posts_update;

use shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 5] = [
    manage_posts_create::OPERATION,
    manage_posts_list::OPERATION,
    manage_posts_get::OPERATION,
    manage_posts_update::OPERATION,
    manage_posts_publish::OPERATION,
];
