//! Completes the deletion of an account: removes its name from drafts, published posts and lists, from
//! the history of all posts, from proposals and from the audit log, and deletes the account's sessions and API keys, which no longer work at this point.

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use byline_shared::endpoint::BoxFuture;
use byline_shared::model::UserId;
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::keys::{self, API_KEYS_PREFIX, ERASURE_PREFIX, SESSIONS_PREFIX};
use byline_shared::store::users::ErasureItem;
use byline_shared::worker::{NewItems, Trigger, Worker, new_item};

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-erasure",
    module: module_path!(),
    summary: "Remove a deleted account's name from posts, their history and the audit log",
    trigger: Trigger::NewItems(NewItems {
        table: Identity,
        prefix: ERASURE_PREFIX,
        example,
        handle,
    }),
    permissions: &[
        Permission::Items(Identity, ERASURE_PREFIX, &[DeleteItem]),
        Permission::Items(Identity, SESSIONS_PREFIX, &[DeleteItem, Query]),
        Permission::Items(Identity, API_KEYS_PREFIX, &[DeleteItem, Query]),
        publishing::PUBLISH,
        Permission::Items(Content, keys::POST_PREFIX, &[Query]),
        Permission::Items(Content, keys::AUDIT, &[Query]),
        Permission::Index(Content, "gsi1"),
        Permission::Index(Content, "gsi2"),
    ],
};

fn example() -> Event {
    let user_id = byline_shared::examples::user().id;
    new_item(&keys::erasure(&user_id), &ErasureItem { user_id })
}

fn handle(cx: &Context, record: EventRecord) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(async move {
        let erasure: ErasureItem =
            serde_dynamo::from_item(record.change.new_image).map_err(Problem::internal)?;
        let user = &erasure.user_id;
        publishing::erase_author(cx, user).await?;
        publishing::erase_names(cx, user).await?;
        remove_credentials(cx, user).await?;
        Ok(cx.store.erasures().delete(user).await?)
    })
}

async fn remove_credentials(cx: &Context, user: &UserId) -> Result<(), Problem> {
    let first = PageParams { limit: 100, cursor: None };
    loop {
        let sessions = cx.store.sessions().list(user, &first).await?.items;
        let keys = cx.store.api_keys().list(user, &first).await?.items;
        if sessions.is_empty() && keys.is_empty() {
            return Ok(());
        }
        for session in sessions {
            cx.store.sessions().delete(user, &session.id).await?;
        }
        for key in keys {
            cx.store.api_keys().delete(user, &key.id).await?;
        }
    }
}
