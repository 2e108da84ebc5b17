//! Concurrent writes: retries, and the refusals when they do not help.

use crate::http::if_match;
use crate::http::problem::{Code, Problem};
use crate::model::Slug;

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

/// 412: the post has another version than the caller saw.
pub(super) fn stale(version: u64) -> Problem {
    if_match::stale("The post", version)
}

/// 409: another post has the slug.
pub(super) fn slug_taken(slug: &Slug) -> Problem {
    let detail = format!("Another post has the slug {slug}. Choose another one.");
    Problem::new(Code::SlugTaken, detail)
}

/// 409: every attempt met another write.
pub(super) fn busy() -> Problem {
    let detail =
        "Others are changing this at the same time. Read it again, then repeat the request.";
    Problem::new(Code::EditConflict, detail)
}

/// 409: the proposal was decided in the meantime.
pub(super) fn decided() -> Problem {
    let detail = "This proposal is already approved, rejected or withdrawn. Read it to see its \
                  status.";
    Problem::new(Code::ProposalDecided, detail)
}
