//! Refusals where somebody else has written in the meantime.

use crate::http::if_match;
use crate::http::problem::{Code, Problem};
use crate::model::Slug;

/// How many times a write is tried that met another one, where the caller named no version.
pub(super) const ATTEMPTS: u32 = 8;

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
