//! Deletes posts that have been in the trash for 30 days.

use byline_shared::auth::audit;
use byline_shared::endpoint::BoxFuture;
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::worker::{Trigger, Worker};

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-trash",
    module: module_path!(),
    summary: "Delete posts that have been in the trash for 30 days",
    trigger: Trigger::Every { minutes: 24 * 60, run },
    permissions: &[
        Permission::Table(Content, &[DeleteItem, GetItem, Query]),
        Permission::Index(Content, "gsi1"),
        audit::AUDIT_PERMISSION,
    ],
};

fn run(cx: &Context) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(publishing::empty_trash(cx))
}
