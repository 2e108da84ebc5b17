//! Regular expressions, matched by the smallest engine of the crate `regex`.
//!
//! `regex::Regex` chooses among all its engines at run time, so that every function would link all of
//! them: about 300 kB. This engine is slower on long texts and takes linear time for each pattern.

use regex_automata::nfa::thompson::BuildError;
use regex_automata::nfa::thompson::pikevm::PikeVM;

/// A compiled regular expression.
pub struct Regex(PikeVM);

impl Regex {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// What is wrong with the pattern.
    pub fn new(pattern: &str) -> Result<Self, Box<BuildError>> {
        PikeVM::new(pattern).map(Self).map_err(Box::new)
    }

    /// Whether the pattern matches anywhere in the text.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(&mut self.0.create_cache(), text)
    }
}
