//! Publishes what has an scheduled. EventBridge Scheduler calls it at the time; the post decides
//! whether the scheduled still stands.

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
    summary: "Make a revision live at its scheduled",
    trigger: Trigger::Called { example, run },
    permissions: &[publishing::PUBLISH],
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
