//! Writes the daily mail about what waits to everybody who chose it.

use byline_shared::endpoint::BoxFuture;
use byline_shared::mail;
use byline_shared::prelude::*;
use byline_shared::store::keys::{MAIL_PREFIX, TOLD_PREFIX, USER_PREFIX};
use byline_shared::worker::{Trigger, Worker};

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-digest",
    module: module_path!(),
    summary: "Write the daily mail about what waits",
    trigger: Trigger::Every { minutes: 24 * 60, run },
    permissions: &[
        // The people who may decide, with their choices.
        Permission::Index(Identity, "gsi1"),
        Permission::Items(Identity, USER_PREFIX, &[GetItem]),
        Permission::Items(Identity, TOLD_PREFIX, &[PutItem]),
        Permission::Items(Identity, MAIL_PREFIX, &[PutItem]),
    ],
};

fn run(cx: &Context) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(mail::send_digests(cx))
}
