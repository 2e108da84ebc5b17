//! User accounts, in `identity`.

use std::collections::{BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::keys::Key;
use super::outbox::OutboxItem;
use super::propagation::PropagationJob;
use super::transact::{Condition, ConditionFailed};
use super::{List, Store, StoreError, Write, WriteError, keys};
use crate::http::page::{Page, PageParams};
use crate::model::TotpItem;
use crate::model::audit::AuditEntry;
use crate::model::{
    Email, EmailChangeId, Name, Notifications, PasskeyId, Role, Slug, Time, User, UserId,
};
use crate::permission::Table::Identity;

/// A stored account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UserItem {
    /// The fields of the API.
    #[serde(flatten)]
    pub user: User,
    /// The password, hashed by [`crate::auth::password::hash`].
    pub password_hash: String,
    /// Incremented whenever all sessions of the account must end.
    pub token_version: u64,
    /// How often the account stopped being an admin's by its role. Invitations that it sent before stay void,
    /// even if it becomes an admin's again.
    #[serde(default)]
    pub demotions: u64,
    /// The secret and state of its one-time codes, if it has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp: Option<TotpItem>,
    /// When its one-time codes were last turned off. Forms that were opened before bring none of their
    /// secrets back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp_off_at: Option<Time>,
    /// Its passkeys, each an item of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passkeys: Vec<PasskeyId>,
    /// A pending change of its e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_change: Option<EmailChange>,
    /// The addresses that it had before, for the erasure of the account: what names them in the audit log is
    /// then removed as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_emails: Vec<Email>,
}

/// A pending change of an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChange {
    /// The id.
    pub id: EmailChangeId,
    /// The new address.
    pub email: Email,
    /// When it expires.
    pub ends_at: Time,
}

/// The item that reserves an e-mail address or an author slug.
#[derive(Serialize, Deserialize)]
pub(super) struct Reservation {
    pub(super) user_id: UserId,
}

/// The order of accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum UserSort {
    /// Newest first.
    #[default]
    #[serde(rename = "-created_at")]
    NewestFirst,
    /// Oldest first.
    #[serde(rename = "created_at")]
    OldestFirst,
}

/// A deleted account whose name is still on posts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ErasureItem {
    /// The deleted account.
    pub user_id: UserId,
    /// Its author slug, under which its profile is. Erasures from before profiles have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// The address that it had at last.
    #[serde(default)]
    pub email: Option<Email>,
    /// Those that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_emails: Vec<Email>,
}

/// Why an account was not created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotCreated {
    /// The address has an account.
    EmailTaken,
    /// Another author has the slug, or no person can have it.
    SlugTaken,
    /// The registration or invitation was used, withdrawn or has expired.
    OriginGone,
    /// It was to be the first admin, and there already is one.
    AdminExists,
}

/// Why an account was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotChanged {
    /// The user who changes it is no longer an admin.
    NotByAdmin,
    /// It has changed since it was read.
    Changed,
    /// It is the last admin.
    LastAdmin,
}

/// User accounts.
#[derive(Clone, Copy, Debug)]
pub struct Users<'a>(pub(super) &'a Store);

