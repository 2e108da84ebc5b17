//! How Byline on one machine starts, and why it may not.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use byline_shared::clock::{Clock, SystemClock};
use byline_shared::config::{ConfigError, PasswordCost};
use byline_shared::endpoint::Operation;
use byline_shared::model::{Email, Password};

use crate::engine::{Data, EngineError};
use crate::operations;

/// How to start.
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub address: SocketAddr,
    /// Where the data lives.
    pub data: Data,
    /// The admin's address.
    pub admin_email: Email,
    /// The admin's password; without one it is generated.
    pub admin_password: Option<Password>,
    /// A configuration variable's value, where it is not the local default.
    pub variable: fn(&str) -> Option<String>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Hosts whose client metadata documents are on this machine. For tests.
    pub client_document_hosts: HashMap<String, SocketAddr>,
    /// How expensive a password hash is; cheap in tests.
    pub password_cost: PasswordCost,
    /// What is served; [`operations`] unless a test adds one.
    pub operations: Vec<Operation>,
    /// Whether each answer is logged in one line.
    pub log: bool,
}

impl Options {
    /// In memory, on a free loopback port, quiet. For tests.
    #[must_use]
    pub fn in_memory() -> Self {
        Self {
            address: ([127, 0, 0, 1], 0).into(),
            data: Data::Memory,
            admin_email: Email::trusted("admin@example.com"),
            admin_password: None,
            variable: |_| None,
            clock: Arc::new(SystemClock),
            client_document_hosts: HashMap::new(),
            password_cost: PasswordCost::RECOMMENDED,
            operations: operations(),
            log: false,
        }
    }
}

/// Why it does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The configuration.
    #[error("The configuration cannot be used: {0}")]
    Config(#[from] ConfigError),
    /// The port.
    #[error(
        "Nothing can listen on {0}: {1}. Choose another port with --port or another address with \
         --host, or stop what is there."
    )]
    Port(SocketAddr, #[source] io::Error),
    /// A file of the data folder.
    #[error("A file in {0} cannot be used: {1}")]
    File(PathBuf, #[source] io::Error),
    /// The admin.
    #[error("The admin account cannot be made: {0}")]
    Admin(String),
}
