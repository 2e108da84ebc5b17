//! Calls the publishing worker when a schedule's time has come, by this process's clock.

use std::sync::Arc;
use std::time::Duration;

use byline_shared::Context;
use byline_shared::clock::Clock;
use byline_shared::endpoint::BoxFuture;
use byline_shared::http::problem::Problem;
use serde_json::Value;

use crate::aws::Aws;

/// How often the clock is looked at.
const INTERVAL: Duration = Duration::from_secs(1);

/// The worker that schedules call.
#[derive(Clone)]
pub(crate) struct Appointments {
    pub(crate) aws: Arc<Aws>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) context: Context,
    pub(crate) run: for<'a> fn(&'a Context, Value) -> BoxFuture<'a, Result<(), Problem>>,
}

impl Appointments {
    /// Keeps appointments for as long as the process runs. What was due while it did not is kept
    /// at the start.
    pub(crate) async fn keep_for_ever(self) {
        let mut ticks = tokio::time::interval(INTERVAL);
        loop {
            ticks.tick().await;
            self.keep().await;
        }
    }

    /// Calls for every schedule whose time has come. One that fails stays, and calls again.
    pub(crate) async fn keep(&self) {
        let schedules = self.aws.schedules();
        for (name, input) in schedules.due(self.clock.now()) {
            match (self.run)(&self.context, input).await {
                Ok(()) => {
                    if let Err(cause) = schedules.remove(&name) {
                        tracing::error!(%cause, name, "a schedule that called cannot be removed");
                    }
                }
                Err(problem) if problem.code.status() < 500 => {
                    tracing::error!(name, why = problem.detail, "an appointment cannot be kept");
                    if let Err(cause) = schedules.remove(&name) {
                        tracing::error!(%cause, name, "a schedule that called cannot be removed");
                    }
                }
                Err(problem) => {
                    tracing::error!(name, cause = ?problem.cause, "failed; it calls again");
                }
            }
        }
    }
}
