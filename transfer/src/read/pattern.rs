//! Patterns that are written in the source.

use regex::Regex;

/// The pattern, which is a constant and therefore right.
pub(super) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a constant")
}
