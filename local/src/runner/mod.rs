//! Starts Byline on one machine, and stops it.

mod options;
mod sign_in_link;
mod start;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use byline_shared::Context;
use byline_shared::model::{Email, Password};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::aws::Aws;
use crate::engine::Engine;
use crate::faults::Observer;
use crate::mailbox::Mailbox;
use crate::schedules::ScheduleRunner;
use crate::sweeper::Sweeper;
pub use options::{Options, StartError, Variable};

/// How long a stop waits for running requests, and for answers of the agent.
const DRAIN: Duration = Duration::from_secs(10);

/// The admin account.
#[derive(Clone, Debug)]
pub struct Admin {
    /// The e-mail address to sign in with.
    pub email: Email,
    /// The password, if this start generated it.
    pub password: Option<Password>,
    /// Whether this start created the account.
    pub is_new: bool,
}

/// A running Byline.
pub struct Byline {
    /// The address that it listens on.
    pub address: SocketAddr,
    /// The admin account.
    pub admin: Admin,
    /// The mails that were sent, none of which left this machine.
    pub mailbox: Mailbox,
    /// The operations' calls to AWS. For tests.
    pub observer: Arc<Observer>,
    /// A context without the limits of permissions. For tests and tools.
    pub context: Context,
    /// The environment variables with which a Lambda binary works on this data.
    pub lambda_environment: Vec<(String, String)>,
    contexts: Vec<Context>,
    _engine: Engine,
    sweeper: Sweeper,
    schedules: Option<ScheduleRunner>,
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

    /// Runs the schedules that are due now, instead of within a second.
    pub async fn run_due_schedules(&self) {
        if let Some(schedules) = &self.schedules {
            schedules.run_due().await;
        }
    }

    /// Makes every later call to the database fail. For tests.
    pub fn stop_database(&self) {
        self.aws.stop_database();
    }

    /// How many password hashes the operations have computed.
    #[must_use]
    pub fn password_hashes(&self) -> u64 {
        self.contexts.iter().map(|context| context.password_hashes.load(Ordering::SeqCst)).sum()
    }

    /// How many bodies of posts the operations have rendered.
    #[must_use]
    pub fn renderings(&self) -> u64 {
        self.contexts.iter().map(|context| context.renderings.load(Ordering::SeqCst)).sum()
    }

    /// Makes every later call to SES fail, or succeed again. For tests.
    pub fn stop_mail(&self, is_down: bool) {
        self.aws.stop_mail(is_down);
    }

    /// Accepts no more requests, finishes the running ones, ends the answers of the agent, and closes the files.
    /// Returns whether all of that was done within ten seconds.
    pub async fn stop(self) -> bool {
        let Self { stop, server, contexts, tasks, .. } = self;
        let _ = stop.send(true);
        contexts.iter().for_each(|context| context.stopping.begin());
        let ended = async {
            let _ = server.await;
            // An answer goes on where its client hung up.
            for context in &contexts {
                context.stopping.ended().await;
            }
        };
        let finished = tokio::time::timeout(DRAIN, ended).await.is_ok();
        for task in tasks {
            task.abort();
        }
        finished
    }
}
