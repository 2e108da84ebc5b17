//! The search for the slowest of many bodies.

use std::time::{Duration, Instant};

use super::bodies::Body;

/// A body with how long it took.
pub(crate) struct Found<'a> {
    pub(crate) body: &'a Body,
    /// At the short length, and at the whole one.
    pub(crate) times: [Duration; 2],
    /// What became of the whole one.
    pub(crate) outcome: String,
}

impl Found<'_> {
    /// A row of a Markdown table.
    pub(crate) fn row(&self) -> String {
        let [short, whole] = self.times.map(|time| time.as_secs_f64());
        let name = self.body.name().replace('|', "\\|");
        format!("| `{name}` | {short:.4} s | {whole:.3} s | {} |", self.outcome)
    }
}

/// Does a work with each body at the short length, and with those that took longest, `followed` of
/// them, at the whole length. The slowest comes first. So a body whose time grows with the square of
/// its length is found without every body being taken at the whole length.
pub(crate) fn slowest<'a>(
    work: fn(&str) -> String,
    bodies: &'a [Body],
    [short, whole]: [usize; 2],
    followed: usize,
) -> Vec<Found<'a>> {
    let mut all: Vec<(Duration, &Body)> =
        bodies.iter().map(|body| (timed(work, body, short).0, body)).collect();
    all.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    let follow = |(before, body): (Duration, &'a Body)| {
        let (time, outcome) = timed(work, body, whole);
        // Once more, as another process may have had the core.
        let (again, _) = timed(work, body, whole);
        Found { body, times: [before, time.min(again)], outcome }
    };
    let mut found: Vec<Found<'_>> = all.into_iter().take(followed).map(follow).collect();
    found.sort_by_key(|found| std::cmp::Reverse(found.times[1]));
    found
}

fn timed(work: fn(&str) -> String, body: &Body, length: usize) -> (Duration, String) {
    let text = body.text(length);
    let started = Instant::now();
    let outcome = work(&text);
    (started.elapsed(), outcome)
}
