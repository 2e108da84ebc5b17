//! Byline on one machine: every operation behind one listener, with an embedded database and
//! stand-ins for the AWS services. Also the generator (`cargo gen`), and the base of the tests.

mod aws;
pub mod engine;
mod environment;
pub mod faults;
pub mod files;
pub mod generate;
pub mod import_export;
mod listener;
mod local_pages;
mod mailbox;
pub mod permissions;
mod registry;
mod runner;
mod s3;
mod schedules;
mod seed;
pub mod stream_store;
mod streams;
mod sweeper;
pub mod template;

pub use mailbox::{Mailbox, StoredMail};
pub use registry::{function_urls, operations, workers};
pub use runner::{Admin, Byline, Options, StartError, Variable};
