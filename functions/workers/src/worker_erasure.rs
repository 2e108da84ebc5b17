//! Takes the name of a deleted account off everything it wrote: drafts, published pages and lists.

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use shared::endpoint::BoxFuture;
use shared::prelude::*;
use shared::publishing;
use shared::store::keys::{self, ERASURE_PREFIX};
use shared::store::users::ErasureItem;
use shared::worker::{NewItems, Trigger, Worker, new_item};

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-erasure",
    module: module_path!(),
    summary: "Take a deleted account's name off its posts",
    trigger: Trigger::NewItems(NewItems {
        table: Identity,
        prefix: ERASURE_PREFIX,
        example,
        handle,
    }),
    grants: &[
        Grant::Items(Identity, ERASURE_PREFIX, &[DeleteItem]),
        Grant::Table(Content, &[GetItem, PutItem, UpdateItem]),
        Grant::Index(Content, "gsi2"),
    ],
};

fn example() -> Event {
    let user_id = shared::examples::user().id;
    new_item(&keys::erasure(&user_id), &ErasureItem { user_id })
}

fn handle(cx: &Context, record: EventRecord) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(async move {
        let erasure: ErasureItem =
            serde_dynamo::from_item(record.change.new_image).map_err(Problem::internal)?;
        publishing::erase_author(cx, &erasure.user_id).await?;
        Ok(cx.store.delete_erasure(&erasure.user_id).await?)
    })
}
