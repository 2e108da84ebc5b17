//! Lambda functions: start, warm answer, memory and size, beside two floors.
//!
//! The functions take turns, so that whatever else the machine does weighs on all of them alike.

use std::process::Command;

use byline_local::{Byline, Options};
use byline_shared::model::{Password, Slug};
use byline_shared::permission::Table;
use byline_shared::store::keys;
use serde_json::{Value, json};

use crate::Error;
use crate::browser::session_cookie;
use crate::process::Process;
use crate::release::Binaries;
use crate::report::Budget::{self, AtMost, None as Free};
use crate::report::{self, median, ratio, value};
use crate::runtime_api::RuntimeApi;
use crate::seed::{self, Writer};

/// How often each function is started.
const STARTS: usize = 40;

/// How often each is invoked after each start; the first few are not counted.
const INVOCATIONS: usize = 60;
const UNCOUNTED: usize = 10;

/// The same for `mcp`, which takes 120 requests a minute by one key.
const MCP_INVOCATIONS: usize = 2;
const MCP_UNCOUNTED: usize = 1;

/// A function, and what was seen of it.
struct Function {
    name: &'static str,
    event: String,
    /// Milliseconds from process start until it asked for its first event.
    init: Vec<f64>,
    /// Milliseconds from process start to its first answer.
    first: Vec<f64>,
    /// Milliseconds of a later answer.
    warm: Vec<f64>,
    /// MiB.
    peak: Vec<f64>,
    /// MiB that are not pages of the binary.
    anonymous: Vec<f64>,
}

impl Function {
    fn new(name: &'static str, event: String) -> Self {
        let (init, first, warm, peak, anonymous) = Default::default();
        Self { name, event, init, first, warm, peak, anonymous }
    }

    /// Starts it, invokes it, ends it.
    async fn run(
        &mut self,
        binaries: &Binaries,
        variables: &[(String, String)],
    ) -> Result<(), Error> {
        let api = RuntimeApi::open().await?;
        let mut command = Command::new(binaries.path(self.name));
        command.env_clear().envs(variables.iter().map(|(name, value)| (name, value)));
        command.env("AWS_LAMBDA_RUNTIME_API", api.address()?.to_string());
        command.env("AWS_LAMBDA_FUNCTION_NAME", self.name);
        command.env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        command.env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256");
        let process = Process::start(&mut command)?;
        let mut invocations = api.ready().await?;
        self.init.push(process.started.elapsed().as_secs_f64() * 1e3);
        let (answered, _) = invocations.invoke(&self.event).await?;
        self.first.push((answered - process.started).as_secs_f64() * 1e3);
        let (invoked, uncounted) = match self.name {
            "mcp" => (MCP_INVOCATIONS, MCP_UNCOUNTED),
            // An account reads 60 reviews a minute: each start has one, and every other one more.
            "desk-proposal" => (self.init.len() % 2, 0),
            _ => (INVOCATIONS, UNCOUNTED),
        };
        for turn in 0..invoked {
            let (_, time) = invocations.invoke(&self.event).await?;
            if turn >= uncounted {
                self.warm.push(time.as_secs_f64() * 1e3);
            }
        }
        self.peak.push(process.peak_memory()?);
        self.anonymous.push(process.anonymous_memory()?);
        Ok(())
    }
}

/// Measures them and prints the table.
pub(crate) async fn measure(binaries: &Binaries) -> Result<(), Error> {
    let password = Password::new(seed::PASSWORD.to_owned());
    let options = Options { admin_password: Some(password), ..Options::in_memory() };
    let byline = Byline::start(options).await?;
    let writer = Writer::sign_in(byline.address).await?;
    writer.publish(vec![("Hello, world".to_owned(), seed::HELLO.to_owned())]).await?;

    let mut variables = byline.lambda_environment.clone();
    let key = keys::slug(&Slug::trusted(seed::HELLO));
    let table = Table::Content.as_str().to_owned();
    for (name, value) in [("FLOOR_TABLE", table), ("FLOOR_PK", key.pk), ("FLOOR_SK", key.sk)] {
        variables.push((name.to_owned(), value));
    }
    let read = include_str!("../../events/posts/posts-read.json").to_owned();
    let call = tool_call(&writer.api_key().await?, &byline.address.to_string())?;
    let (post, proposal) = writer.propose("Hello, review").await?;
    let cookie = session_cookie(byline.address, seed::EMAIL, seed::PASSWORD).await?;
    let mut functions = [
        Function::new("floor-noop", read.clone()),
        Function::new("floor-get-item", read.clone()),
        Function::new("posts-read", read),
        Function::new("mcp", call),
        Function::new("desk-queue", visit("/desk", &[], &cookie)?),
        Function::new(
            "desk-proposal",
            visit(&format!("/desk/proposals/{proposal}"), &[("id", &proposal)], &cookie)?,
        ),
        Function::new(
            "desk-post",
            visit(&format!("/desk/posts/{post}"), &[("id", &post)], &cookie)?,
        ),
        Function::new("desk-sign-in", visit("/desk/sign-in", &[], "")?),
    ];
    for _ in 0..STARTS {
        for function in &mut functions {
            let outcome = function.run(binaries, &variables).await;
            outcome.map_err(|error| format!("{}: {error}", function.name))?;
        }
    }
    byline.stop().await;
    print(binaries, functions)
}

