//! What readers see.

pub mod posts_list;
pub mod posts_read;

use shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 2] = [posts_list::OPERATION, posts_read::OPERATION];
