//! The outbox, in `identity`: mails to send; each stays until it was sent.
//!
//! An item holds what to say, not the text. A mail with a token is composed when it is sent, so
//! that the token is in the mail and nowhere else.

use std::net::IpAddr;
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, Write, keys};
use crate::model::{
    AddressSide, Email, EmailChangeId, Hour, InvitationId, MailId, Name, News, RegistrationId,
    Role, Scope, Time, User, UserId,
};
use crate::permission::Table::Identity;

/// A mail to send.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OutboxItem {
    /// The id.
    pub id: MailId,
    /// The recipient.
    pub to: Email,
    /// What to say.
    pub message: Message,
    /// When it was created.
    pub created_at: Time,
    /// When it is sent, if not at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Time>,
    /// The number of failed attempts.
    #[serde(default)]
    pub attempts: u32,
    /// Why it failed for good, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// Partition of pending mails in `gsi1`; absent once it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gsi1pk: Option<String>,
    /// The time of the next attempt, and the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gsi1sk: Option<String>,
    /// The TTL of a failed mail, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<i64>,
}

/// The content of a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// To a person who signed up: a link, or a message that there is already an account.
    SignUp {
        /// The registration.
        registration_id: RegistrationId,
    },
    /// To a person who asks for the link again.
    SignUpAgain,
    /// To a person whom an admin invites: a link to make an account.
    Invitation {
        /// The invitation.
        invitation_id: InvitationId,
    },
    /// A link to choose a new password, if there is an account.
    ResetPassword,
    /// A link to sign in with, if there is an account.
    SignInLink,
    /// The same as a code to type, for a page that has no address of its own to link to.
    SignInCode,
    /// To the old or the new address of an account, to confirm a change.
    ConfirmEmailChange {
        /// The account.
        user_id: UserId,
        /// The change.
        change_id: EmailChangeId,
        /// Which address it goes to.
        side: AddressSide,
    },
    /// To the owner of an address whose password somebody tries to guess, if it has an account.
    ManyWrongPasswords,
    /// A notice about a change of the account.
    Notice {
        /// The name of the account.
        name: Name,
        /// The change.
        notice: Notice,
        /// What is known of it.
        #[serde(default)]
        about: About,
    },
    /// To a person who may decide on a proposal, or whose proposal was decided.
    News {
        /// The person.
        user_id: UserId,
        /// What happened.
        news: News,
    },
    /// To a person for whom more happened in an hour than they are told at once.
    MoreNews {
        /// The person.
        user_id: UserId,
        /// The hour.
        hour: Hour,
    },
    /// To a person who is told once a day of what waits, if something does.
    Digest {
        /// The person.
        user_id: UserId,
    },
}

/// What is known of a change of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The network address that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<IpAddr>,
    /// The name of the API key or app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it may do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Scope>,
    /// The address that was invited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited: Option<Email>,
    /// The role that its account will have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// A change of an account that its owner is told about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The password was changed.
    PasswordChanged,
    /// The password was reset by mail.
    PasswordReset,
    /// The address was changed.
    EmailChanged,
    /// One-time codes were enabled.
    TotpEnabled,
    /// One-time codes were disabled.
    TotpDisabled,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// Somebody tries many passwords.
    ManyWrongPasswords,
    /// An API key was created.
    ApiKeyCreated,
    /// An app was authorized, or was given more scopes.
    AppAuthorized,
    /// Somebody was invited in the owner's name, with a role that may publish.
    PublisherInvited,
    /// The account was deleted.
    AccountDeleted,
}

/// The delay after the first failure; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(60);

/// The longest delay between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// How long sending is attempted.
const PATIENCE: Duration = Duration::from_secs(3 * 24 * 3600);

/// How long a failed mail is kept.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

impl OutboxItem {
    /// A mail to send at once. The worker for overdue mails ignores it until the first delay has
    /// passed.
    #[must_use]
    pub fn new(now: Time, to: Email, message: Message) -> Self {
        let item = Self {
            id: MailId::new(now),
            to,
            message,
            created_at: now,
            not_before: None,
            attempts: 0,
            failed: None,
            gsi1pk: None,
            gsi1sk: None,
            ttl: None,
        };
        item.due(now + FIRST_WAIT)
    }

