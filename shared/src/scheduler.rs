//! EventBridge Scheduler: calls the publishing worker at a time, once.
//!
//! The head of a post is the source of truth, not the scheduler. A call that comes twice, or for a
//! schedule that the post no longer has, does nothing.

use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::error::ProvideErrorMetadata;
use aws_sdk_scheduler::types::{
    ActionAfterCompletion, FlexibleTimeWindow, FlexibleTimeWindowMode, Target,
};

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{PostId, ScheduleId, Time};

/// The payload of a call: which schedule of which post is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledPost {
    /// The post.
    pub post_id: PostId,
    /// The schedule. A post that has another one by now ignores the call.
    pub schedule_id: ScheduleId,
}

/// Creates a call at `at`, to the second. It deletes itself after the call.
///
/// # Errors
/// 503 where the scheduler does not answer; 500 where this deployment has none.
pub(crate) async fn create(
    cx: &Context,
    scheduled: &ScheduledPost,
    at: Time,
) -> Result<(), Problem> {
    let config = cx.config.scheduler.as_ref();
    let config = config.ok_or_else(|| Problem::internal("no scheduler is configured"))?;
    let input = serde_json::to_string(scheduled).map_err(Problem::internal)?;
    let target = Target::builder().arn(&config.target).role_arn(&config.role).input(input);
    let window = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off);
    // `at(yyyy-mm-ddThh:mm:ss)`, without fractions or a zone.
    let time = at.to_string();
    let made = Client::new(&cx.sdk)
        .create_schedule()
        .name(scheduled.schedule_id.as_str())
        .group_name(&config.group)
        .schedule_expression(format!("at({})", &time[..19]))
        .schedule_expression_timezone("UTC")
        .flexible_time_window(window.build().map_err(Problem::internal)?)
        .target(target.build().map_err(Problem::internal)?)
        .action_after_completion(ActionAfterCompletion::Delete)
        .client_token(scheduled.schedule_id.as_str())
        .send()
        .await;
    match made {
        Ok(_) => Ok(()),
        // The answer to an earlier attempt was lost.
        Err(error) if error.code() == Some("ConflictException") => Ok(()),
        Err(error) => Err(Problem::unavailable(error)),
    }
}

/// Deletes a call. If that fails, the call comes and does nothing.
pub(crate) async fn cancel(cx: &Context, id: &ScheduleId) {
    let Some(config) = cx.config.scheduler.as_ref() else { return };
    let request = Client::new(&cx.sdk).delete_schedule().name(id.as_str());
    if let Err(error) = request.group_name(&config.group).send().await
        && error.code() != Some("ResourceNotFoundException")
    {
        tracing::warn!(%id, cause = ?error, "a schedule could not be removed; its call does nothing");
    }
}