/// The sample event of `mcp`, with a token that opens it, at the host it accepts.
fn tool_call(token: &str, host: &str) -> Result<String, Error> {
    let mut event: Value = serde_json::from_str(include_str!("../../events/mcp/mcp.json"))?;
    event["headers"]["authorization"] = json!(format!("Bearer {token}"));
    event["headers"]["host"] = json!(host);
    Ok(event.to_string())
}

/// A visit of a page of the Desk, from a browser with this session cookie, if it has one: the sample event of
/// the first page, at another path.
fn visit(path: &str, parameters: &[(&str, &str)], cookie: &str) -> Result<String, Error> {
    let mut event: Value = serde_json::from_str(include_str!("../../events/desk/desk-queue.json"))?;
    event["cookies"] = if cookie.is_empty() { json!([]) } else { json!([cookie]) };
    event["rawPath"] = json!(path);
    event["requestContext"]["http"]["path"] = json!(path);
    event["pathParameters"] =
        parameters.iter().map(|(name, value)| (*name, json!(value))).collect();
    Ok(event.to_string())
}

fn print(binaries: &Binaries, functions: [Function; 8]) -> Result<(), Error> {
    let columns =
        ["", "ready", "first answer", "warm answer", "peak memory", "of it anonymous", "gzipped"];
    report::table("Functions", &columns);
    let seen = functions.map(|function| Seen::of(function, binaries));
    let [noop, floor, read, mcp, pages @ ..] = seen;
    let floor = floor?;
    let free = Budgets { first: Free, warm: Free, size: Free, peak: Free };
    noop?.print(&floor, &free);
    floor.print(&floor, &free);
    let all =
        Budgets { first: AtMost(1.25), warm: AtMost(1.3), size: AtMost(1.3), peak: AtMost(16.0) };
    read?.print(&floor, &all);
    mcp?.print(&floor, &Budgets { size: AtMost(2.0), peak: AtMost(16.0), ..free });
    for page in pages {
        page?.print(&floor, &Budgets { first: AtMost(1.6), ..free });
    }
    Ok(())
}

/// The medians of one function.
struct Seen {
    name: &'static str,
    init: f64,
    first: f64,
    warm: f64,
    peak: f64,
    anonymous: f64,
    /// Megabytes, gzipped.
    size: f64,
}

/// The budgets of one function: all but memory as ratios to the floor.
struct Budgets {
    first: Budget,
    warm: Budget,
    size: Budget,
    peak: Budget,
}

impl Seen {
    fn of(function: Function, binaries: &Binaries) -> Result<Self, Error> {
        Ok(Self {
            name: function.name,
            init: median(function.init),
            first: median(function.first),
            warm: median(function.warm),
            peak: median(function.peak),
            anonymous: median(function.anonymous),
            size: binaries.gzipped(function.name)? as f64 / 1e6,
        })
    }

    fn print(&self, floor: &Self, budgets: &Budgets) {
        let init = value(self.init, 1, " ms", Free);
        let first = ratio(self.first, 1, " ms", floor.first, budgets.first);
        let warm = ratio(self.warm, 2, " ms", floor.warm, budgets.warm);
        let peak = value(self.peak, 1, " MiB", budgets.peak);
        let size = ratio(self.size, 2, " MB", floor.size, budgets.size);
        let anonymous = value(self.anonymous, 1, " MiB", Free);
        let name = self.name;
        println!("| `{name}` | {init} | {first} | {warm} | {peak} | {anonymous} | {size} |");
    }
}
