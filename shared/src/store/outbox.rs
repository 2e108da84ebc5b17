//! The outbox, in `identity`: mails that are to be sent, each until it was.
//!
//! An item says what to write, not the text: a mail with a token is composed when it is sent, so
//! that the token is in the mail and nowhere else.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, Write, keys};
use crate::endpoint::Table::Identity;
use crate::model::{Email, EmailChangeId, MailId, Name, RegistrationId, Time, UserId};

/// A mail that waits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OutboxItem {
    /// Its id.
    pub id: MailId,
    /// To whom.
    pub to: Email,
    /// What it says.
    pub message: Message,
    /// When it was asked for.
    pub created_at: Time,
    /// How often it was tried.
    #[serde(default)]
    pub attempts: u32,
    /// Why it was given up, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// Partition of the mails that wait; gone once it was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gsi1pk: Option<String>,
    /// When it is tried again, and its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gsi1sk: Option<String>,
    /// When DynamoDB removes one that was given up, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<i64>,
}

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// To somebody who signed up: a link, or word that there is an account.
    SignUp {
        /// The sign-up.
        registration_id: RegistrationId,
    },
    /// To somebody who asks for the link again.
    SignUpAgain,
    /// A link to choose a new password, if there is an account.
    ResetPassword,
    /// To the old and to the new address of an account.
    ConfirmEmailChange {
        /// The account.
        user_id: UserId,
        /// The change.
        change_id: EmailChangeId,
        /// Whether it goes to the old address.
        to_old: bool,
    },
    /// To the owner of an address whose password somebody tries to guess, if it has an account.
    ManyWrongPasswords,
    /// Word of something that was done.
    Notice {
        /// The owner of the account.
        name: Name,
        /// What.
        notice: Notice,
    },
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The password was changed.
    PasswordChanged,
    /// The password was reset by mail.
    PasswordReset,
    /// The address was changed.
    EmailChanged,
    /// One-time codes were switched on.
    TotpEnabled,
    /// One-time codes were switched off.
    TotpDisabled,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// Somebody tries many passwords.
    ManyWrongPasswords,
    /// An API key was made.
    ApiKeyCreated,
    /// A program was let in, or may do more.
    ProgramLetIn,
    /// The account was deleted.
    AccountDeleted,
}

/// The first wait after a failure, in seconds; it doubles each time.
const FIRST_WAIT: i64 = 60;

/// The longest wait, in seconds: an hour.
const LONGEST_WAIT: i64 = 3600;

/// How long a mail is tried, in seconds: three days.
const PATIENCE: i64 = 3 * 24 * 3600;

/// How long a mail that was given up is kept, in seconds: 30 days.
const KEPT: i64 = 30 * 24 * 3600;

impl OutboxItem {
    /// A mail to be sent as soon as can be. The worker that looks for late ones leaves it alone
    /// for the first wait.
    #[must_use]
    pub fn new(now: Time, to: Email, message: Message) -> Self {
        let item = Self {
            id: MailId::new(now),
            to,
            message,
            created_at: now,
            attempts: 0,
            failed: None,
            gsi1pk: None,
            gsi1sk: None,
            ttl: None,
        };
        item.due(now.plus_seconds(FIRST_WAIT))
    }

    fn due(mut self, at: Time) -> Self {
        self.gsi1pk = Some(keys::OUTBOX.to_owned());
        self.gsi1sk = Some(format!("{at}#{}", self.id));
        self
    }

    /// After a failure that may pass: the same mail, due later; given up when it is too old.
    #[must_use]
    pub fn later(mut self, now: Time) -> Self {
        if self.created_at.plus_seconds(PATIENCE) <= now {
            return self.given_up(now, "it could not be sent for three days");
        }
        let wait = FIRST_WAIT.saturating_mul(1 << self.attempts.min(10)).min(LONGEST_WAIT);
        self.attempts = self.attempts.saturating_add(1);
        self.due(now.plus_seconds(wait))
    }

    /// After a failure that does not pass.
    #[must_use]
    pub fn given_up(mut self, now: Time, why: &str) -> Self {
        self.failed = Some(why.to_owned());
        self.gsi1pk = None;
        self.gsi1sk = None;
        self.ttl = Some(now.plus_seconds(KEPT).as_seconds());
        self
    }
}

/// Mails that wait to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Outbox<'a>(pub(super) &'a Store);

impl Outbox<'_> {
    /// Asks for a mail. Its arrival on the table's stream sends it.
    ///
    /// # Errors
    /// As any call.
    pub async fn create(self, item: &OutboxItem) -> Result<(), StoreError> {
        self.0.put_new(Identity, &keys::mail(&item.id), item).await.map(drop)
    }

    /// A mail as part of the transaction that it speaks of.
    pub(super) fn write(self, item: &OutboxItem) -> Result<Write, StoreError> {
        Write::put_new(self.0, Identity, &keys::mail(&item.id), item)
    }

    /// A mail that waits, or was given up.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(self, id: &MailId) -> Result<Option<OutboxItem>, StoreError> {
        self.0.get(Identity, &keys::mail(id)).await
    }

    /// Keeps a mail as it is now, unless it was sent meanwhile.
    ///
    /// # Errors
    /// As any call.
    pub async fn update(self, item: &OutboxItem) -> Result<(), StoreError> {
        let request = self.0.client.put_item().table_name(self.0.table(Identity));
        let request = request
            .set_item(Some(super::item(&keys::mail(&item.id), item)?))
            .condition_expression("attribute_exists(pk)");
        StoreError::unless_condition_failed(request.send().await).map(drop)
    }

    /// Removes a mail that was sent.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(self, id: &MailId) -> Result<(), StoreError> {
        self.0.delete(Identity, &keys::mail(id)).await
    }

    /// The mails that should have been sent by `now`, the longest overdue first.
    ///
    /// # Errors
    /// As any call.
    pub async fn list_due(self, now: Time, limit: u16) -> Result<Vec<MailId>, StoreError> {
        let answer = self
            .0
            .client
            .query()
            .table_name(self.0.table(Identity))
            .index_name("gsi1")
            .key_condition_expression("gsi1pk = :outbox AND gsi1sk <= :now")
            .expression_attribute_values(":outbox", AttributeValue::S(keys::OUTBOX.to_owned()))
            .expression_attribute_values(":now", AttributeValue::S(now.to_string()))
            .limit(i32::from(limit))
            .send()
            .await?;
        let rows = answer.items.unwrap_or_default();
        Ok(rows.iter().filter_map(|row| row.get("id")?.as_s().ok()?.parse().ok()).collect())
    }
}
