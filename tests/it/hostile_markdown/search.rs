//! The search for the slowest of many bodies.

use std::time::{Duration, Instant};

use super::bodies::Body;

/// How long a work took, and what became of the text.
pub(crate) type Timed = (Duration, String);

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
    mut work: impl FnMut(&str) -> Timed,
    bodies: &'a [Body],
    [short, whole]: [usize; 2],
    followed: usize,
) -> Vec<Found<'a>> {
    let mut all: Vec<(Duration, &Body)> =
        bodies.iter().map(|body| (work(&body.text(short)).0, body)).collect();
    all.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    let follow = |(before, body): (Duration, &'a Body)| {
        let (time, outcome) = work(&body.text(whole));
        // Once more, as another process may have had the core.
        let (again, _) = work(&body.text(whole));
        Found { body, times: [before, time.min(again)], outcome }
    };
    let mut found: Vec<Found<'_>> = all.into_iter().take(followed).map(follow).collect();
    found.sort_by_key(|found| std::cmp::Reverse(found.times[1]));
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
