//! Sends mails that are still in the outbox after their time: after an outage of SES, or if the stream
//! gave up on them.
//!
//! If SES rejects a mail, the worker does not fail: the mail stays in the outbox and is retried.

use byline_shared::endpoint::BoxFuture;
use byline_shared::mail;
use byline_shared::prelude::*;
use byline_shared::worker::{Trigger, Worker};

use crate::worker_mail::MAIL_PERMISSIONS;

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-outbox",
    module: module_path!(),
    summary: "Retry late mails",
    trigger: Trigger::Every { minutes: 5, run },
    permissions: MAIL_PERMISSIONS,
};

/// How many mails one run sends at most.
const BATCH: u16 = 50;

fn run(cx: &Context) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(async move {
        for id in cx.store.outbox().list_due(cx.clock.now(), BATCH).await? {
            mail::deliver(cx, &id).await?;
        }
        Ok(())
    })
}
