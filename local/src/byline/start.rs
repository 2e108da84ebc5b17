//! Starts everything in its order: the database, the services of AWS, the operations, the workers.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use byline_shared::Context;
use byline_shared::config::Config;
use byline_shared::endpoint::{BoxFuture, Service};
use byline_shared::http::problem::Problem;
use byline_shared::permission::Permission;
use byline_shared::worker::Trigger;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Byline, Options, StartError};
use crate::app::App;
use crate::appointments::Appointments;
use crate::aws::{self, Aws};
use crate::engine::{Data, Engine};
use crate::environment::{Variables, sdk};
use crate::listener::{self, Front};
use crate::mailbox::Mailbox;
use crate::observe::Observer;
use crate::permissions;
use crate::s3::S3;
use crate::streams::Follower;
use crate::sweeper::Sweeper;
use crate::{seed, workers};

impl Byline {
    /// Starts: when this returns, requests are answered.
    ///
    /// # Errors
    /// As [`StartError`] says.
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
        let context = |name: &'static str, permissions: Vec<Permission>| {
            let sdk = s3.signers.sign_as(&sdk, name, permissions.clone());
            let sdk = permissions::enforce(&sdk, name, permissions, Arc::clone(&observer));
            Context::new(Arc::clone(&config), sdk, Arc::clone(&options.clock))
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
        let front = Front {
            app: App::new(services),
            mailbox: mailbox.clone(),
            public_url: config.public_url.clone(),
            s3: s3.clone(),
            cors_origins: config.cors_origins.clone(),
            log: options.log,
        };
        let (stop, stopped) = watch::channel(false);
        let server = serve(listener, front, stopped);
        let sweeper = Sweeper {
            database: engine.database.clone(),
            aws: Arc::clone(&aws),
            streams: engine.streams.clone(),
            clock: Arc::clone(&options.clock),
        };
        let mut tasks = vec![tokio::spawn(sweeper.clone().sweep_for_ever())];
        let mut appointments = None;
        for worker in workers() {
            let context = context(worker.name, worker.permissions.to_vec());
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
}

/// Answers requests until it is told to stop, and then those under way.
fn serve(
    listener: TcpListener,
    front: Front,
    mut stopped: watch::Receiver<bool>,
) -> JoinHandle<()> {
    let router = listener::router(front).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move {
        let until = async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        if let Err(cause) = axum::serve(listener, router).with_graceful_shutdown(until).await {
            tracing::error!(%cause, "the listener stopped");
        }
    })
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
