//! EventBridge Scheduler: calls the publishing worker at a time, once.
//!
//! The scheduler is no source of truth: the head of a post is. A call that comes too often, or that
//! no head agrees with any more, does nothing.

use aws_sdk_scheduler::Client;
use aws_sdk_scheduler::error::ProvideErrorMetadata;
use aws_sdk_scheduler::types::{
    ActionAfterCompletion, FlexibleTimeWindow, FlexibleTimeWindowMode, Target,
};

use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{ScheduleId, Time};
use crate::publishing::Appointment;

/// Orders a call at `at`, to the second, after which the schedule removes itself.
///
/// # Errors
/// 503 where the scheduler does not answer; 500 where this deployment has none.
pub(crate) async fn make(cx: &Context, appointment: &Appointment, at: Time) -> Result<(), Problem> {
    let config = cx.config.scheduler.as_ref();
    let config = config.ok_or_else(|| Problem::internal("no scheduler is configured"))?;
    let input = serde_json::to_string(appointment).map_err(Problem::internal)?;
    let target = Target::builder().arn(&config.target).role_arn(&config.role).input(input);
    let window = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off);
    // `at(yyyy-mm-ddThh:mm:ss)`, without fractions or a zone.
    let time = at.to_string();
    let made = Client::new(&cx.sdk)
        .create_schedule()
        .name(appointment.schedule_id.as_str())
        .group_name(&config.group)
        .schedule_expression(format!("at({})", &time[..19]))
        .schedule_expression_timezone("UTC")
        .flexible_time_window(window.build().map_err(Problem::internal)?)
        .target(target.build().map_err(Problem::internal)?)
        .action_after_completion(ActionAfterCompletion::Delete)
        .client_token(appointment.schedule_id.as_str())
        .send()
        .await;
    match made {
        Ok(_) => Ok(()),
        // The answer to an earlier attempt was lost.
        Err(error) if error.code() == Some("ConflictException") => Ok(()),
        Err(error) => Err(Problem::unavailable(error)),
    }
}

/// Takes a call back. If that fails, the call comes and does nothing.
pub(crate) async fn cancel(cx: &Context, id: &ScheduleId) {
    let Some(config) = cx.config.scheduler.as_ref() else { return };
    let request = Client::new(&cx.sdk).delete_schedule().name(id.as_str());
    if let Err(error) = request.group_name(&config.group).send().await
        && error.code() != Some("ResourceNotFoundException")
    {
        tracing::warn!(%id, cause = ?error, "a schedule could not be removed; its call does nothing");
    }
}
