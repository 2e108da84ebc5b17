//! Workers: functions that follow a table's stream or run on a schedule.
//!
//! Each module is one worker; [`WORKERS`] lists them. Begin with [`worker_mail`], which follows the
//! outbox. `byline_shared::worker` defines when a worker runs and how its batches fail.

pub mod worker_conversations;
pub mod worker_digest;
pub mod worker_erasure;
pub mod worker_keys;
pub mod worker_mail;
pub mod worker_news;
pub mod worker_outbox;
pub mod worker_propagate;
pub mod worker_publish;
pub mod worker_trash;

use byline_shared::worker::Worker;

/// The workers.
pub static WORKERS: [Worker; 10] = [
    worker_mail::WORKER,
    worker_outbox::WORKER,
    worker_keys::WORKER,
    worker_erasure::WORKER,
    worker_publish::WORKER,
    worker_propagate::WORKER,
    worker_trash::WORKER,
    worker_conversations::WORKER,
    worker_news::WORKER,
    worker_digest::WORKER,
];
