//! Sign-ups that wait for their address to be confirmed, in `identity`.
//!
//! No account exists before that, and each sign-up keeps its own password: whoever confirms the
//! address gets the account with the password of the very sign-up that the mail belongs to, so
//! nobody can prepare an account for somebody else's address.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::outbox::OutboxItem;
use super::{Store, StoreError, Write, keys};
use crate::auth::audit::Entry;
use crate::endpoint::Table::Identity;
use crate::model::{Email, Name, RegistrationId};

/// A stored registration.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RegistrationItem {
    /// Its id.
    pub id: RegistrationId,
    /// The address to confirm.
    pub email: Email,
    /// The name of the account to be.
    pub name: Name,
    /// The password of the account to be, as an argon2id PHC string.
    pub password_hash: String,
    /// When it ends, in seconds since 1970; DynamoDB removes it some time later.
    pub ttl: i64,
}

impl Store {
    /// Keeps a registration and asks for its mail.
    ///
    /// # Errors
    /// As any call.
    pub async fn put_registration(
        &self,
        item: &RegistrationItem,
        mail: &OutboxItem,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let writes = vec![
            Write::put_new(self, Identity, &keys::registration(&item.email, &item.id), item)?,
            self.mail_write(mail)?,
            self.audit_write(entry)?,
        ];
        self.transact(writes).await.map(drop)
    }

    /// The newest registration of an address.
    ///
    /// # Errors
    /// As any call.
    pub async fn newest_registration(
        &self,
        email: &Email,
    ) -> Result<Option<RegistrationItem>, StoreError> {
        let partition = keys::registrations_of(email);
        let answer = self
            .client
            .query()
            .table_name(self.table(Identity))
            .key_condition_expression("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", AttributeValue::S(partition))
            .expression_attribute_values(
                ":prefix",
                AttributeValue::S(keys::REGISTRATION_PREFIX.to_owned()),
            )
            .scan_index_forward(false)
            .limit(1)
            .consistent_read(true)
            .send()
            .await?;
        super::read(answer.items.unwrap_or_default().into_iter().next())
    }

    /// A registration.
    ///
    /// # Errors
    /// As any call.
    pub async fn registration(
        &self,
        email: &Email,
        id: &RegistrationId,
    ) -> Result<Option<RegistrationItem>, StoreError> {
        self.get(Identity, &keys::registration(email, id)).await
    }
}
