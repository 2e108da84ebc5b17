//! Transactions: several writes that happen together or not at all.

use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update,
};
use serde::Serialize;

use super::keys::Key;
use super::{Store, StoreError, item};
use crate::crypto::random;
use crate::permission::Table;

/// Attempts of a transaction that conflicts with another one.
const ATTEMPTS: u32 = 6;

/// The same for one that many do at once, and that is not to be lost: some ten seconds.
const PATIENT_ATTEMPTS: u32 = 16;

/// One write of a transaction.
#[derive(Clone, Debug)]
pub struct Write(TransactWriteItem);

/// Why a conditional write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum WriteError<C> {
    /// A condition failed, and nothing was written. `C` says which one.
    #[error("a condition of the write failed")]
    Conflict(C),
    /// The call failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<C> WriteError<C> {
    /// Whether the write happened, where the caller does not ask which condition failed.
    ///
    /// # Errors
    /// If the call failed.
    pub fn applied(result: Result<(), Self>) -> Result<bool, StoreError> {
        match result {
            Ok(()) => Ok(true),
            Err(Self::Conflict(_)) => Ok(false),
            Err(Self::Store(error)) => Err(error),
        }
    }

    /// The same error with the conflict translated.
    fn map_conflict<D>(self, translate: impl FnOnce(C) -> D) -> WriteError<D> {
        match self {
            Self::Conflict(conflict) => WriteError::Conflict(translate(conflict)),
            Self::Store(error) => WriteError::Store(error),
        }
    }
}

/// The writes of a transaction whose conditions failed, by their index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConditionFailed(Vec<usize>);

impl ConditionFailed {
    /// Whether the condition of the write at `index` failed.
    pub(super) fn at(&self, index: usize) -> bool {
        self.0.contains(&index)
    }
}

impl Write {
    pub(super) fn put<T: Serialize>(
        store: &Store,
        table: Table,
        key: &Key,
        value: &T,
    ) -> Result<Self, StoreError> {
        Ok(Self::put_if(store, table, item(key, value)?, None))
    }

    pub(super) fn put_new<T: Serialize>(
        store: &Store,
        table: Table,
        key: &Key,
        value: &T,
    ) -> Result<Self, StoreError> {
        let condition = Some(Condition::new("attribute_not_exists(pk)"));
        Ok(Self::put_if(store, table, item(key, value)?, condition))
    }

    pub(super) fn put_if(
        store: &Store,
        table: Table,
        item: super::Item,
        condition: Option<Condition>,
    ) -> Self {
        let put = Put::builder().table_name(store.table(table)).set_item(Some(item));
        let put = match condition {
            Some(Condition { expression, names, values }) => put
                .condition_expression(expression)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values),
            None => put,
        };
        let put = put.build().expect("a put has its table and item");
        Self(TransactWriteItem::builder().put(put).build())
    }

    pub(super) fn delete(store: &Store, table: Table, key: &Key) -> Self {
        Self::delete_if(store, table, key, None)
    }

    pub(super) fn delete_if(
        store: &Store,
        table: Table,
        key: &Key,
        condition: Option<Condition>,
    ) -> Self {
        let delete =
            Delete::builder().table_name(store.table(table)).set_key(Some(key.attributes()));
        let delete = match condition {
            Some(Condition { expression, names, values }) => delete
                .condition_expression(expression)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values),
            None => delete,
        };
        let delete = delete.build().expect("a delete has its table and key");
        Self(TransactWriteItem::builder().delete(delete).build())
    }

    /// A `ConditionCheck`: writes nothing; fails the transaction if the condition does not hold.
    pub(super) fn check_that(store: &Store, table: Table, key: &Key, condition: Condition) -> Self {
        let check = ConditionCheck::builder()
            .table_name(store.table(table))
            .set_key(Some(key.attributes()))
            .condition_expression(condition.expression)
            .set_expression_attribute_names(condition.names)
            .set_expression_attribute_values(condition.values)
            .build()
            .expect("a check has its table, key and condition");
        Self(TransactWriteItem::builder().condition_check(check).build())
    }

    pub(super) fn update(update: Update) -> Self {
        Self(TransactWriteItem::builder().update(update).build())
    }
}

