//! Starts the parts in order: the database, the stand-ins for AWS, the operations, the workers.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use axum::serve::ListenerExt;
use byline_shared::Context;
use byline_shared::config::{self, Config, ConfigError};
use byline_shared::endpoint::{BoxFuture, Router, Service};
use byline_shared::http::problem::Problem;
use byline_shared::permission::Permission;
use byline_shared::worker::Trigger;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Byline, Options, StartError, Variable};
use crate::aws::{self, Aws};
use crate::engine::{Data, Engine};
use crate::environment::{Variables, model_sdk, sdk};
use crate::faults::Observer;
use crate::listener::{self, Shared};
use crate::local_pages::{self, LocalPages};
use crate::mailbox::{self, Mailbox};
use crate::permissions;
use crate::s3::S3;
use crate::schedules::ScheduleRunner;
use crate::streams::Follower;
use crate::sweeper::Sweeper;
use crate::{seed, workers};

impl Byline {
    /// Starts. When this returns, Byline answers requests.
    ///
    /// # Errors
    /// See [`StartError`].
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let at_port = |error| StartError::Port(options.address, error);
        let listener = TcpListener::bind(options.address).await.map_err(at_port)?;
        let address = listener.local_addr().map_err(at_port)?;
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
        let access_key = s3.access_keys.unlimited().0.to_owned();
        let port = aws::port::listen(Arc::clone(&aws), access_key).await;
        let port = port.map_err(in_folder)?;

        let variables = Variables {
            address,
            admin: &options.admin_email,
            given: Arc::clone(&options.variable),
        };
        let mut config = Config::from_lookup(|name| Ok(variables.get(name)))?;
        config.rate_limits = switch(&options.variable, "BYLINE_RATE_LIMITS", true)?;
        let local_pages = switch(&options.variable, local_pages::VARIABLE, false)?;
        let local_pages = LocalPages::new(&config.public_url, local_pages);
        config.mailbox =
            (!matches!(local_pages, LocalPages::PublicUrl(_))).then_some(mailbox::PATH);
        config.client_document_hosts = options.client_document_hosts;
        config.password_cost = options.password_cost;
        let lambda_environment = variables.for_lambda(port, &s3.access_keys);
        let config = Arc::new(config);
        let model_sdk = model_sdk(&config, &options.variable)?;
        let sdk = sdk(Arc::clone(&aws), address);
        let context = |name: &'static str, permissions: Vec<Permission>| {
            let sdk = s3.access_keys.sign_as(&sdk, name, permissions.clone());
            let enforce = |sdk: &SdkConfig| {
                permissions::enforce(sdk, name, permissions.clone(), Arc::clone(&observer))
            };
            let sdk = enforce(&sdk);
            let model_sdk = model_sdk.as_ref().map_or_else(|| sdk.clone(), enforce);
            let (config, clock) = (Arc::clone(&config), Arc::clone(&options.clock));
            Context::with_model_sdk(config, sdk, model_sdk, clock)
        };

        let unlimited = Context::new(Arc::clone(&config), sdk.clone(), Arc::clone(&options.clock));
        let admin = seed::admin(&unlimited, options.admin_email, options.admin_password).await;
        let admin = admin.map_err(|problem| StartError::Admin(describe(&problem)))?;

        let services = options.operations.into_iter().map(|operation| {
            let context = context(operation.name, operation.permissions());
            Service::new(operation, context)
        });
        let services: Vec<Service> = services.collect();
        let contexts = services.iter().map(|service| service.context().clone()).collect();
        let shared = Shared {
            router: Router::new(services),
            mailbox: mailbox.clone(),
            context: unlimited.clone(),
            local_pages,
            public_url: config.public_url.clone(),
            s3: s3.clone(),
            cors_origins: config.cors_origins.clone(),
            log: options.log,
        };
        let (stop, stopped) = watch::channel(false);
        let server = serve(listener, shared, stopped);
        let sweeper = Sweeper {
            database: engine.database.clone(),
            aws: Arc::clone(&aws),
            streams: Arc::clone(&engine.streams),
            clock: Arc::clone(&options.clock),
        };
        let mut tasks = vec![tokio::spawn(sweeper.clone().sweep_forever())];
        let mut schedules = None;
        for worker in workers() {
            let context = context(worker.name, worker.permissions.to_vec());
            match worker.trigger {
                Trigger::NewItems(items) => {
                    let database = engine.database.clone();
                    let waker = aws.wakers.register(items.prefix);
                    let follower =
                        Follower::new(worker.name, items, context, database, waker, folder);
                    tasks.push(tokio::spawn(follower.follow()));
                }
                Trigger::Called { run, .. } => {
                    let (aws, clock) = (Arc::clone(&aws), Arc::clone(&options.clock));
                    let runner = ScheduleRunner { aws, clock, context, run };
                    tasks.push(tokio::spawn(runner.clone().run_forever()));
                    schedules = Some(runner);
                }
                Trigger::Every { minutes, run } => {
                    tasks.push(tokio::spawn(run_every(minutes, worker.name, context, run)));
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
            schedules,
            aws,
            stop,
            server,
            tasks,
        })
    }
}

/// A switch that only this runner has.
fn switch(given: &Variable, name: &'static str, default: bool) -> Result<bool, ConfigError> {
    let Some(value) = given(name) else { return Ok(default) };
    config::parse_switch(&value).map_err(|fault| ConfigError::new(name, fault))
}

/// Answers requests until `stopped` turns true, and finishes the running ones.
fn serve(
    listener: TcpListener,
    shared: Shared,
    mut stopped: watch::Receiver<bool>,
) -> JoinHandle<()> {
    let router = listener::router(shared).into_make_service_with_connect_info::<SocketAddr>();
    // Else the kernel holds an event of a stream until the client has acknowledged the one before.
    let listener = listener.tap_io(|stream| {
        if let Err(cause) = stream.set_nodelay(true) {
            tracing::debug!(%cause, "a connection sends small pieces late");
        }
    });
    tokio::spawn(async move {
        let until = async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        if let Err(cause) = axum::serve(listener, router).with_graceful_shutdown(until).await {
            tracing::error!(%cause, "the listener stopped");
        }
    })
}

/// Runs a worker now and then every `minutes`.
async fn run_every(
    minutes: u32,
    name: &'static str,
    context: Context,
    run: for<'a> fn(&'a Context) -> BoxFuture<'a, Result<(), Problem>>,
) {
    let mut ticks = tokio::time::interval(Duration::from_secs(60 * u64::from(minutes)));
    loop {
        ticks.tick().await;
        if let Err(problem) = run(&context).await {
            tracing::error!(worker = name, cause = ?problem.cause, "the worker failed and will retry");
        }
    }
}

pub(super) fn describe(problem: &Problem) -> String {
    match &problem.cause {
        Some(cause) => cause.to_string(),
        None => problem.detail.clone(),
    }
}
