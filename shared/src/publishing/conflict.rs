//! Concurrent writes: retries, and the refusal when they do not help.

use crate::http::problem::{Code, Problem};

/// Attempts of a write that conflicts with others.
const ATTEMPTS: u32 = 8;

/// The outcome of one attempt of a write.
pub(super) enum Attempt<T> {
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
pub(super) async fn retry_on_conflict<T, F>(attempt: impl Fn() -> F) -> Result<T, Problem>
where
    F: Future<Output = Result<Attempt<T>, Problem>>,
{
    for _ in 0..ATTEMPTS {
        if let Attempt::Done(value) = attempt().await? {
            return Ok(value);
        }
    }
    Err(busy())
}

/// 409: every attempt met another write.
pub(super) fn busy() -> Problem {
    let detail =
        "Others are changing this at the same time. Read it again, then repeat the request.";
    Problem::new(Code::EditConflict, detail)
}
