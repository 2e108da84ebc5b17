//! How much a turn may do. A model that repeats itself ends by these bounds, and never by a timeout alone.

use std::collections::HashMap;
use std::time::Duration;

use crate::crypto::digest;

/// How often a turn asks its model.
const MAX_STEPS: u32 = 12;

/// How many tools it calls.
const MAX_CALLS: u32 = 24;

/// How often it makes the same call.
const MAX_SAME: u32 = 3;

/// How long a turn may take.
pub(super) const MAX_TIME: Duration = Duration::from_secs(240);

/// How many tokens an answer of the model may have.
pub(super) const MAX_OUTPUT_TOKENS: u32 = 8192;

/// The instructions and the definitions of tools, in tokens.
const CONSTANT_TOKENS: u32 = 6000;

/// How many bytes of text are a token at least, in most languages.
const BYTES_OF_TOKEN: usize = 3;

/// How long the history in a request to the model may be, in bytes: what a context of this many tokens has
/// besides what every request and every answer may take.
pub(super) fn history_bytes(context_tokens: u32) -> usize {
    let tokens = context_tokens.saturating_sub(CONSTANT_TOKENS + MAX_OUTPUT_TOKENS);
    usize::try_from(tokens).unwrap_or(usize::MAX).saturating_mul(BYTES_OF_TOKEN)
}

/// How many tokens a request with this many bytes of history has at most, in most languages.
pub(super) fn request_tokens(history_bytes: usize) -> u64 {
    u64::from(CONSTANT_TOKENS).saturating_add(tokens(history_bytes))
}

/// How many tokens this many bytes are at most, in most languages.
pub(super) fn tokens(bytes: usize) -> u64 {
    u64::try_from(bytes.div_ceil(BYTES_OF_TOKEN)).unwrap_or(u64::MAX)
}

/// That a bound is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reached;

/// What a turn has done.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    pub(super) steps: u32,
    pub(super) calls: u32,
    /// How often each call was made, by its digest.
    same: HashMap<String, u32>,
}

impl Bounds {
    /// Counts a request to the model.
    ///
    /// # Errors
    /// Where there were as many as there may be.
    pub(super) fn step(&mut self) -> Result<(), Reached> {
        self.steps += 1;
        if self.steps > MAX_STEPS { Err(Reached) } else { Ok(()) }
    }

    /// Counts a call.
    ///
    /// # Errors
    /// Where there were as many as there may be, or this one was made too often.
    pub(super) fn call(&mut self, name: &str, arguments: &str) -> Result<(), Reached> {
        self.calls += 1;
        let same = self.same.entry(digest::sha256(format!("{name}\n{arguments}"))).or_default();
        *same += 1;
        if self.calls > MAX_CALLS || *same > MAX_SAME { Err(Reached) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_takes_12_steps_and_24_calls() {
        let mut bounds = Bounds::default();
        let steps = (0..20).take_while(|_| bounds.step().is_ok()).count();
        let calls = (0..40).take_while(|n| bounds.call("search", &n.to_string()).is_ok()).count();
        assert_eq!((steps, calls), (12, 24));
    }

    #[test]
    fn a_history_leaves_room_in_the_context_for_the_rest() {
        assert_eq!(history_bytes(100_000), 257_424);
        let whole = request_tokens(history_bytes(100_000)) + u64::from(MAX_OUTPUT_TOKENS);
        assert_eq!(whole, 100_000);
        assert_eq!(history_bytes(1000), 0);
    }

    #[test]
    fn the_same_call_is_made_three_times() {
        let mut bounds = Bounds::default();
        for _ in 0..3 {
            assert_eq!(bounds.call("search", "{}"), Ok(()));
            assert_eq!(bounds.call("search", "{\"a\":1}"), Ok(()));
        }
        assert_eq!(bounds.call("fetch", "{}"), Ok(()), "another tool");
        assert_eq!(bounds.call("search", "{}"), Err(Reached));
    }
}