impl Users<'_> {
    /// The names of these accounts; those that are gone are left out.
    pub async fn names(self, ids: &[UserId]) -> Result<HashMap<UserId, Name>, StoreError> {
        #[derive(Deserialize)]
        struct Named {
            id: UserId,
            name: Name,
        }
        let keys: Vec<Key> = ids.iter().map(keys::user).collect();
        let found: Vec<Named> = self.0.get_many(Identity, &keys, false).await?;
        Ok(found.into_iter().map(|Named { id, name }| (id, name)).collect())
    }

    /// These accounts, unordered; may be slightly out of date. Those that are gone are left out.
    pub async fn some(self, ids: &BTreeSet<UserId>) -> Result<Vec<User>, StoreError> {
        let keys: Vec<Key> = ids.iter().map(keys::user).collect();
        self.0.get_many(Identity, &keys, false).await
    }

    /// The account with an e-mail address.
    pub async fn find_id_by_email(self, email: &Email) -> Result<Option<UserId>, StoreError> {
        let holder: Option<Reservation> = self.0.get(Identity, &keys::account(email)).await?;
        Ok(holder.map(|holder| holder.user_id))
    }

    /// The account with an author slug.
    pub async fn find_id_by_author_slug(self, slug: &Slug) -> Result<Option<UserId>, StoreError> {
        let holder: Option<Reservation> = self.0.get(Identity, &keys::author_slug(slug)).await?;
        Ok(holder.map(|holder| holder.user_id))
    }

    /// An account.
    pub async fn get(self, id: &UserId) -> Result<Option<UserItem>, StoreError> {
        self.0.get(Identity, &keys::user(id)).await
    }

    /// Accounts, optionally only those with a role or state. Filtered pages read as many accounts
    /// as needed.
    pub async fn list(
        self,
        params: &PageParams,
        role: Option<Role>,
        disabled: Option<bool>,
        sort: UserSort,
    ) -> Result<Page<User>, StoreError> {
        let mut list = List::from_gsi1(Identity, keys::USERS);
        if sort == UserSort::OldestFirst {
            list = list.oldest_first();
        }
        if let Some(role) = role {
            list = list.only("role", AttributeValue::S(role.as_str().to_owned()));
        }
        if let Some(disabled) = disabled {
            list = list.only("disabled", AttributeValue::Bool(disabled));
        }
        self.0.page(&list, params).await
    }

    /// Deletes an account and its passkeys: frees its e-mail address and author slug, voids its
    /// sessions and keys, and creates an erasure for the worker that removes its name from its posts. Posts and the
    /// audit log keep the id. `job` is what else follows for posts.
    pub async fn delete(
        self,
        account: &UserItem,
        notice: &OutboxItem,
        job: Option<&PropagationJob>,
        entry: &AuditEntry,
    ) -> Result<(), WriteError<NotChanged>> {
        let user = &account.user;
        let same_passkeys = match account.passkeys.is_empty() {
            true => "attribute_not_exists(passkeys)",
            false => "passkeys = :passkeys",
        };
        let mut unchanged = Condition::new(format!(
            "token_version = :version AND email = :email AND #role = :role AND {same_passkeys}"
        ))
        .naming("#role", "role")
        .with(":version", AttributeValue::N(account.token_version.to_string()))
        .with(":email", AttributeValue::S(user.email.as_str().to_owned()))
        .with(":role", AttributeValue::S(user.role.as_str().to_owned()));
        if !account.passkeys.is_empty() {
            let ids = account.passkeys.iter();
            let ids = ids.map(|id| AttributeValue::S(id.as_str().to_owned())).collect();
            unchanged = unchanged.with(":passkeys", AttributeValue::L(ids));
        }
        let (slug, email) = (Some(user.slug.clone()), Some(user.email.clone()));
        let former_emails = account.former_emails.clone();
        let erasure = ErasureItem { user_id: user.id.clone(), slug, email, former_emails };
        let mut writes = vec![
            Write::delete_if(self.0, Identity, &keys::user(&user.id), Some(unchanged)),
            Write::delete(self.0, Identity, &keys::account(&user.email)),
            Write::put_new(self.0, Identity, &keys::erasure(&user.id), &erasure)?,
            self.0.outbox().write(notice)?,
            self.0.audit_log().write(entry)?,
        ];
        writes.extend(self.0.passkeys().deletions(account));
        if let Some(job) = job {
            writes.push(self.0.propagation_jobs().write(job)?);
        }
        if user.role == Role::Admin {
            writes.push(self.0.admins().dismiss(&user.id));
        }
        let reason = |failed: ConditionFailed| match failed.at(0) {
            true => NotChanged::Changed,
            false => NotChanged::LastAdmin,
        };
        self.0.transact(writes, reason).await
    }
}

/// Deleted accounts whose name is still on posts.
#[derive(Clone, Copy, Debug)]
pub struct Erasures<'a>(pub(super) &'a Store);

impl Erasures<'_> {
    /// Gives the author slug of a deleted account free, once nothing is shown under it any more. Safe to repeat:
    /// does nothing if another account has it by now.
    pub async fn release_slug(self, slug: &Slug, user: &UserId) -> Result<(), StoreError> {
        let own = Condition::new("user_id = :user")
            .with(":user", AttributeValue::S(user.as_str().to_owned()));
        let write = Write::delete_if(self.0, Identity, &keys::author_slug(slug), Some(own));
        self.0.commit(vec![write]).await.map(drop)
    }

    /// Deletes a finished erasure.
    pub async fn delete(self, user: &UserId) -> Result<(), StoreError> {
        self.0.delete(Identity, &keys::erasure(user)).await
    }
}

impl Users<'_> {
    /// Sets which mails about proposals the owner of an account gets.
    pub async fn set_notifications(
        self,
        id: &UserId,
        notifications: &Notifications,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let change = Change::new().set("notifications", notifications)?;
        let writes =
            vec![change.write(self.0, Identity, &keys::user(id)), self.0.audit_log().write(entry)?];
        self.0.commit(writes).await.map(drop)
    }

    /// Renames an account; a propagation job applies the name to its posts.
    pub async fn rename(
        self,
        id: &UserId,
        name: &Name,
        job: &PropagationJob,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let change = Change::new().set("name", name)?;
        let writes = vec![
            change.write(self.0, Identity, &keys::user(id)),
            self.0.propagation_jobs().write(job)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await.map(drop)
    }
}
