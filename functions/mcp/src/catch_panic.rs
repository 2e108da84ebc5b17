//! Turns a panic in a tool into an error.

use std::panic::AssertUnwindSafe;

use byline_shared::http::problem::Problem;
use futures_util::FutureExt;

/// Runs `work`; a panic becomes a 500. Calls run in tasks of their own, and the other side would
/// otherwise wait forever for the result of a task that panicked.
///
/// # Errors
/// Those of `work`; 500 for a panic.
pub(crate) async fn catch_panic<T>(
    work: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    let outcome = AssertUnwindSafe(work).catch_unwind().await;
    // The panic hook has already logged the message.
    outcome.unwrap_or_else(|_| Err(Problem::internal("a panic while answering an agent")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_500() {
        async fn faulty() -> Result<(), Problem> {
            panic!("on purpose")
        }
        let outcome = catch_panic(faulty()).now_or_never().unwrap();
        let problem = outcome.unwrap_err();
        assert_eq!(problem.code.status(), 500);
    }
}
