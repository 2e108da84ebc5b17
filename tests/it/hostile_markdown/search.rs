//! The search for the slowest of many bodies.

use std::time::{Duration, Instant};

use super::bodies::Body;

/// How long a work took, and what became of the text.
pub(crate) type Timed = (Duration, String);

/// A body with how long it took.
pub(crate) struct Found<'a> {
    pub(crate) body: &'a Body,
    /// At each length that it was taken at.
    pub(crate) times: Vec<Duration>,
    /// What became of it at the last of them.
    pub(crate) outcome: String,
}

impl Found<'_> {
    /// How long it took at the greatest length.
    pub(crate) fn time(&self) -> Duration {
        self.times.last().copied().unwrap_or_default()
    }

    /// A row of a Markdown table.
    pub(crate) fn row(&self) -> String {
        let times = self.times.iter().map(|time| format!("{:.3} s", time.as_secs_f64()));
        let name = self.body.name().replace('|', "\\|");
        format!("| `{name}` | {} | {} |", times.collect::<Vec<_>>().join(" | "), self.outcome)
    }
}

/// Does a work with each body at the first of some lengths, which grow. At each further length, it is done
/// with those that would exceed the budget at the last one if their time grew with the square of their
/// length, and with at least the slowest `fewest` of them. So a body whose time grows in that way, or less,
/// is found without every body being taken at the greatest length. The slowest at that length comes first.
pub(crate) fn slowest<'a>(
    mut work: impl FnMut(&str) -> Timed,
    bodies: &'a [Body],
    lengths: &[usize],
    fewest: usize,
    budget: Duration,
) -> Vec<Found<'a>> {
    let new = |body| Found { body, times: Vec::new(), outcome: String::new() };
    let mut found: Vec<Found<'_>> = bodies.iter().map(new).collect();
    let last = lengths.last().copied().unwrap_or_default();
    for length in lengths {
        for found in &mut found {
            let text = found.body.text(*length);
            let (mut time, outcome) = work(&text);
            if time > budget {
                // Once more, as another process may have had the core.
                time = time.min(work(&text).0);
            }
            found.times.push(time);
            found.outcome = outcome;
        }
        found.sort_by_key(|found| std::cmp::Reverse(found.time()));
        if *length < last {
            let growth = last as f64 / *length as f64;
            let may_exceed = |found: &Found<'_>| found.time() > budget.div_f64(growth * growth);
            let many = found.iter().take_while(|found| may_exceed(found)).count();
            found.truncate(many.max(fewest));
        }
    }
    found
}

/// Measures a work that does nothing but what is measured.
pub(crate) fn timed(work: impl FnOnce() -> String) -> Timed {
    let stopwatch = Stopwatch::start();
    let outcome = work();
    (stopwatch.elapsed(), outcome)
}

/// Measures time in which this process had a core: other processes take theirs from a work that lasts.
pub(crate) struct Stopwatch {
    started: Instant,
    used: Option<Duration>,
}

impl Stopwatch {
    /// Starts measuring.
    pub(crate) fn start() -> Self {
        Self { started: Instant::now(), used: cpu_time() }
    }

    /// The time since then, less what others took of it.
    pub(crate) fn elapsed(&self) -> Duration {
        let elapsed = self.started.elapsed();
        let used = self.used.zip(cpu_time()).map(|(before, now)| now.saturating_sub(before));
        used.map_or(elapsed, |used| elapsed.min(used + TICK))
    }
}

/// The unit in which Linux says how long a process has used a core.
const TICK: Duration = Duration::from_millis(10);

/// How long all threads of this process have used a core; `None` beside Linux.
fn cpu_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // After the name in parentheses come the state and ten numbers, then the ticks for this process and
    // those of the kernel for it.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u32>);
    let ticks = ticks.sum::<Result<u32, _>>().ok()?;
    Some(TICK * ticks)
}
