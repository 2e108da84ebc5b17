//! Concurrent writes: the refusals when retries do not help.

pub(super) use crate::store::attempts::{Attempt, busy, retry_on_conflict};

use crate::http::if_match;
use crate::http::problem::{Code, Problem};
use crate::model::Slug;

/// 412: the post has another version than the caller saw.
pub(super) fn stale(version: u64) -> Problem {
    if_match::stale("The post", version)
}

/// 409: another post has the slug.
pub(super) fn slug_taken(slug: &Slug) -> Problem {
    let detail = format!("Another post has the slug {slug}. Choose another one.");
    Problem::new(Code::SlugTaken, detail)
}

/// 409: the proposal was decided in the meantime.
pub(super) fn decided() -> Problem {
    let detail = "This proposal is already approved, rejected or withdrawn. Read it to see its \
                  status.";
    Problem::new(Code::ProposalDecided, detail)
}
