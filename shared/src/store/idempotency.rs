//! Requests that named themselves with a key, and their answers, in `identity`.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::change::Change;
use super::keys::Key;
use super::{List, Store, StoreError, item, keys, read};
use crate::http::page::PageParams;
use crate::model::{Time, UserId};
use crate::permission::Table::Identity;

/// A request that named itself with a key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IdempotencyItem {
    /// The digest of what was asked.
    pub request: String,
    /// The ULID of what the request makes, in every run.
    pub made: Ulid,
    /// Names the call that carries it out, or did.
    pub lease: String,
    /// Until when only that call may carry it out.
    pub lease_ends: Time,
    /// The answer, if it succeeded and is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<KeptAnswer>,
    /// When the key is free again, in seconds since 1970 (the item's TTL).
    pub ttl: i64,
}

/// The answer of a request that succeeded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// The HTTP status.
    pub status: u16,
    /// `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// `Location`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The body: JSON.
    pub body: String,
}

#[derive(Deserialize)]
struct SortKey {
    sk: String,
}

impl Store {
    /// The request of a user to an operation under the key with this digest.
    #[must_use]
    pub fn idempotency(&self, user: &UserId, operation: &str, digest: &str) -> Idempotency<'_> {
        Idempotency { store: self, key: keys::idempotency(user, operation, digest) }
    }

    /// Deletes all requests of a user that named themselves.
    pub async fn forget_idempotency(&self, user: &UserId) -> Result<(), StoreError> {
        let first = PageParams { limit: 100, cursor: None };
        let partition = keys::idempotency_of(user);
        loop {
            let list = List::from_table(Identity, partition.clone()).up_to_date();
            let found = self.page::<SortKey>(&list, &first).await?.items;
            if found.is_empty() {
                return Ok(());
            }
            for SortKey { sk } in found {
                self.delete(Identity, &Key { pk: partition.clone(), sk }).await?;
            }
        }
    }
}

/// A request under its key.
#[derive(Clone, Debug)]
pub struct Idempotency<'a> {
    store: &'a Store,
    key: Key,
}

impl Idempotency<'_> {
    /// Takes the key for `new`. Where it is taken already, writes nothing and returns what is there. That can be
    /// `new` itself, where the answer to the first write was lost and it was sent again.
    pub async fn begin(
        &self,
        new: &IdempotencyItem,
        now: Time,
    ) -> Result<Option<IdempotencyItem>, StoreError> {
        let request = self.store.client.put_item().table_name(self.store.table(Identity));
        let request = request
            .set_item(Some(item(&self.key, new)?))
            .condition_expression("attribute_not_exists(pk) OR #ttl <= :now")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":now", AttributeValue::N(now.as_seconds().to_string()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let Err(error) = request.send().await else { return Ok(None) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                read(failed.item.clone())
            }
            _ => Err(error.into()),
        }
    }

    /// Hands the lease on from the call that had it. Returns false if another call has taken it.
    pub async fn take_over(
        &self,
        from: &str,
        to: &str,
        lease_ends: Time,
    ) -> Result<bool, StoreError> {
        let change = Change::new()
            .set("lease", &to)?
            .set("lease_ends", &lease_ends)?
            .only_where("lease IN (:from, :to) AND attribute_not_exists(answer)")
            .with(":from", &from)?
            .with(":to", &to)?;
        self.store.change(Identity, &self.key, change).await
    }

    /// Ends the lease, and keeps the answer, if there is one. Changes nothing if another call has taken the lease.
    pub async fn end(
        &self,
        lease: &str,
        now: Time,
        answer: Option<&KeptAnswer>,
    ) -> Result<(), StoreError> {
        let change = Change::new().set("lease_ends", &now)?.only_if("lease", &lease)?;
        let change = match answer {
            Some(answer) => change.set("answer", answer)?,
            None => change,
        };
        self.store.change(Identity, &self.key, change).await.map(drop)
    }
}
