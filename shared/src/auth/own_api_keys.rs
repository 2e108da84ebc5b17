//! The API keys of a person, as they create, see and revoke them.

use super::api_key;
use super::caller::Person;
use super::form_seed::{self, FormSeed, is_shown_again};
use crate::context::Context;
use crate::crypto::random;
use crate::http::page::{Page, PageParams};
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{ApiKeyId, Name, Scope, Secret, Time};
use crate::store::api_keys::ApiKeyItem;
use crate::store::outbox::{Notice, OutboxItem};

/// How long a key is valid unless its owner says otherwise, in days.
pub const DEFAULT_DAYS: u16 = 90;

/// The longest life of a key, in days.
pub const MAX_DAYS: u16 = 366;

/// A key to create.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The name that its owner recognises it by.
    pub name: Name,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// For how many days: 1 to [`MAX_DAYS`].
    pub days: u16,
}

/// Creates a key with this id. Returns it with what is stored: the key itself is not. With the `seed` of a
/// form, a form that is sent twice within minutes gets the same key twice.
///
/// # Errors
/// 409 if there is a key with the id that is not shown again.
pub async fn create(
    cx: &Context,
    who: &Person,
    id: ApiKeyId,
    seed: Option<&FormSeed>,
    new: NewKey,
) -> Result<(Secret, ApiKeyItem), Problem> {
    let (user, now) = (&who.user, cx.clock.now());
    let secret = seed.map_or_else(random::bytes, |seed| seed.bytes("API key", 0));
    let (key, digest) = api_key::make(&user.id, &id, &secret);
    let NewKey { name, mut scopes, days } = new;
    scopes.sort();
    scopes.dedup();
    let expires_at = now.plus_seconds(i64::from(days) * 24 * 3600);
    let item = ApiKeyItem {
        id,
        user_id: user.id.clone(),
        name,
        scopes,
        digest,
        created_at: now,
        expires_at,
        ttl: expires_at.as_seconds(),
    };
    let notice = OutboxItem::notice(now, cx.request.source_ip, user, Notice::ApiKeyCreated)
        .naming(item.name.as_str(), &item.scopes);
    let entry = AuditEntry::new(cx, Event::ApiKeyCreated).by_user(user).about(&item.id);
    let entry = entry.named(&item.name);
    if cx.store.api_keys().create(&item, &notice, &entry).await? {
        return Ok((key, item));
    }
    if seed.is_some() {
        let made = cx.store.api_keys().get_with_user(&user.id, &item.id).await?;
        let made = made.map(|(made, _)| made).filter(|made| {
            let asked = (&item.digest, &item.name, &item.scopes);
            asked == (&made.digest, &made.name, &made.scopes) && is_shown_again(cx, made.created_at)
        });
        if let Some(made) = made {
            return Ok((key, made));
        }
    }
    let detail = "This key was created already, and it was shown once. If you did not copy it, revoke it \
                  and create another one.";
    Err(Problem::new(Code::EditConflict, detail))
}

/// The keys that have not expired, newest first, each with its last use. A page can be shorter than its
/// limit.
///
/// # Errors
/// Where the database fails.
pub async fn list(
    cx: &Context,
    who: &Person,
    page: &PageParams,
) -> Result<Page<(ApiKeyItem, Option<Time>)>, Problem> {
    let mut keys = cx.store.api_keys().list(&who.user.id, page).await?;
    let now = cx.clock.now();
    keys.items.retain(|item| item.expires_at > now);
    let ids: Vec<&ApiKeyId> = keys.items.iter().map(|item| &item.id).collect();
    let mut uses = cx.store.api_keys().last_uses(&ids).await?;
    Ok(keys.map(|item| {
        let last_use = uses.remove(&item.id);
        (item, last_use)
    }))
}

/// Revokes a key at once.
///
/// # Errors
/// 404 if there is no such key.
pub async fn revoke(cx: &Context, who: &Person, key: &ApiKeyId) -> Result<(), Problem> {
    let id = &who.user.id;
    let now = cx.clock.now();
    let name = cx.store.api_keys().revoke(id, key, now, form_seed::until(now)).await?;
    let name = name.ok_or_else(|| Problem::not_found("API key"))?;
    AuditEntry::new(cx, Event::ApiKeyRevoked).by(id).about(key).named(name).record(cx).await;
    Ok(())
}
