//! Functions that follow a table's stream.

pub mod worker_mail;

use shared::worker::Worker;

/// The workers.
pub static WORKERS: [Worker; 1] = [worker_mail::WORKER];
