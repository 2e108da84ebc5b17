//! How to start Byline, and the reasons why it does not start.

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

/// Looks up a configuration variable; `None` means the local default.
pub type Variable = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// How to start.
pub struct Options {
    /// The address to listen on. Port 0 picks a free port.
    pub address: SocketAddr,
    /// Where the data is kept.
    pub data: Data,
    /// The admin's e-mail address.
    pub admin_email: Email,
    /// The password of a new admin account. `None` generates one.
    pub admin_password: Option<Password>,
    /// The configuration.
    pub variable: Variable,
    /// The source of the time.
    pub clock: Arc<dyn Clock>,
    /// Hosts whose OAuth client metadata documents are fetched from this address instead. For tests.
    pub client_document_hosts: HashMap<String, SocketAddr>,
    /// How expensive a password hash is; cheap in tests.
    pub password_cost: PasswordCost,
    /// The operations to serve: [`operations`], unless a test changes them.
    pub operations: Vec<Operation>,
    /// Whether to print one line per request.
    pub log: bool,
}

impl Options {
    /// In memory, on a free loopback port, without a request log. For tests.
    #[must_use]
    pub fn in_memory() -> Self {
        Self {
            address: ([127, 0, 0, 1], 0).into(),
            data: Data::Memory,
            admin_email: Email::trusted("admin@example.com"),
            admin_password: None,
            variable: Arc::new(|_| None),
            clock: Arc::new(SystemClock),
            client_document_hosts: HashMap::new(),
            password_cost: PasswordCost::RECOMMENDED,
            operations: operations(),
            log: false,
        }
    }
}

/// Why Byline does not start. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database does not open.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A configuration variable is missing or invalid.
    #[error("The configuration is invalid: {0}. Correct the variable in .env or the environment.")]
    Config(#[from] ConfigError),
    /// The address cannot be listened on.
    #[error(
        "Cannot listen on {0}: {1}. Choose another port with --port or another address with --host, \
         or stop the process that uses it."
    )]
    Port(SocketAddr, #[source] io::Error),
    /// A file of the data folder cannot be read or written.
    #[error(
        "Cannot use a file in {0}: {1}. Check who owns the folder, and that the disk has space."
    )]
    File(PathBuf, #[source] io::Error),
    /// The admin account cannot be created or read.
    #[error("Cannot set up the admin account: {0}")]
    Admin(String),
}
