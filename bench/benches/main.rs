//! `cargo bench -p byline-bench --bench byline`: what an answer costs, as ratios to a floor measured in the same run.
//!
//! It builds the release binaries, measures them, and prints Markdown tables with the budgets of
//! `docs/PERFORMANCE.md` beside the values. Nothing leaves the loopback interface.

mod browser;
mod connection;
mod first_byte;
mod functions;
mod load;
mod process;
mod release;
mod report;
mod runner;
mod runtime_api;
mod seed;
mod sizes;

use std::process::ExitCode;
use std::time::Instant;

/// Whatever went wrong: the benchmark ends and says what it was.
type Error = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    match runtime.map_err(Error::from).and_then(|runtime| runtime.block_on(run())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The benchmark ended early: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Error> {
    let started = Instant::now();
    let binaries = release::build()?;
    eprintln!("Built in {:.0} s; measuring.", started.elapsed().as_secs_f64());
    let started = Instant::now();
    functions::measure(&binaries).await?;
    sizes::measure(&binaries)?;
    // A folder of another profile may have the functions alone.
    if binaries.path("byline").exists() {
        runner::measure(&binaries).await?;
    }
    println!("Measured in {:.0} s.", started.elapsed().as_secs_f64());
    Ok(())
}
