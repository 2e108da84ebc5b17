//! The whole product: every domain's operations and workers.

use shared::endpoint::Operation;
use shared::worker::Worker;

/// Every operation. Their order is that of the API reference.
#[must_use]
pub fn operations() -> Vec<Operation> {
    [
        site::OPERATIONS.as_slice(),
        accounts::OPERATIONS.as_slice(),
        posts::OPERATIONS.as_slice(),
        editorial::OPERATIONS.as_slice(),
        media::OPERATIONS.as_slice(),
        oauth::OPERATIONS.as_slice(),
        mcp::OPERATIONS.as_slice(),
    ]
    .concat()
}

/// Every worker.
#[must_use]
pub fn workers() -> Vec<Worker> {
    workers::WORKERS.to_vec()
}
