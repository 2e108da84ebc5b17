//! Publishes a scheduled revision. EventBridge Scheduler calls this worker at the scheduled time. If the
//! schedule was cancelled or changed since, the post says so, and nothing is published. It fails only for
//! what a later call may not meet again.

use byline_shared::endpoint::BoxFuture;
use byline_shared::examples;
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::scheduler::ScheduledPost;
use byline_shared::worker::{Trigger, Worker};
use serde_json::Value;

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-publish",
    module: module_path!(),
    summary: "Publish a scheduled revision",
    trigger: Trigger::Called { example, run },
    permissions: &[
        publishing::PUBLISH,
        publishing::HISTORY,
        // Whether the account that scheduled it may still publish.
        publishing::HOLD_RIGHTS,
    ],
};

fn example() -> Value {
    let scheduled = ScheduledPost {
        post_id: examples::POST_ID.parse().expect("the constant is an id"),
        schedule_id: examples::SCHEDULE_ID.parse().expect("the constant is an id"),
    };
    serde_json::to_value(scheduled).expect("ids can be written as JSON")
}

fn run(cx: &Context, input: Value) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(async move {
        let scheduled: ScheduledPost = serde_json::from_value(input).map_err(Problem::internal)?;
        publishing::run_scheduled(cx, &scheduled).await
    })
}