/// A condition expression with its names and values.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    expression: String,
    names: Option<std::collections::HashMap<String, String>>,
    values: Option<std::collections::HashMap<String, AttributeValue>>,
}

impl Condition {
    pub(super) fn new(expression: impl Into<String>) -> Self {
        Self { expression: expression.into(), names: None, values: None }
    }

    /// Requires another expression, too.
    pub(super) fn and(mut self, expression: &str) -> Self {
        self.expression = format!("{} AND {expression}", self.expression);
        self
    }

    /// Binds a name placeholder; needed where an attribute's name is a reserved word.
    pub(super) fn naming(mut self, placeholder: &str, attribute: &str) -> Self {
        let names = self.names.get_or_insert_default();
        names.insert(placeholder.to_owned(), attribute.to_owned());
        self
    }

    /// Binds a value placeholder.
    pub(super) fn with(mut self, name: &str, value: AttributeValue) -> Self {
        self.values.get_or_insert_default().insert(name.to_owned(), value);
        self
    }
}

impl Store {
    /// Does all of `writes` or none; `false` if a condition failed.
    pub(super) async fn commit(&self, writes: Vec<Write>) -> Result<bool, StoreError> {
        WriteError::applied(self.try_transact(writes, ATTEMPTS).await)
    }

    /// The same, with more attempts where it conflicts with others.
    pub(super) async fn commit_patiently(&self, writes: Vec<Write>) -> Result<bool, StoreError> {
        WriteError::applied(self.try_transact(writes, PATIENT_ATTEMPTS).await)
    }

    /// Does all of `writes` or none; `explain` turns failed conditions into the caller's reason.
    ///
    /// A conflict with another transaction is retried a few times, with exponential backoff and full
    /// jitter. The SDK retries other transient errors, with one idempotency token.
    pub(super) async fn transact<C>(
        &self,
        writes: Vec<Write>,
        explain: impl FnOnce(ConditionFailed) -> C,
    ) -> Result<(), WriteError<C>> {
        self.try_transact(writes, ATTEMPTS).await.map_err(|error| error.map_conflict(explain))
    }

    async fn try_transact(
        &self,
        writes: Vec<Write>,
        attempts: u32,
    ) -> Result<(), WriteError<ConditionFailed>> {
        let items: Vec<TransactWriteItem> = writes.into_iter().map(|write| write.0).collect();
        for attempt in 1.. {
            let request =
                self.client.transact_write_items().set_transact_items(Some(items.clone()));
            let Err(error) = request.send().await else {
                return Ok(());
            };
            let reasons = match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                    cancelled.cancellation_reasons()
                }
                _ => return Err(StoreError::from(error).into()),
            };
            let with_code = |code: &str| -> Vec<usize> {
                let reasons = reasons.iter().enumerate();
                reasons.filter(|(_, r)| r.code() == Some(code)).map(|(place, _)| place).collect()
            };
            let failed = with_code("ConditionalCheckFailed");
            if !failed.is_empty() {
                return Err(WriteError::Conflict(ConditionFailed(failed)));
            }
            let is_transient =
                ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]
                    .iter()
                    .any(|code| !with_code(code).is_empty());
            if !is_transient {
                return Err(StoreError::Refused(Box::new(error)).into());
            }
            if attempt == attempts {
                return Err(StoreError::Unavailable(Box::new(error)).into());
            }
            tokio::time::sleep(backoff(attempt)).await;
        }
        unreachable!("the loop ends by returning")
    }
}

/// A random duration up to 25 ms, 50 ms, 100 ms, …
fn backoff(attempt: u32) -> Duration {
    let ceiling = 25_u64 << attempt.min(6);
    Duration::from_millis(u64::from_be_bytes(random::bytes()) % ceiling)
}
