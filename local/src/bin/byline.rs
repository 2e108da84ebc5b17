//! `cargo dev`: Byline on this machine. And `byline import` and `byline export`.

use std::collections::HashMap;
use std::io::{IsTerminal, Write};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use byline_local::engine::Data;
use byline_local::moving::{self, ExportArguments, ImportArguments};
use byline_local::{Byline, Options, operations};
use byline_shared::clock::SystemClock;
use byline_shared::endpoint::InputContract;
use byline_shared::model::{Email, Password};
use clap::{Parser, Subcommand};
use schemars::JsonSchema;
use serde::Serialize;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// Byline on this machine: every operation in one process, on an embedded database.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Arguments,
}

#[derive(Subcommand)]
enum Command {
    /// Brings posts, authors, tags, media and redirects in from another system. Broken off, the
    /// same command goes on.
    Import(Box<ImportArguments>),
    /// Writes everything as files that can be read, kept and imported again.
    Export(Box<ExportArguments>),
}

#[derive(clap::Args)]
struct Arguments {
    /// The address to listen on; another than a loopback one lets your network in. For /mcp,
    /// BYLINE_PUBLIC_URL has to be set, too, to the https address that others use.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    /// The port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// The folder that the data is kept in.
    #[arg(long, default_value = ".byline")]
    data: PathBuf,
    /// Keep the data in memory instead; it is gone at the end.
    #[arg(long, conflicts_with = "data")]
    memory: bool,
    /// The admin's address.
    #[arg(long, env = "BYLINE_ADMIN_EMAIL", default_value = "admin@example.com")]
    admin_email: String,
    /// The admin's password; without one it is generated and printed once.
    #[arg(long, env = "BYLINE_ADMIN_PASSWORD", hide_env_values = true)]
    admin_password: Option<String>,
}

fn main() -> ExitCode {
    // A missing .env is fine; one that cannot be read is not passed over.
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        eprintln!("The file .env cannot be read: {error}");
        return ExitCode::FAILURE;
    }
    let line = CommandLine::parse();
    let filter = std::env::var("RUST_LOG").ok().and_then(|filter| filter.parse::<Targets>().ok());
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .with_filter(filter.unwrap_or_else(|| Targets::new().with_default(Level::ERROR)));
    tracing_subscriber::registry().with(lines).init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime
        .map_err(|error| error.to_string())
        .and_then(|runtime| runtime.block_on(follow(line)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn follow(line: CommandLine) -> Result<(), String> {
    match line.command {
        None => run(line.serve).await,
        Some(Command::Import(arguments)) => moving::import(*arguments).await.map(|text| say(&text)),
        Some(Command::Export(arguments)) => moving::export(*arguments).await.map(|text| say(&text)),
    }
}

async fn run(arguments: Arguments) -> Result<(), String> {
    let password = arguments.admin_password.filter(|password| !password.is_empty());
    let (email, password) = (Email::trusted(arguments.admin_email), password.map(Password::new));
    check(AdminInput { admin_email: email.clone(), admin_password: password.clone() })?;
    let data = if arguments.memory { Data::Memory } else { Data::Folder(arguments.data) };
    let options = Options {
        address: (arguments.host, arguments.port).into(),
        data: data.clone(),
        admin_email: email,
        admin_password: password,
        variable: |name| std::env::var(name).ok().filter(|value| !value.is_empty()),
        clock: Arc::new(SystemClock),
        client_document_hosts: HashMap::new(),
        operations: operations(),
        log: true,
    };
    let byline = Byline::start(options).await.map_err(|error| error.to_string())?;
    say(&banner(&byline, &data));
    if let Data::Folder(folder) = &data {
        let file = folder.join("lambda.env");
        let lines =
            byline.lambda_environment.iter().map(|(name, value)| format!("{name}={value}\n"));
        byline_local::files::replace(&file, lines.collect::<String>().as_bytes())
            .map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    }
    stop_signal().await.map_err(|error| format!("Signals cannot be received: {error}"))?;
    say("\nStopping: finishing the requests under way, for ten seconds at most.");
    let finished = byline.stop().await;
    say(match (finished, &data) {
        (true, Data::Folder(_)) => "Stopped. Nothing was lost.",
        (false, Data::Folder(_)) => "Stopped. What was answered is kept; a request was cut off.",
        (_, Data::Memory) => "Stopped. What was in memory is gone.",
    });
    Ok(())
}

/// What the API would ask of the admin's sign-up.
#[derive(Serialize, JsonSchema)]
struct AdminInput {
    admin_email: Email,
    #[serde(skip_serializing_if = "Option::is_none")]
    admin_password: Option<Password>,
}

fn check(input: AdminInput) -> Result<(), String> {
    let value = serde_json::to_value(input).map_err(|error| error.to_string())?;
    let checked = InputContract::from_body::<AdminInput>().validate(value);
    checked.map(drop).map_err(|problem| {
        let faults = problem.errors.iter().map(|fault| {
            let flag = fault.pointer.trim_start_matches('/').replace('_', "-");
            let variable = flag.replace('-', "_").to_uppercase();
            format!("--{flag} (or BYLINE_{variable}): {}", fault.message)
        });
        faults.collect::<Vec<_>>().join("\n")
    })
}

/// Says something on stdout; whoever read it may be gone, and that stops nothing.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn banner(byline: &Byline, data: &Data) -> String {
    // What clients are given has to be what the metadata and the tokens name.
    let url = &byline.context.config.public_url;
    let here = format!("http://{}", byline.address);
    let listens = match *url == here {
        true => String::new(),
        false => format!("Listens    {here}\n  "),
    };
    // What /mcp answers to; other names could be rebound to this machine.
    let known = ["https://", "http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
    let hint = match known.iter().any(|start| format!("{url}:").starts_with(start)) {
        true => "",
        false => {
            "MCP clients cannot use this address: set BYLINE_PUBLIC_URL to the https one that they \
             use.\n\n"
        }
    };
    let data = match data {
        Data::Folder(folder) => folder.display().to_string(),
        Data::Memory => "in memory, gone when this stops".to_owned(),
    };
    let admin = &byline.admin;
    let password = match (&admin.password, admin.is_new) {
        (Some(password), _) => format!(
            "with the password {}\n             \
             It is shown this once; BYLINE_ADMIN_PASSWORD sets another at first start.",
            password.expose()
        ),
        (None, true) => "with BYLINE_ADMIN_PASSWORD".to_owned(),
        (None, false) => "with its password of before".to_owned(),
    };
    format!(
        "Byline {} is up.\n\n  \
         API        {url}\n  \
         Reference  {url}/docs\n  \
         MCP        {url}/mcp\n  \
         {listens}Mailbox    {here}/_local/mail\n  \
         Data       {data}\n  \
         Admin      {} {password}\n\n\
         {hint}Ctrl-C stops it.\n",
        env!("CARGO_PKG_VERSION"),
        admin.email
    )
}

/// Resolves at Ctrl-C or SIGTERM.
async fn stop_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome,
        _ = terminate.recv() => Ok(()),
    }
}
