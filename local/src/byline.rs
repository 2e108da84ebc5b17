//! Byline on one machine, from start to stop.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use shared::Context;
use shared::clock::{Clock, SystemClock};
use shared::config::{Config, ConfigError};
use shared::endpoint::{BoxFuture, Grant, Operation, Service};
use shared::http::problem::Problem;
use shared::model::{Email, Password};
use shared::worker::Trigger;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::appointments::Appointments;
use crate::aws::{self, Aws};
use crate::engine::{Data, Engine, EngineError};
use crate::environment::{Variables, sdk};
use crate::grants;
use crate::listener::{self, Front};
use crate::mailbox::Mailbox;
use crate::observe::Observer;
use crate::s3::S3;
use crate::streams::Follower;
use crate::sweeper::Sweeper;
use crate::{operations, seed, workers};

/// How long a stop waits for the requests under way.
const DRAIN: Duration = Duration::from_secs(10);

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
            operations: operations(),
            log: false,
        }
    }
}

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
    /// Starts: when this returns, requests are answered.
    ///
    /// # Errors
    /// As [`StartError`] says.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let listener = bind(options.address).await?;
        let address = listener.local_addr().map_err(|e| StartError::Port(options.address, e))?;
        let engine = Engine::open(&options.data)?;
        let folder = match &options.data {
            Data::Folder(folder) => Some(folder.as_path()),
            Data::Memory => None,
        };
        let in_folder = |error| StartError::File(folder.unwrap_or(Path::new(".")).into(), error);
        let mailbox = folder.map(Mailbox::open).transpose().map_err(in_folder)?.unwrap_or_default();
        let (clock, observer) = (Arc::clone(&options.clock), Arc::new(Observer::default()));
        let s3 = S3::open(folder, Arc::clone(&clock), Arc::clone(&observer)).map_err(in_folder)?;
        let aws = Aws::new(engine.database.clone(), folder, mailbox.clone(), s3.clone(), clock);
        let aws = Arc::new(aws.map_err(in_folder)?);
        let access_key = s3.signers.unlimited().0.to_owned();
        let port = aws::port::listen(Arc::clone(&aws), access_key).await;
        let port = port.map_err(in_folder)?;

        let variables = Variables { address, admin: &options.admin_email, given: options.variable };
        let mut config = Config::from_lookup(|name| Ok(variables.get(name)))?;
        config.rate_limits = (options.variable)("BYLINE_RATE_LIMITS").as_deref() != Some("off");
        config.client_document_hosts = options.client_document_hosts;
        let lambda_environment = variables.for_lambda(port, &s3.signers);
        let config = Arc::new(config);
        let sdk = sdk(Arc::clone(&aws), address);
        let context = |name: &'static str, grants: Vec<Grant>| {
            let sdk = s3.signers.sign_as(&sdk, name, grants.clone());
            let sdk = grants::enforce(&sdk, name, grants, Arc::clone(&observer));
            Context::new(Arc::clone(&config), sdk, Arc::clone(&options.clock))
        };

        let unlimited = Context::new(Arc::clone(&config), sdk.clone(), Arc::clone(&options.clock));
        let admin = seed::admin(&unlimited, options.admin_email, options.admin_password).await;
        let admin = admin.map_err(|problem| StartError::Admin(describe(&problem)))?;

        let services = options.operations.into_iter().map(|operation| {
            let context = context(operation.name, operation.grants());
            Service::new(operation, context)
        });
        let services: Vec<Service> = services.collect();
        let contexts = services.iter().map(|service| service.context().clone()).collect();
        let front = Front {
            app: App::new(services),
            mailbox: mailbox.clone(),
            public_url: config.public_url.clone(),
            s3: s3.clone(),
            cors_origins: config.cors_origins.clone(),
            log: options.log,
        };
        let (stop, stopped) = watch::channel(false);
        let router = listener::router(front).into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move {
            let mut stopped = stopped;
            let until = async move {
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            if let Err(cause) = axum::serve(listener, router).with_graceful_shutdown(until).await {
                tracing::error!(%cause, "the listener stopped");
            }
        });
        let sweeper = Sweeper {
            database: engine.database.clone(),
            aws: Arc::clone(&aws),
            streams: engine.streams.clone(),
            clock: Arc::clone(&options.clock),
        };
        let mut tasks = vec![tokio::spawn(sweeper.clone().sweep_for_ever())];
        let mut appointments = None;
        for worker in workers() {
            let context = context(worker.name, worker.grants.to_vec());
            match worker.trigger {
                Trigger::NewItems(items) => {
                    let database = engine.database.clone();
                    let follower = Follower::new(worker.name, items, context, database, folder);
                    tasks.push(tokio::spawn(follower.follow()));
                }
                Trigger::Called { run, .. } => {
                    let (aws, clock) = (Arc::clone(&aws), Arc::clone(&options.clock));
                    let called = Appointments { aws, clock, context, run };
                    tasks.push(tokio::spawn(called.clone().keep_for_ever()));
                    appointments = Some(called);
                }
                Trigger::Every { minutes, run } => {
                    tasks.push(tokio::spawn(schedule(worker.name, context, minutes, run)));
                }
            }
        }
        Ok(Self {
            address,
            admin,
            mailbox,
            observer,
            context: unlimited,
            lambda_environment,
            contexts,
            _engine: engine,
            sweeper,
            appointments,
            aws,
            stop,
            server,
            tasks,
        })
    }

    /// Removes expired items now, instead of within a minute.
    pub async fn sweep_expired(&self) {
        self.sweeper.sweep().await;
    }

    /// Keeps the appointments that are due now, instead of within a second.
    pub async fn keep_appointments(&self) {
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

async fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| StartError::Port(address, error))
}

/// Runs a worker at the start and then every so many minutes.
async fn schedule(
    name: &'static str,
    context: Context,
    minutes: u32,
    run: for<'a> fn(&'a Context) -> BoxFuture<'a, Result<(), Problem>>,
) {
    let mut ticks = tokio::time::interval(Duration::from_secs(60 * u64::from(minutes)));
    loop {
        ticks.tick().await;
        if let Err(problem) = run(&context).await {
            tracing::error!(worker = name, cause = ?problem.cause, "it is done next time");
        }
    }
}

fn describe(problem: &Problem) -> String {
    match &problem.cause {
        Some(cause) => cause.to_string(),
        None => problem.detail.clone(),
    }
}
