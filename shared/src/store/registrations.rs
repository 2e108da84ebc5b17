//! Registrations whose e-mail address is not confirmed yet, in `identity`.
//!
//! No account exists before that, and a registration has no password: who follows the link chooses it.
//! So nobody can prepare an account for somebody else's address.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::outbox::OutboxItem;
use super::{Store, StoreError, Write, keys};
use crate::model::audit::AuditEntry;
use crate::model::{Email, Name, RegistrationId, Time};
use crate::permission::Table::Identity;

/// A stored registration.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RegistrationItem {
    /// The id.
    pub id: RegistrationId,
    /// The e-mail address to confirm.
    pub email: Email,
    /// The name of the future account.
    pub name: Name,
    /// When it expires, in seconds since 1970 (the item's TTL).
    pub ttl: i64,
}

/// How many registrations of an address are considered, besides the one that a link belongs to.
const MAX_PENDING: i32 = 6;

/// Sign-ups whose e-mail address is not confirmed yet.
#[derive(Clone, Copy, Debug)]
pub struct Registrations<'a>(pub(super) &'a Store);

impl Registrations<'_> {
    /// Creates a registration and its mail.
    pub async fn create(
        self,
        item: &RegistrationItem,
        mail: &OutboxItem,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let writes = vec![
            Write::put_new(self.0, Identity, &keys::registration(&item.email, &item.id), item)?,
            self.0.outbox().write(mail)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await.map(drop)
    }

    /// The most recent registrations of an address that have not expired, newest first.
    pub async fn list(self, email: &Email, now: Time) -> Result<Vec<RegistrationItem>, StoreError> {
        let partition = keys::registrations_of(email);
        let prefix = keys::REGISTRATION_PREFIX.to_owned();
        let answer = self
            .0
            .client
            .query()
            .table_name(self.0.table(Identity))
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", AttributeValue::S(partition))
            .expression_attribute_values(":prefix", AttributeValue::S(prefix))
            .scan_index_forward(false)
            .limit(MAX_PENDING)
            .consistent_read(true)
            .send()
            .await?;
        let items = answer.items.unwrap_or_default().into_iter();
        let items = items.map(serde_dynamo::aws_sdk_dynamodb_1::from_item);
        let items: Vec<RegistrationItem> = items.collect::<Result<_, _>>()?;
        Ok(items.into_iter().filter(|item| item.ttl > now.as_seconds()).collect())
    }

    /// A registration.
    pub async fn get(
        self,
        email: &Email,
        id: &RegistrationId,
    ) -> Result<Option<RegistrationItem>, StoreError> {
        self.0.get(Identity, &keys::registration(email, id)).await
    }
}
