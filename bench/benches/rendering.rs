//! `cargo bench -p byline-bench --bench rendering`: a search for bodies that are slow to render.
//!
//! Every body of the generator is rendered at a sixteenth of the limit. The slowest of them are
//! rendered at the whole limit, and those that take longest are printed. It fails if one takes longer
//! than [`BUDGET`]. `BYLINE_TEST_SEED` repeats the random bodies of a run.

#[path = "../../tests/it/hostile_markdown/bodies.rs"]
mod bodies;

use std::collections::HashSet;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use bodies::Body;
use byline_shared::model::Markdown;
use byline_shared::publishing::{Sections, to_html};

/// How long any body may take.
const BUDGET: Duration = Duration::from_secs(1);

/// The length of a body, at the limit.
const WHOLE: usize = Markdown::MAX_BYTES;

/// The length that all are rendered at first.
const SHORT: usize = WHOLE / 16;

/// How many are rendered at the whole length, by how long they took at the short one.
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
        Err(fault) => format!("refused: {fault}"),
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
        within &= search(name, work, &bodies);
    }
    if within { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints the slowest bodies; whether all are within the budget.
fn search(name: &str, work: Work, bodies: &[Body]) -> bool {
    let mut short = timed(work, bodies.iter(), SHORT);
    let mut seen = HashSet::new();
    short.retain(|found| seen.insert(found.body.name()));
    short.truncate(FOLLOWED);
    let whole = timed(work, short.iter().map(|found| found.body), WHOLE);
    println!("\n| {name} | at {WHOLE} bytes | at {SHORT} bytes | |\n|---|---|---|---|");
    for found in whole.iter().take(SHOWN) {
        let before = short.iter().find(|other| std::ptr::eq(other.body, found.body));
        let before = before.map_or(Duration::ZERO, |other| other.time);
        println!(
            "| `{}` | {:.3} s | {:.4} s | {} |",
            found.body.name(),
            found.time.as_secs_f64(),
            before.as_secs_f64(),
            found.outcome
        );
    }
    whole.first().is_none_or(|slowest| slowest.time <= BUDGET)
}

/// A body with how long it took.
struct Found<'a> {
    body: &'a Body,
    time: Duration,
    outcome: String,
}

/// Does the work with each body, and sorts them, the slowest first.
fn timed<'a>(work: Work, bodies: impl Iterator<Item = &'a Body>, length: usize) -> Vec<Found<'a>> {
    let measure = |body: &'a Body| {
        let text = body.text(length);
        let started = Instant::now();
        let outcome = work(&text);
        let mut time = started.elapsed();
        if time > BUDGET / 2 {
            // Once more: another process may have had the core.
            let started = Instant::now();
            work(&text);
            time = time.min(started.elapsed());
        }
        Found { body, time, outcome }
    };
    let mut found: Vec<Found<'_>> = bodies.map(measure).collect();
    found.sort_by_key(|found| std::cmp::Reverse(found.time));
    found
}
