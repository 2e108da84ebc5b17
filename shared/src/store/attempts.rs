//! Writes that depend on what was read: they are repeated if another write came in between.

use crate::http::problem::{Code, Problem};

/// Attempts of a write that conflicts with others.
const ATTEMPTS: u32 = 8;

/// The outcome of one attempt of a write.
#[derive(Debug)]
pub enum Attempt<T> {
    /// It is done.
    Done(T),
    /// Another write came first.
    Conflict,
}

/// Reads, composes and writes until no other write comes in between. Each attempt must read
/// everything anew that its write depends on.
///
/// # Errors
/// 409 if every attempt meets another write; otherwise the error of the attempt.
pub async fn retry_on_conflict<T, F>(attempt: impl Fn() -> F) -> Result<T, Problem>
where
    F: Future<Output = Result<Attempt<T>, Problem>>,
{
    for _ in 0..ATTEMPTS {
        // On the heap: an attempt is large, and its callers are deep.
        if let Attempt::Done(value) = Box::pin(attempt()).await? {
            return Ok(value);
        }
    }
    Err(busy())
}

/// 409: every attempt met another write.
#[must_use]
pub fn busy() -> Problem {
    let detail = "Others are changing this at the same time. Read it again, then try again.";
    Problem::new(Code::EditConflict, detail)
}
