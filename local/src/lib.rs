//! Byline on one machine: every operation behind one listener, on an embedded database. Also the
//! generator, and what the tests stand on.

pub mod app;
mod appointments;
mod aws;
mod byline;
pub mod engine;
mod environment;
pub mod files;
pub mod generate;
mod listener;
mod mailbox;
pub mod moving;
pub mod observe;
pub mod permissions;
mod registry;
mod s3;
mod seed;
pub mod stream_store;
mod streams;
mod sweeper;
pub mod template;

pub use byline::{Admin, Byline, Options, StartError};
pub use mailbox::{Mailbox, StoredMail};
pub use registry::{operations, workers};
