//! The operations and workers of all domains.

use byline_shared::endpoint::{FunctionUrl, Operation};
use byline_shared::worker::Worker;

/// All operations, in the order of the API reference.
#[must_use]
pub fn operations() -> Vec<Operation> {
    [
        byline_site::OPERATIONS.as_slice(),
        byline_accounts::OPERATIONS.as_slice(),
        byline_posts::OPERATIONS.as_slice(),
        byline_editorial::OPERATIONS.as_slice(),
        byline_media::OPERATIONS.as_slice(),
        byline_conversations::OPERATIONS.as_slice(),
        byline_oauth::OPERATIONS.as_slice(),
        byline_desk::OPERATIONS.as_slice(),
        byline_mcp::OPERATIONS.as_slice(),
    ]
    .concat()
}

/// All functions with a URL of their own.
#[must_use]
pub fn function_urls() -> Vec<FunctionUrl> {
    vec![byline_conversations::agent_url::FUNCTION_URL]
}

/// All workers.
#[must_use]
pub fn workers() -> Vec<Worker> {
    byline_workers::WORKERS.to_vec()
}
