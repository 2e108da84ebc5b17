//! API keys, in `identity`: the hash, the scopes and the expiry of each.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::keys::Key;
use super::outbox::OutboxItem;
use super::users::UserItem;
use super::{List, Store, StoreError, Write, keys};
use crate::http::page::{Page, PageParams};
use crate::model::audit::AuditEntry;
use crate::model::{ApiKeyId, Name, Scope, Time, UserId};
use crate::permission::Table::Identity;

/// A stored key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApiKeyItem {
    /// The id.
    pub id: ApiKeyId,
    /// The account.
    pub user_id: UserId,
    /// The name that its owner chose.
    pub name: Name,
    /// The scopes.
    pub scopes: Vec<Scope>,
    /// The SHA-256 of the key, in base64url.
    pub digest: String,
    /// When it was created.
    pub created_at: Time,
    /// When it expires.
    pub expires_at: Time,
    /// `expires_at` as the item's TTL, in seconds since 1970.
    pub ttl: i64,
}

/// The last use of a key. A separate item, so that the functions that record it may write nothing
/// else.
#[derive(Clone, Debug, Deserialize)]
struct UseItem {
    pk: String,
    last_used_at: Time,
}

/// API keys.
#[derive(Clone, Copy, Debug)]
pub struct ApiKeys<'a>(pub(super) &'a Store);

impl ApiKeys<'_> {
    /// Creates a key. Returns `false` if there is one with its id.
    pub async fn create(
        self,
        item: &ApiKeyItem,
        notice: &OutboxItem,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let writes = vec![
            Write::put_new(self.0, Identity, &keys::api_key(&item.user_id, &item.id), item)?,
            self.0.outbox().write(notice)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await
    }

    /// A key and its user, in one consistent read.
    pub async fn get_with_user(
        self,
        user: &UserId,
        key: &ApiKeyId,
    ) -> Result<Option<(ApiKeyItem, UserItem)>, StoreError> {
        self.0.with_user(user, keys::api_key(user, key)).await
    }

    /// The keys of a user, newest first.
    pub async fn list(
        self,
        user: &UserId,
        params: &PageParams,
    ) -> Result<Page<ApiKeyItem>, StoreError> {
        self.0.page(&List::from_table(Identity, keys::api_keys_of(user)), params).await
    }

    /// Revokes a key: it has expired, and fits no secret. The item stays until `until`, when no form that
    /// made the key can be sent again. Returns its name; `None` if there is no key that works.
    pub async fn revoke(
        self,
        user: &UserId,
        key: &ApiKeyId,
        now: Time,
        until: Time,
    ) -> Result<Option<Name>, StoreError> {
        let change = Change::new()
            .set("expires_at", &now)?
            .set("digest", &"")?
            .set("ttl", &until.as_seconds())?
            .only_where("#expires_at > :now")
            .with(":now", &now)?;
        let revoked = self.0.change_and_read(Identity, &keys::api_key(user, key), change).await?;
        Ok(revoked.map(|item: ApiKeyItem| item.name))
    }

    /// Deletes a key. Returns `false` if it did not exist.
    pub async fn delete(self, user: &UserId, key: &ApiKeyId) -> Result<bool, StoreError> {
        self.0.delete_existing(Identity, &keys::api_key(user, key)).await
    }

    /// Records that a key is being used.
    pub async fn record_use(self, key: &ApiKeyItem, now: Time) -> Result<(), StoreError> {
        let change = Change::new().or_create().set("last_used_at", &now)?.set("ttl", &key.ttl)?;
        self.0.change(Identity, &keys::api_key_use(&key.id), change).await.map(drop)
    }

    /// When each of these keys was last used; those that never were are left out.
    pub async fn last_uses(self, ids: &[&ApiKeyId]) -> Result<HashMap<ApiKeyId, Time>, StoreError> {
        let keys: Vec<Key> = ids.iter().map(|id| keys::api_key_use(id)).collect();
        let uses: Vec<UseItem> = self.0.get_many(Identity, &keys, true).await?;
        let uses: HashMap<String, Time> =
            uses.into_iter().map(|used| (used.pk, used.last_used_at)).collect();
        let last_use = |(id, key): (&&ApiKeyId, &Key)| Some(((*id).clone(), *uses.get(&key.pk)?));
        Ok(ids.iter().zip(&keys).filter_map(last_use).collect())
    }
}
