//! The API itself: first page, health, OpenAPI description, reference page, and the answer to unknown
//! routes.
//!
//! Each module is one endpoint; [`OPERATIONS`] lists them. Begin with [`fallback`]: it answers
//! every request that no other operation does, including CORS preflights.

pub mod docs;
pub mod fallback;
pub mod health;
pub mod home;
pub mod openapi;
mod plain_page;
pub mod security_txt;

use byline_shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 6] = [
    home::OPERATION,
    health::OPERATION,
    openapi::OPERATION,
    docs::OPERATION,
    security_txt::OPERATION,
    fallback::OPERATION,
];
