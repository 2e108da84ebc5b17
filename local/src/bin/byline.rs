//! `cargo dev`, `cargo import` and `cargo export`: runs Byline on this machine, and moves posts into
//! and out of it.

use std::collections::HashMap;
use std::io::{self, IsTerminal, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;
use std::sync::Arc;

use byline_local::engine::Data;
use byline_local::import_export::{self, ExportArguments, ImportArguments, ImportExportError};
use byline_local::{Admin, Byline, Options, StartError, operations};
use byline_shared::clock::SystemClock;
use byline_shared::config::PasswordCost;
use byline_shared::endpoint::{InputContract, typed};
use byline_shared::http::problem::Problem;
use byline_shared::model::{Email, Password};
use clap::{Parser, Subcommand};
use schemars::JsonSchema;
use serde::Deserialize;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// Runs Byline on this machine: the whole API in one process, with an embedded database.
#[derive(Parser)]
#[command(name = "byline", version, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Arguments,
}

#[derive(Subcommand)]
enum Command {
    /// Imports posts, authors, tags, media and redirects from another system. If interrupted, run it
    /// again to resume.
    Import(Box<ImportArguments>),
    /// Exports the publication as files that you can read, keep, and import again: posts, tags, media,
    /// authors, redirects and settings, without older revisions, proposals and unpublished edits.
    Export(Box<ExportArguments>),
}

#[derive(clap::Args)]
struct Arguments {
    /// The IP address to listen on. 0.0.0.0 accepts connections from your network; for /mcp, also set
    /// BYLINE_PUBLIC_URL to the https URL that others use.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// The port to listen on; 0 picks a free one.
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// The folder to keep the data in.
    #[arg(long, default_value = ".byline")]
    data: PathBuf,
    /// Keep the data in memory. It is lost when Byline stops.
    #[arg(long, conflicts_with = "data")]
    memory: bool,
    /// The admin's e-mail address. The first start creates the account.
    #[arg(long, env = "BYLINE_ADMIN_EMAIL", default_value = "admin@example.com")]
    admin_email: String,
    /// The password of a new admin account. Default: generated and printed once.
    #[arg(long, env = "BYLINE_ADMIN_PASSWORD", hide_env_values = true)]
    admin_password: Option<String>,
}

