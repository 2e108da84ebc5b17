//! `cargo bench -p byline-bench --bench rendering`: a search for bodies that are slow to render, to import,
//! to compare or to review.
//!
//! A run takes every construct alone, and others of the pairs and random bodies than the run before; with
//! `BYLINE_BENCH_BODIES=all`, it takes all. Each body is taken at a sixteenth of the limit. Those that would
//! exceed their budget at the whole limit, if their time grew with the square of their length, are taken at
//! a quarter of it, and those of them that still would at the whole limit. The slowest are printed. It fails
//! if one exceeds it. `BYLINE_TEST_SEED` repeats the bodies of a run. Words on the command line choose among
//! the works: `-- review`.

mod browser;
mod connection;
mod imports;
mod reviews;

#[path = "../../tests/it/hostile_markdown/bodies.rs"]
mod bodies;
#[path = "../../tests/it/hostile_markdown/search.rs"]
mod search;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use byline_shared::model::Markdown;
use byline_shared::publishing::{Sections, findings, to_html};

use self::bodies::Body;
use self::reviews::{CHANGES, ROOM, Reviews};
use self::search::Timed;

/// Whatever went wrong: the benchmark ends and says what it was.
type Error = Box<dyn std::error::Error + Send + Sync>;

/// How long any body may take.
const BUDGET: Duration = Duration::from_secs(1);

/// How long the answer of a review may take.
const REVIEW_BUDGET: Duration = Duration::from_secs(2);

/// The lengths of the bodies, one after the other.
const LENGTHS: [usize; 3] =
    [Markdown::MAX_BYTES / 16, Markdown::MAX_BYTES / 4, Markdown::MAX_BYTES];

/// How many random bodies there are.
const RANDOM: usize = 20_000;

/// How many of the pairs and random bodies a run takes, unless it takes all.
const SAMPLE: usize = 6_000;

/// How many of its bodies it takes over HTTP, where each costs up to five requests.
const SAMPLE_OVER_HTTP: usize = 1_000;

/// How many are taken at every length at least, and printed.
const SHOWN: usize = 12;

/// What is done with a body: answers with what became of it.
type Work = fn(&str) -> String;

const WORKS: [(&str, Work); 6] = [
    ("to_html", |text| match to_html(text) {
        Ok(html) => format!("{} bytes", html.len()),
        Err(fault) => format!("refused: {fault:?}"),
    }),
    ("Sections::parse", |text| format!("{} sections", Sections::parse(text).0.len())),
    ("findings", |text| {
        let body = Markdown::trusted(text);
        let fields = byline_shared::examples::revision().summary.fields;
        format!("{} findings", findings::of(None, &fields, &body, "").len())
    }),
    ("import from Ghost", imports::ghost),
    ("import from WordPress", imports::wordpress),
    ("import of Markdown", imports::markdown),
];

fn main() -> ExitCode {
    let seed = std::env::var("BYLINE_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(1..1_000_000));
    match run(seed) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("The benchmark ended early: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything keeps its budget.
fn run(seed: u64) -> Result<bool, Error> {
    let words: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word));
    let mut random = fastrand::Rng::with_seed(seed);
    let mut others = bodies::at_random(&mut random, RANDOM);
    others.extend(bodies::pairs());
    let mut bodies = bodies::alone();
    let mut few = SAMPLE_OVER_HTTP;
    if std::env::var("BYLINE_BENCH_BODIES").is_ok_and(|which| which == "all") {
        few = bodies.len() + others.len();
    } else {
        random.shuffle(&mut others);
        others.truncate(SAMPLE);
    }
    bodies.extend(others);
    random.shuffle(&mut bodies);
    println!("{} bodies, {few} of them over HTTP, BYLINE_TEST_SEED={seed}", bodies.len());
    let mut within = true;
    for (name, work) in WORKS {
        if is_wanted(name) {
            let timed = |text: &str| search::timed(|| work(text));
            within &= slowest(name, timed, &bodies, LENGTHS, BUDGET);
        }
    }
    let (few, [short, middle, whole]) = (&bodies[..few], LENGTHS);
    let lengths = [short, middle, whole - ROOM];
    for (how, change) in CHANGES {
        let name = format!("difference, {how}");
        if is_wanted(&name) {
            let mut runner = Reviews::start()?;
            let ask = |text: &str| runner.difference(change, text);
            within &= slowest(&name, ask, few, lengths, BUDGET);
        }
        let name = format!("review, {how}");
        if is_wanted(&name) {
            let mut runner = Reviews::start()?;
            let ask = |text: &str| runner.review(change, text);
            within &= slowest(&name, ask, few, lengths, REVIEW_BUDGET);
        }
    }
    Ok(within)
}

/// Prints the slowest bodies of a work, and says whether all are within the budget.
fn slowest(
    name: &str,
    work: impl FnMut(&str) -> Timed,
    bodies: &[Body],
    lengths: [usize; 3],
    budget: Duration,
) -> bool {
    let started = Instant::now();
    let found = search::slowest(work, bodies, &lengths, SHOWN, budget);
    let lengths = lengths.map(|length| format!("{length} bytes")).join(" | ");
    println!("\n| {name}, ≤ {budget:?} | {lengths} | |\n|---|---|---|---|---|");
    for found in found.iter().take(SHOWN) {
        println!("{}", found.row());
    }
    let (many, time) = (found.len(), started.elapsed().as_secs_f64());
    println!("\n{many} of {} at the greatest length, in {time:.0} s.", bodies.len());
    found.iter().all(|found| found.time() <= budget)
}
