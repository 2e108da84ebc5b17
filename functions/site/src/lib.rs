//! What is about the API itself: health, description, reference, and the answer to everything
//! that is no operation.

pub mod docs;
pub mod fallback;
pub mod health;
pub mod openapi;
pub mod security_txt;

use byline_shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 5] = [
    health::OPERATION,
    openapi::OPERATION,
    docs::OPERATION,
    security_txt::OPERATION,
    fallback::OPERATION,
];
