//! Completes the deletion of an account: removes its profile, and its name from drafts, published posts and
//! lists, from the history of all posts, from proposals and from the audit log, and deletes the account's conversations,
//! sessions, API keys, consents to OAuth clients and idempotency keys, which no longer work at this point. Its author slug is given free at the
//! end: nobody else gets an author page that still shows what this person wrote.

use aws_lambda_events::event::dynamodb::{Event, EventRecord};
use byline_shared::agent;
use byline_shared::endpoint::BoxFuture;
use byline_shared::model::{Email, UserId};
use byline_shared::prelude::*;
use byline_shared::publishing;
use byline_shared::store::keys::{
    self, API_KEYS_PREFIX, ERASURE_PREFIX, OAUTH_CONSENTS_PREFIX, SESSIONS_PREFIX,
};
use byline_shared::store::users::ErasureItem;
use byline_shared::worker::{NewItems, Trigger, Worker, new_item};

/// The worker.
pub const WORKER: Worker = Worker {
    name: "worker-erasure",
    module: module_path!(),
    summary: "Remove a deleted account's name from posts, their history and the audit log, and its \
              conversations, sessions, keys and consents",
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
        Permission::Items(Identity, OAUTH_CONSENTS_PREFIX, &[DeleteItem, Query]),
        Permission::Items(Identity, keys::IDEMPOTENCY_PREFIX, &[DeleteItem, Query]),
        Permission::Items(Identity, keys::AUTHOR_SLUG_PREFIX, &[DeleteItem]),
        // Whether the account is gone.
        Permission::Items(Identity, keys::USER_PREFIX, &[GetItem]),
        publishing::PUBLISH,
        Permission::Items(Content, keys::POST_PREFIX, &[Query]),
        Permission::Items(Content, keys::AUDIT, &[Query]),
        Permission::Index(Content, "gsi1"),
        Permission::Index(Content, "gsi2"),
        Permission::Items(Agent, keys::CONVERSATION_PREFIX, &[DeleteItem, GetItem, PutItem, Query]),
        Permission::Items(Agent, keys::CONVERSATIONS_PREFIX, &[DeleteItem, GetItem, UpdateItem]),
        Permission::Items(Agent, keys::USAGE_PREFIX, &[DeleteItem, Query]),
        Permission::Index(Agent, "gsi1"),
        Permission::Index(Agent, "gsi2"),
    ],
};

fn example() -> Event {
    let user = byline_shared::examples::user();
    let (slug, email) = (Some(user.slug), Some(user.email));
    let erasure = ErasureItem { user_id: user.id, slug, email, former_emails: Vec::new() };
    new_item(&keys::erasure(&erasure.user_id), &erasure)
}

fn handle(cx: &Context, record: EventRecord) -> BoxFuture<'_, Result<(), Problem>> {
    Box::pin(async move {
        let erasure: ErasureItem =
            serde_dynamo::from_item(record.change.new_image).map_err(Problem::internal)?;
        let user = &erasure.user_id;
        if let Some(slug) = &erasure.slug {
            cx.store.authors().erase_profile(slug, user).await?;
        }
        publishing::erase_author(cx, user).await?;
        if let Some(slug) = &erasure.slug {
            cx.store.authors().erase(slug, user).await?;
        }
        let addresses: Vec<Email> =
            erasure.email.iter().chain(&erasure.former_emails).cloned().collect();
        publishing::erase_names(cx, user, &addresses).await?;
        remove_credentials(cx, user).await?;
        cx.store.forget_idempotency(user).await?;
        agent::erase(cx, user).await?;
        if let Some(slug) = &erasure.slug {
            cx.store.erasures().release_slug(slug, user).await?;
        }
        Ok(cx.store.erasures().delete(user).await?)
    })
}

async fn remove_credentials(cx: &Context, user: &UserId) -> Result<(), Problem> {
    let first = PageParams { limit: 100, cursor: None };
    loop {
        let sessions = cx.store.sessions().ids(user, &first).await?.items;
        let keys = cx.store.api_keys().list(user, &first).await?.items;
        let consents = cx.store.oauth_consents().list(user, &first).await?.items;
        if sessions.is_empty() && keys.is_empty() && consents.is_empty() {
            return Ok(());
        }
        for session in sessions {
            cx.store.sessions().delete(user, &session).await?;
        }
        for consent in consents {
            let (client, resource) = (&consent.client_id, &consent.resource);
            cx.store.oauth_consents().delete(user, client, resource).await?;
        }
        for key in keys {
            cx.store.api_keys().delete(user, &key.id).await?;
        }
    }
}
