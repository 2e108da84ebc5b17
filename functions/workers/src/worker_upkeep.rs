//! Carries a change of a tag or an author to the posts it concerns.

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use byline_shared::endpoint::BoxFuture;
use byline_shared::model::Slug;
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::keys::{self, UPKEEP_PREFIX};
use byline_shared::store::upkeep::{Changed, UpkeepItem};
use byline_shared::worker::{NewItems, Trigger, Worker, new_item};

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-upkeep",
    module: module_path!(),
    summary: "Carry a change of a tag or an author to its posts",
    trigger: Trigger::NewItems(NewItems { table: Content, prefix: UPKEEP_PREFIX, example, handle }),
    permissions: &[
        publishing::PUBLISH,
        Permission::Index(Content, "gsi1"),
        Permission::Index(Content, "gsi2"),
    ],
};

fn example() -> Event {
    let id = "work_01JD9ZN5V8Q2M4T6W8X0Y2Z4G0".parse().expect("the constant is an id");
    let upkeep = UpkeepItem { id, change: Changed::Tag(Slug::trusted("field-notes")) };
    new_item(&keys::upkeep(&upkeep.id), &upkeep)
}

fn handle(cx: &Context, record: EventRecord) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(async move {
        let upkeep: UpkeepItem =
            serde_dynamo::from_item(record.change.new_image).map_err(Problem::internal)?;
        publishing::carry(cx, &upkeep).await
    })
}
