//! The two tiers of the suite, and the seed of random tests.
//!
//! `cargo test` runs the quick tier: every test, with smaller numbers. `BYLINE_TESTS=full` runs the
//! full tier. docs/TESTING.md explains both.

use std::env;
use std::io::Write;
use std::sync::OnceLock;

/// How much a test does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tier {
    Quick,
    Full,
}

/// The tier of this run: `BYLINE_TESTS` is `full`, or `quick`, or not set.
pub(crate) fn tier() -> Tier {
    static TIER: OnceLock<Tier> = OnceLock::new();
    *TIER.get_or_init(|| match env::var("BYLINE_TESTS").as_deref() {
        Ok("full") => Tier::Full,
        Ok("" | "quick") | Err(_) => Tier::Quick,
        Ok(other) => panic!("BYLINE_TESTS={other}: use quick or full"),
    })
}

impl Tier {
    /// The number for this tier.
    pub(crate) fn pick<T>(self, quick: T, full: T) -> T {
        match self {
            Self::Quick => quick,
            Self::Full => full,
        }
    }
}

/// Whether this is the full tier. If not, names the test that is left out.
pub(crate) fn full_only(test: &str) -> bool {
    if tier() == Tier::Full {
        return true;
    }
    say(&format!("full tier only: {test}"));
    false
}

/// The seed of this run's random tests: `BYLINE_TEST_SEED`, else a fresh one in the full tier and
/// a fixed one in the quick tier. It is printed, so that a failure can be repeated.
pub(crate) fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        let seed = match number("BYLINE_TEST_SEED") {
            Some(seed) => seed,
            // Six digits: short enough to type.
            None => tier().pick(1, fastrand::u64(1..1_000_000)),
        };
        say(&format!("BYLINE_TEST_SEED={seed}"));
        seed
    })
}

/// A number from the environment.
pub(crate) fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable}={text}: use a number")))
}

/// Prints a line even if the test passes: libtest captures only what `println!` and `eprintln!`
/// write.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
