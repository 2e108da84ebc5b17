//! Rotates the keys that sign access tokens. Runs daily, and does the steps that are due.

use byline_shared::auth::audit;
use byline_shared::endpoint::BoxFuture;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::prelude::*;
use byline_shared::store::keys;
use byline_shared::worker::{Trigger, Worker};

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-keys",
    module: module_path!(),
    summary: "Rotate the keys that sign access tokens",
    trigger: Trigger::Every { minutes: 24 * 60, run },
    permissions: &[
        Permission::Items(Identity, keys::SIGNING_KEYS, &[PutItem, UpdateItem]),
        Permission::TokenSecret,
        Permission::RotateTokenSecret,
        audit::AUDIT_PERMISSION,
    ],
};

fn run(cx: &Context) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(async move {
        if cx.secrets.token.rotate().await? {
            AuditEntry::new(cx, Event::KeysRotated).record(cx).await;
        }
        Ok(())
    })
}
