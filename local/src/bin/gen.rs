//! `cargo gen`: generates the files that are derived from the operations. `cargo gen --check` lists the
//! files that are out of date, and fails if there are any.

use std::path::PathBuf;
use std::process::ExitCode;

use byline_local::generate::{Drift, Source};
use clap::Parser;

/// Generates the files that are derived from the operations.
#[derive(Parser)]
struct Arguments {
    /// Write nothing. Fail if a file is out of date.
    #[arg(long)]
    check: bool,
    /// The root of the project.
    #[arg(long, default_value = ".")]
    root: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let source = Source {
        root: &arguments.root,
        operations: byline_local::operations(),
        function_urls: byline_local::function_urls(),
        workers: byline_local::workers(),
    };
    let outcome = if arguments.check { source.check() } else { source.write() };
    let drifts = match outcome {
        Ok(drifts) => drifts,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    for drift in &drifts {
        match (drift, arguments.check) {
            (Drift::Differs(path), true) => {
                eprintln!("{} is out of date", path.display())
            }
            (Drift::Differs(path), false) => println!("wrote {}", path.display()),
            (Drift::Leftover(path), true) => {
                eprintln!("{} belongs to no operation", path.display())
            }
            (Drift::Leftover(path), false) => println!("removed {}", path.display()),
        }
    }
    if arguments.check && !drifts.is_empty() {
        eprintln!("\nRun `cargo gen` and commit what it writes.");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