/// Why a command fails. Each message says what to do.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error("Cannot read the file .env: {0}. Correct or remove it.")]
    Environment(dotenvy::Error),
    #[error(
        "RUST_LOG: {0}. Use error, warn, info or debug, or a list such as warn,byline_shared=debug."
    )]
    LogLevel(#[source] <Targets as FromStr>::Err),
    #[error("Cannot start the async runtime: {0}")]
    Runtime(#[source] io::Error),
    #[error("{}", invalid_options(.0))]
    Admin(Box<Problem>),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("Cannot write {0}: {1}. Check who owns the folder, and that the disk has space.")]
    LambdaEnvironment(PathBuf, #[source] io::Error),
    #[error("Cannot receive signals: {0}")]
    Signals(#[source] io::Error),
    #[error(transparent)]
    ImportExport(#[from] ImportExportError),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), CommandError> {
    // A missing .env is fine. One that cannot be read would silently change the configuration.
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        return Err(CommandError::Environment(error));
    }
    let line = CommandLine::parse();
    let filter = std::env::var("RUST_LOG").ok().filter(|filter| !filter.is_empty());
    let filter = filter.map(|filter| filter.parse::<Targets>());
    let filter = filter.transpose().map_err(CommandError::LogLevel)?;
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .with_filter(filter.unwrap_or_else(|| Targets::new().with_default(Level::WARN)));
    tracing_subscriber::registry().with(lines).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(CommandError::Runtime)?.block_on(execute(line))
}

async fn execute(line: CommandLine) -> Result<(), CommandError> {
    match line.command {
        None => serve(line.serve).await?,
        Some(Command::Import(arguments)) => {
            print(&Box::pin(import_export::import(*arguments)).await?);
        }
        Some(Command::Export(arguments)) => print(&import_export::export(*arguments).await?),
    }
    Ok(())
}

async fn serve(arguments: Arguments) -> Result<(), CommandError> {
    let password = arguments.admin_password.filter(|password| !password.is_empty());
    let AdminInput { admin_email: email, admin_password: password } =
        admin(&arguments.admin_email, password.as_deref())?;
    let data = if arguments.memory { Data::Memory } else { Data::Folder(arguments.data) };
    let options = Options {
        address: (arguments.host, arguments.port).into(),
        data: data.clone(),
        admin_email: email,
        admin_password: password,
        // A value that is not UTF-8 is shown with replacement characters, and refused as such.
        variable: Arc::new(|name| {
            let value = std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
            value.filter(|value| !value.is_empty())
        }),
        clock: Arc::new(SystemClock),
        client_document_hosts: HashMap::new(),
        password_cost: PasswordCost::RECOMMENDED,
        operations: operations(),
        log: true,
    };
    let byline = Byline::start(options).await?;
    let desk = byline.sign_in_link().await?;
    print(&banner(&byline, &data, &desk));
    if let Data::Folder(folder) = &data {
        let file = folder.join("lambda.env");
        let lines =
            byline.lambda_environment.iter().map(|(name, value)| format!("{name}={value}\n"));
        byline_local::files::replace(&file, lines.collect::<String>().as_bytes())
            .map_err(|error| CommandError::LambdaEnvironment(file, error))?;
    }
    stop_signal().await.map_err(CommandError::Signals)?;
    print("\nStopping. Running requests have ten seconds to finish.");
    let finished = byline.stop().await;
    print(match (finished, &data) {
        (true, Data::Folder(_)) => "Stopped. All data is saved.",
        (false, Data::Folder(_)) => {
            "Stopped. Every answered request is saved, but a running one was aborted."
        }
        (_, Data::Memory) => "Stopped. The data in memory is gone.",
    });
    Ok(())
}

/// The admin's options, with the same rules as signing up through the API.
#[derive(Deserialize, JsonSchema)]
struct AdminInput {
    admin_email: Email,
    admin_password: Option<Password>,
}

fn admin(email: &str, password: Option<&str>) -> Result<AdminInput, CommandError> {
    let value = serde_json::json!({ "admin_email": email, "admin_password": password });
    let checked = InputContract::from_body::<AdminInput>().validate(value).and_then(typed);
    checked.map_err(|problem| CommandError::Admin(Box::new(problem)))
}

/// One line for each invalid option.
fn invalid_options(problem: &Problem) -> String {
    let lines = problem.errors.iter().map(|error| {
        let flag = error.pointer.trim_start_matches('/').replace('_', "-");
        let variable = flag.replace('-', "_").to_uppercase();
        format!("--{flag} (or BYLINE_{variable}): {}", error.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Prints to stdout, which may be closed.
fn print(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

fn banner(byline: &Byline, data: &Data, desk: &str) -> String {
    // The metadata and the tokens name this URL, so clients have to use it, too.
    let url = &byline.context.config.public_url;
    let local = format!("http://{}", byline.address);
    let listens = match *url == local {
        true => String::new(),
        false => format!("Listens    {local}\n  "),
    };
    // /mcp accepts no other hosts over plain HTTP, because of DNS rebinding.
    let accepted = ["https://", "http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
    let hint = match accepted.iter().any(|start| format!("{url}:").starts_with(start)) {
        true => String::new(),
        false => format!(
            "MCP clients cannot use {url}: set BYLINE_PUBLIC_URL to the https URL that they use.\n\n"
        ),
    };
    let mailbox = match byline.context.config.mailbox {
        Some(path) => format!("{}{path}", on_this_machine(byline.address)),
        None => "closed, because the public URL is not this machine's; see BYLINE_LOCAL_PAGES in \
                  .env.example"
            .to_owned(),
    };
    let data = match data {
        Data::Folder(folder) => folder.display().to_string(),
        Data::Memory => "in memory, lost when Byline stops".to_owned(),
    };
    format!(
        "Byline {} is running.\n\n  \
         Desk       {desk}\n             \
         Signs in {} once, within 15 minutes. Later, open {url}/desk\n  \
         API        {url}\n  \
         Reference  {url}/docs\n  \
         MCP        {url}/mcp\n  \
         {listens}Mailbox    {mailbox}\n  \
         Data       {data}\n  \
         Admin      {}\n  \
         Password   {}\n\n\
         {hint}Press Ctrl-C to stop.\n",
        env!("CARGO_PKG_VERSION"),
        byline.admin.email,
        byline.admin.email,
        password(&byline.admin)
    )
}

/// The URL of the port for a browser on this machine.
fn on_this_machine(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{address}")
}

fn password(admin: &Admin) -> String {
    match (&admin.password, admin.is_new) {
        (Some(password), _) => format!(
            "{}\n             Shown only this once. To choose it yourself, set BYLINE_ADMIN_PASSWORD \
             before the first start.",
            password.expose()
        ),
        (None, true) => "the one in BYLINE_ADMIN_PASSWORD".to_owned(),
        (None, false) => "unchanged".to_owned(),
    }
}

/// Resolves at Ctrl-C or SIGTERM.
async fn stop_signal() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome,
        _ = terminate.recv() => Ok(()),
    }
}
