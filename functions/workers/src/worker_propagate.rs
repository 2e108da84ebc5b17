//! Propagates a change of a tag, an author or a right to its posts.

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use byline_shared::endpoint::BoxFuture;
use byline_shared::model::Slug;
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::keys::{self, PROPAGATION_PREFIX, USER_PREFIX};
use byline_shared::store::propagation::{Changed, PropagationJob};
use byline_shared::worker::{NewItems, Trigger, Worker, new_item};

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-propagate",
    module: module_path!(),
    summary: "Propagate a change of a tag, an author or a right to its posts",
    trigger: Trigger::NewItems(NewItems {
        table: Content,
        prefix: PROPAGATION_PREFIX,
        example,
        handle,
    }),
    permissions: &[
        publishing::PUBLISH,
        Permission::Index(Content, "gsi1"),
        Permission::Index(Content, "gsi2"),
        // Whether the account that scheduled a post may still publish.
        Permission::Items(Identity, USER_PREFIX, &[GetItem]),
    ],
};

fn example() -> Event {
    let id = "job_01JD9ZN5V8Q2M4T6W8X0Y2Z4G0".parse().expect("the constant is an id");
    let job = PropagationJob { id, change: Changed::Tag(Slug::trusted("field-notes")) };
    new_item(&keys::propagation_job(&job.id), &job)
}

fn handle(cx: &Context, record: EventRecord) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(async move {
        let job: PropagationJob =
            serde_dynamo::from_item(record.change.new_image).map_err(Problem::internal)?;
        publishing::propagate(cx, &job).await
    })
}
