//! Byline on one machine, from start to stop.

mod options;
mod start;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use byline_shared::Context;
use byline_shared::model::{Email, Password};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::appointments::Appointments;
use crate::aws::Aws;
use crate::engine::Engine;
use crate::mailbox::Mailbox;
use crate::observe::Observer;
use crate::sweeper::Sweeper;
pub use options::{Options, StartError};

/// How long a stop waits for the requests under way.
const DRAIN: Duration = Duration::from_secs(10);

/// The seeded admin.
#[derive(Clone, Debug)]
pub struct Admin {
    /// The address to sign in with.
    pub email: Email,
    /// The password, if it was generated just now.
    pub password: Option<Password>,
    /// Whether the account was made just now.
    pub is_new: bool,
}

/// A running Byline.
pub struct Byline {
    /// Where it listens.
    pub address: SocketAddr,
    /// The seeded admin.
    pub admin: Admin,
    /// The mails that were sent.
    pub mailbox: Mailbox,
    /// What passes between the operations and AWS. For tests.
    pub observer: Arc<Observer>,
    /// What an operation works with, unlimited by grants. For tests and tools.
    pub context: Context,
    /// The environment in which a Lambda binary works on this data.
    pub lambda_environment: Vec<(String, String)>,
    contexts: Vec<Context>,
    _engine: Engine,
    sweeper: Sweeper,
    appointments: Option<Appointments>,
    aws: Arc<Aws>,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    tasks: Vec<JoinHandle<()>>,
}

impl Byline {
    /// Removes expired items now, instead of within a minute.
    pub async fn sweep_expired(&self) {
        self.sweeper.sweep().await;
    }

    /// Keeps the appointments that are due now, instead of within a second.
    pub async fn run_scheduleds(&self) {
        if let Some(appointments) = &self.appointments {
            appointments.keep().await;
        }
    }

    /// Stops the database under everything else. For tests of what happens then.
    pub fn stop_database(&self) {
        self.aws.stop_database();
    }

    /// How many password hashes the operations have computed.
    #[must_use]
    pub fn password_hashes(&self) -> u64 {
        self.contexts.iter().map(|context| context.password_hashes.load(Ordering::SeqCst)).sum()
    }

    /// Mail is refused from now on, or taken again. For tests of what happens then.
    pub fn stop_mail(&self, is_down: bool) {
        self.aws.stop_mail(is_down);
    }

    /// Takes no more requests, finishes those under way, and closes the files. Says whether all
    /// were finished in time.
    pub async fn stop(self) -> bool {
        let _ = self.stop.send(true);
        let finished = tokio::time::timeout(DRAIN, self.server).await.is_ok();
        for task in self.tasks {
            task.abort();
        }
        finished
    }
}
