//! Sends the mails that should have left the outbox long ago: after an outage of SES, or where the
//! stream gave up.

use byline_shared::endpoint::BoxFuture;
use byline_shared::mail;
use byline_shared::prelude::*;
use byline_shared::worker::{Trigger, Worker};

use crate::worker_mail::MAIL_GRANTS;

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-outbox",
    module: module_path!(),
    summary: "Try late mails again",
    trigger: Trigger::Every { minutes: 5, run },
    permissions: MAIL_GRANTS,
};

/// How many mails one run takes on.
const BATCH: u16 = 50;

fn run(cx: &Context) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(async move {
        for id in cx.store.outbox().list_due(cx.clock.now(), BATCH).await? {
            mail::deliver(cx, &id).await?;
        }
        Ok(())
    })
}
