//! Tells people what waits for their decision, what became of their proposals, and which schedules ended.

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use byline_shared::endpoint::BoxFuture;
use byline_shared::examples;
use byline_shared::mail;
use byline_shared::model::{News, NewsEvent};
use byline_shared::prelude::*;
use byline_shared::store::keys::{
    self, MAIL_PREFIX, NEWS_PREFIX, POST_PREFIX, PROPOSAL_PREFIX, TOLD_PREFIX, USER_PREFIX,
};
use byline_shared::worker::{NewItems, Trigger, Worker, new_item};

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-news",
    module: module_path!(),
    summary: "Tell people of proposals, decisions and ended schedules",
    trigger: Trigger::NewItems(NewItems { table: Content, prefix: NEWS_PREFIX, example, handle }),
    permissions: &[
        Permission::Items(Content, NEWS_PREFIX, &[DeleteItem, GetItem]),
        Permission::Items(Content, PROPOSAL_PREFIX, &[GetItem]),
        Permission::Items(Content, POST_PREFIX, &[GetItem]),
        // The people who may decide.
        Permission::Index(Identity, "gsi1"),
        Permission::Items(Identity, USER_PREFIX, &[GetItem]),
        Permission::Items(Identity, TOLD_PREFIX, &[PutItem, UpdateItem]),
        Permission::Items(Identity, MAIL_PREFIX, &[PutItem]),
    ],
};

fn example() -> Event {
    let proposal_id = examples::PROPOSAL_ID.parse().expect("the constant is an id");
    let news = News::Proposal { proposal_id, event: NewsEvent::Made };
    new_item(&keys::news(&news), &news)
}

fn handle(cx: &Context, record: EventRecord) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(async move {
        let news: News =
            serde_dynamo::from_item(record.change.new_image).map_err(Problem::internal)?;
        mail::tell(cx, &news).await
    })
}
