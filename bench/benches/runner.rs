//! The local runner: start, idle memory, and answers per second, in memory and on a data folder.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::Error;
use crate::connection::Connection;
use crate::first_byte;
use crate::load;
use crate::process::Process;
use crate::release::Binaries;
use crate::report::Budget::{AtLeast, AtMost, None as Free};
use crate::report::{self, median};
use crate::seed::{self, Writer};

/// How often it is started, on new data each time.
const STARTS: usize = 10;

/// How many posts there are under load.
const POSTS: usize = 1000;

/// Measures both kinds of data and prints a table of each.
pub(crate) async fn measure(binaries: &Binaries) -> Result<(), Error> {
    for in_memory in [true, false] {
        let kind = if in_memory { "in memory" } else { "in a data folder" };
        report::table(&format!("Local runner, {kind}"), &["", "measured", "budget"]);
        let mut starts = Vec::new();
        for _ in 0..STARTS {
            let folder = tempfile::tempdir()?;
            let runner = Runner::start(binaries, folder.path(), in_memory).await?;
            starts.push(runner.started);
        }
        report::row("first start → first answer", median(starts), 3, " s", AtMost(0.2));

        let folder = tempfile::tempdir()?;
        let runner = Runner::start(binaries, folder.path(), in_memory).await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let idle = runner.process.resident_memory()?;
        report::row("idle memory", idle, 1, " MiB", AtMost(40.0));
        let anonymous = runner.process.anonymous_memory()?;
        report::row("of it anonymous: not pages of the binary", anonymous, 1, " MiB", Free);
        under_load(&runner).await?;
        if !in_memory {
            drop(runner);
            let again = Runner::start(binaries, folder.path(), in_memory).await?;
            let what = "start on those posts → first answer";
            report::row(what, again.started, 3, " s", AtMost(0.2));
        }
    }
    first_words(binaries).await
}

async fn first_words(binaries: &Binaries) -> Result<(), Error> {
    let (folder, model) = (tempfile::tempdir()?, first_byte::Model::start().await?);
    let variables = model.variables();
    let runner = Runner::start_with(binaries, folder.path(), false, &variables).await?;
    first_byte::measure(model, runner.address).await
}

async fn under_load(runner: &Runner) -> Result<(), Error> {
    let writer = Writer::sign_in(runner.address).await?;
    let posts = (0..POSTS).map(|n| (format!("Post number {n}"), format!("post-number-{n}")));
    let began = std::time::Instant::now();
    writer.publish(posts.collect()).await?;
    let rate = POSTS as f64 / began.elapsed().as_secs_f64();
    report::row("posts made and published", rate, 0, "/s", Free);

    let slugs = (0..POSTS).map(|n| format!("/v1/posts/post-number-{n}")).collect();
    let rate = load::per_second(runner.address, slugs).await?;
    report::row("a post by slug, 16 connections", rate, 0, "/s", AtLeast(5500.0));
    let list = vec!["/v1/posts?limit=20".to_owned()];
    let rate = load::per_second(runner.address, list).await?;
    report::row("a list of 20, 16 connections", rate, 0, "/s", AtLeast(2000.0));
    pages(runner.address).await?;
    let peak = runner.process.peak_memory()?;
    report::row("peak memory", peak, 1, " MiB", Free);
    Ok(())
}

/// The cost of the first page, and of one that stands far behind it.
async fn pages(address: SocketAddr) -> Result<(), Error> {
    let mut connection = Connection::open(address).await?;
    let first = load::get(address, "/v1/posts?limit=20");
    let mut deep = load::get(address, "/v1/posts?limit=100");
    for _ in 0..9 {
        load::expect_ok(connection.exchange(&deep).await?)?;
        let page: Value = serde_json::from_slice(connection.body())?;
        let cursor = page["next_cursor"].as_str().ok_or("the list ends too early")?;
        deep = load::get(address, &format!("/v1/posts?limit=100&cursor={cursor}"));
    }
    let deep = String::from_utf8(deep)?.replace("limit=100", "limit=20").into_bytes();
    let first = each_once(&mut connection, &first).await?;
    let deep = each_once(&mut connection, &deep).await?;
    report::row("a page, the first, asked for once", first, 2, " ms", Free);
    report::row("the same after 900 posts", deep, 2, " ms", Free);
    report::row("ratio of the two", deep / first, 2, "×", AtMost(1.2));
    Ok(())
}

/// The median time of pages of 10 to 30 posts, each asked for once: an answer that was given
/// before is kept.
async fn each_once(connection: &mut Connection, request: &[u8]) -> Result<f64, Error> {
    let request = String::from_utf8(request.to_vec())?;
    let mut times = Vec::new();
    for limit in 10..=30 {
        let request = request.replace("limit=20", &format!("limit={limit}"));
        times.push(load::alone(connection, request.as_bytes()).await?);
    }
    Ok(median(times))
}

/// The release binary as its own process.
struct Runner {
    process: Process,
    address: SocketAddr,
    /// Seconds from process start to the first answer.
    started: f64,
}

impl Runner {
    /// Starts it and waits for an answer.
    async fn start(binaries: &Binaries, folder: &Path, in_memory: bool) -> Result<Self, Error> {
        Self::start_with(binaries, folder, in_memory, &[]).await
    }

    /// The same with further variables.
    async fn start_with(
        binaries: &Binaries,
        folder: &Path,
        in_memory: bool,
        variables: &[(&str, String)],
    ) -> Result<Self, Error> {
        // Free now; nothing else takes ports between here and there.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut command = Command::new(binaries.path("byline"));
        command.current_dir(folder).env_clear().arg("--port").arg(address.port().to_string());
        command.env("BYLINE_ADMIN_EMAIL", seed::EMAIL);
        command.env("BYLINE_ADMIN_PASSWORD", seed::PASSWORD);
        command.env("BYLINE_RATE_LIMITS", "off");
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        if in_memory {
            command.arg("--memory");
        } else {
            command.arg("--data").arg(folder.join("data"));
        }
        let process = Process::start(&mut command)?;
        let health = load::get(address, "/health");
        loop {
            match Connection::open(address).await {
                Ok(mut connection) => {
                    load::expect_ok(connection.exchange(&health).await?)?;
                    let started = process.started.elapsed().as_secs_f64();
                    return Ok(Self { process, address, started });
                }
                Err(error) if process.started.elapsed() > Duration::from_secs(10) => {
                    return Err(format!("the local runner does not answer: {error}").into());
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        }
    }
}
