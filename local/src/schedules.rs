//! Runs the publishing worker for each schedule that is due, as EventBridge Scheduler does. The time
//! is this process's clock. [`crate::aws`] keeps the schedules.

use std::sync::Arc;
use std::time::Duration;

use byline_shared::Context;
use byline_shared::clock::Clock;
use byline_shared::endpoint::BoxFuture;
use byline_shared::http::RequestInfo;
use byline_shared::http::problem::Problem;
use serde_json::Value;

use crate::aws::Aws;

/// How often the schedules are compared with the clock.
const INTERVAL: Duration = Duration::from_secs(1);

/// Calls the worker of the one-time schedules.
#[derive(Clone)]
pub(crate) struct ScheduleRunner {
    pub(crate) aws: Arc<Aws>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) context: Context,
    pub(crate) run: for<'a> fn(&'a Context, Value) -> BoxFuture<'a, Result<(), Problem>>,
}

impl ScheduleRunner {
    /// Runs due schedules until the task is dropped. Those that were missed while no process ran are
    /// run at once.
    pub(crate) async fn run_forever(self) {
        let mut ticks = tokio::time::interval(INTERVAL);
        loop {
            ticks.tick().await;
            self.run_due().await;
        }
    }

    /// Calls the worker for every schedule that is due. If it fails, the schedule stays and is run again.
    pub(crate) async fn run_due(&self) {
        let schedules = self.aws.schedules();
        for (name, input) in schedules.due(self.clock.now()) {
            let context = self.context.for_request(RequestInfo::none());
            if let Err(Problem { code, cause, .. }) = (self.run)(&context, input).await {
                tracing::error!(
                    name,
                    code = code.as_str(),
                    ?cause,
                    "a schedule failed, will retry"
                );
                continue;
            }
            if let Err(cause) = schedules.remove(&name) {
                tracing::error!(%cause, name, "cannot remove a schedule that has run");
            }
        }
    }
}
