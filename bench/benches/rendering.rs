//! `cargo bench -p byline-bench --bench rendering`: a search for bodies that are slow to render.
//!
//! Every body of the generator is rendered at a sixteenth of the limit. The slowest of them are
//! rendered at the whole limit, and those that take longest are printed. It fails if one takes longer
//! than [`BUDGET`]. `BYLINE_TEST_SEED` repeats the random bodies of a run.

#[path = "../../tests/it/hostile_markdown/bodies.rs"]
mod bodies;
#[path = "../../tests/it/hostile_markdown/search.rs"]
mod search;

use std::process::ExitCode;
use std::time::Duration;

use byline_shared::model::Markdown;
use byline_shared::publishing::{Sections, to_html};

/// How long any body may take.
const BUDGET: Duration = Duration::from_secs(1);

/// The length of the bodies at first, and that of those that are followed.
const LENGTHS: [usize; 2] = [Markdown::MAX_BYTES / 16, Markdown::MAX_BYTES];

/// How many are followed.
const FOLLOWED: usize = 2_000;

/// How many random bodies there are.
const RANDOM: usize = 20_000;

/// How many are printed.
const SHOWN: usize = 12;

/// What is done with a body: answers with what became of it.
type Work = fn(&str) -> String;

const WORKS: [(&str, Work); 2] = [
    ("to_html", |text| match to_html(text) {
        Ok(html) => format!("{} bytes", html.len()),
        Err(fault) => format!("refused: {fault:?}"),
    }),
    ("Sections::parse", |text| format!("{} sections", Sections::parse(text).0.len())),
];

fn main() -> ExitCode {
    let seed = std::env::var("BYLINE_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(1..1_000_000));
    let mut bodies = bodies::alone();
    bodies.extend(bodies::pairs());
    bodies.extend(bodies::at_random(&mut fastrand::Rng::with_seed(seed), RANDOM));
    println!("{} bodies, BYLINE_TEST_SEED={seed}", bodies.len());
    let mut within = true;
    for (name, work) in WORKS {
        let found = search::slowest(work, &bodies, LENGTHS, FOLLOWED);
        let [short, whole] = LENGTHS;
        println!("\n| {name} | {short} bytes | {whole} bytes | |\n|---|---|---|---|");
        for found in found.iter().take(SHOWN) {
            println!("{}", found.row());
        }
        within &= found.iter().all(|found| found.times[1] <= BUDGET);
    }
    if within { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
