//! Deletes conversations that nobody used for 90 days, or as many as the configuration says, and completes
//! deletions that were interrupted.

use byline_shared::agent;
use byline_shared::auth::audit;
use byline_shared::endpoint::BoxFuture;
use byline_shared::prelude::*;
use byline_shared::store::keys;
use byline_shared::worker::{Trigger, Worker};

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-conversations",
    module: module_path!(),
    summary: "Delete conversations with the built-in agent that nobody used for long",
    trigger: Trigger::Every { minutes: 24 * 60, run },
    permissions: &[
        Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[DeleteItem, GetItem, PutItem, Query]),
        Permission::Items(Agent, keys::CONVERSATIONS_PREFIX, &[UpdateItem]),
        Permission::Index(Agent, "gsi2"),
        audit::AUDIT_PERMISSION,
    ],
};

fn run(cx: &Context) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(agent::delete_unused(cx))
}