    /// A mail that tells the owner of an account about a change, which came from the address `ip`.
    #[must_use]
    pub fn notice(now: Time, ip: Option<IpAddr>, user: &User, notice: Notice) -> Self {
        let about = About { ip, ..About::default() };
        let message = Message::Notice { name: user.name.clone(), notice, about };
        Self::new(now, user.email.clone(), message)
    }

    /// The same for a change that gives an API key or app with this name these scopes.
    #[must_use]
    pub fn naming(mut self, named: impl Into<String>, given: &[Scope]) -> Self {
        if let Message::Notice { about: About { name, scopes, .. }, .. } = &mut self.message {
            (*name, *scopes) = (Some(named.into()), given.to_vec());
        }
        self
    }

    /// The same for an invitation of this address.
    #[must_use]
    pub fn naming_invited(mut self, email: &Email, as_role: Role) -> Self {
        if let Message::Notice { about: About { invited, role, .. }, .. } = &mut self.message {
            (*invited, *role) = (Some(email.clone()), Some(as_role));
        }
        self
    }

    /// The same, to be sent later.
    #[must_use]
    pub fn not_before(mut self, at: Time) -> Self {
        self.not_before = Some(at);
        self.due(at)
    }

    /// Whether its time has not come yet.
    #[must_use]
    pub fn is_early(&self, now: Time) -> bool {
        self.not_before.is_some_and(|at| at > now)
    }

    fn due(mut self, at: Time) -> Self {
        self.gsi1pk = Some(keys::OUTBOX.to_owned());
        self.gsi1sk = Some(format!("{at}#{}", self.id));
        self
    }

    /// After a transient failure: the same mail with a later due time, or a failed one if it is too
    /// old.
    #[must_use]
    pub fn later(mut self, now: Time) -> Self {
        if self.created_at + PATIENCE <= now {
            return self.fail(now, "it could not be sent for three days");
        }
        let wait = FIRST_WAIT.saturating_mul(1 << self.attempts.min(10)).min(LONGEST_WAIT);
        self.attempts = self.attempts.saturating_add(1);
        self.due(now + wait)
    }

    /// After a permanent failure.
    #[must_use]
    pub fn fail(mut self, now: Time, why: &str) -> Self {
        self.failed = Some(why.to_owned());
        self.gsi1pk = None;
        self.gsi1sk = None;
        self.ttl = Some((now + KEPT).as_seconds());
        self
    }
}

/// Mails that wait to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Outbox<'a>(pub(super) &'a Store);

impl Outbox<'_> {
    /// Creates a mail. The stream of the table then triggers the worker that sends it.
    pub async fn create(self, item: &OutboxItem) -> Result<(), StoreError> {
        self.0.put_new(Identity, &keys::mail(&item.id), item).await.map(drop)
    }

    /// The creation of a mail as part of a transaction.
    pub(super) fn write(self, item: &OutboxItem) -> Result<Write, StoreError> {
        Write::put_new(self.0, Identity, &keys::mail(&item.id), item)
    }

    /// A pending or failed mail.
    pub async fn get(self, id: &MailId) -> Result<Option<OutboxItem>, StoreError> {
        self.0.get(Identity, &keys::mail(id)).await
    }

    /// Updates a mail, unless it was sent and deleted in between.
    pub async fn update(self, item: &OutboxItem) -> Result<(), StoreError> {
        let request = self.0.client.put_item().table_name(self.0.table(Identity));
        let request = request
            .set_item(Some(super::item(&keys::mail(&item.id), item)?))
            .condition_expression("attribute_exists(pk)");
        StoreError::unless_condition_failed(request.send().await).map(drop)
    }

    /// Deletes a sent mail.
    pub async fn delete(self, id: &MailId) -> Result<(), StoreError> {
        self.0.delete(Identity, &keys::mail(id)).await
    }

    /// The ids of mails that are due by `now`, longest overdue first.
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
