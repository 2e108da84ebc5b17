//! API keys, in `identity`: the hash of each, its scopes and its end.

use serde::{Deserialize, Serialize};

use super::change::Change;
use super::outbox::OutboxItem;
use super::users::UserItem;
use super::{List, Store, StoreError, Write, keys};
use crate::http::page::{Page, PageParams};
use crate::http::problem::Problem;
use crate::model::audit::AuditEntry;
use crate::model::{ApiKeyId, Name, Scope, Time, UserId};
use crate::permission::Table::Identity;

/// A stored key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApiKeyItem {
    /// Its id.
    pub id: ApiKeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: Name,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The SHA-256 of the key, in base64url.
    pub digest: String,
    /// When it was made.
    pub created_at: Time,
    /// When it ends.
    pub expires_at: Time,
    /// The same in seconds since 1970; DynamoDB removes it some time later.
    pub ttl: i64,
}

/// The last use of a key, kept apart: whoever notes it can write nothing else.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct UseItem {
    last_used_at: Time,
    ttl: i64,
}

impl Store {
    /// Keeps a new key.
    ///
    /// # Errors
    /// As any call.
    pub async fn put_api_key(
        &self,
        item: &ApiKeyItem,
        notice: &OutboxItem,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let writes = vec![
            Write::put_new(self, Identity, &keys::api_key(&item.user_id, &item.id), item)?,
            self.mail_write(notice)?,
            self.audit_write(entry)?,
        ];
        self.transact(writes).await.map(drop)
    }

    /// A key and its user, in one call and both as they are now.
    ///
    /// # Errors
    /// As any call.
    pub async fn api_key_and_user(
        &self,
        user: &UserId,
        key: &ApiKeyId,
    ) -> Result<Option<(ApiKeyItem, UserItem)>, StoreError> {
        self.with_user(user, keys::api_key(user, key)).await
    }

    /// The keys of a user, newest first.
    ///
    /// # Errors
    /// As any list.
    pub async fn api_keys(
        &self,
        user: &UserId,
        params: &PageParams,
    ) -> Result<Page<ApiKeyItem>, Problem> {
        self.page(&List::of_table(Identity, keys::api_keys_of(user)), params).await
    }

    /// Removes a key; says whether it was there.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete_api_key(&self, user: &UserId, key: &ApiKeyId) -> Result<bool, StoreError> {
        self.delete_existing(Identity, &keys::api_key(user, key)).await
    }

    /// Notes that a key is being used.
    ///
    /// # Errors
    /// As any call.
    pub async fn note_api_key_use(&self, key: &ApiKeyItem, now: Time) -> Result<(), StoreError> {
        let change = Change::new().or_create().set("last_used_at", &now)?.set("ttl", &key.ttl)?;
        self.change(Identity, &keys::api_key_use(&key.id), change).await.map(drop)
    }

    /// When a key was last used.
    ///
    /// # Errors
    /// As any call.
    pub async fn api_key_last_use(&self, key: &ApiKeyId) -> Result<Option<Time>, StoreError> {
        let item: Option<UseItem> = self.get(Identity, &keys::api_key_use(key)).await?;
        Ok(item.map(|item| item.last_used_at))
    }
}
