//! A panic while a request is answered is a fault of ours like any other, and has an answer.

use std::panic::AssertUnwindSafe;

use byline_shared::http::problem::Problem;
use futures_util::FutureExt;

/// What work comes to; 500 where it panics. `rmcp` runs it as a task of its own, and waits for ever
/// for the answer of one that is gone.
pub(crate) async fn unless_it_panics<T>(
    work: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    let outcome = AssertUnwindSafe(work).catch_unwind().await;
    // What it said went to the log when it was said.
    outcome.unwrap_or_else(|_| Err(Problem::internal("a panic while answering over MCP")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer() {
        async fn faulty() -> Result<(), Problem> {
            panic!("on purpose")
        }
        let outcome = unless_it_panics(faulty()).now_or_never().unwrap();
        let problem = outcome.unwrap_err();
        assert_eq!(problem.code.status(), 500);
    }
}
