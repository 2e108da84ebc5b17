//! User accounts, in `identity`.

use aws_sdk_dynamodb::types::AttributeValue;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::outbox::OutboxItem;
use super::propagation::PropagationJob;
use super::transact::{Condition, ConditionFailed};
use super::{List, Store, StoreError, Write, WriteError, keys};
use crate::auth::audit::Entry;
use crate::auth::totp::TotpItem;
use crate::endpoint::Table::Identity;
use crate::http::page::{Page, PageParams};
use crate::model::{Email, EmailChangeId, Name, RegistrationId, Role, Slug, Time, User, UserId};

/// A stored account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UserItem {
    /// What its owner and the admins see.
    #[serde(flatten)]
    pub user: User,
    /// The password, as [`crate::auth::password::hash`] made it.
    pub password_hash: String,
    /// Rises whenever all sessions of the account must end.
    pub token_version: u64,
    /// What its one-time codes are checked with, if it has some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp: Option<TotpItem>,
    /// Another address that waits for both addresses' consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_change: Option<EmailChange>,
}

/// A change of address under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChange {
    /// Its id.
    pub id: EmailChangeId,
    /// The new address.
    pub email: Email,
    /// When it lapses.
    pub ends_at: Time,
}

/// What stands under an address or an author slug.
#[derive(Serialize, Deserialize)]
pub(super) struct Holder {
    pub(super) user_id: UserId,
}

/// An account as it stands in the index of all.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    item: &'a UserItem,
    gsi1pk: &'static str,
    gsi1sk: &'a UserId,
}

/// The order of accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum UserSort {
    /// The newest first.
    #[default]
    #[serde(rename = "-created_at")]
    NewestFirst,
    /// The oldest first.
    #[serde(rename = "created_at")]
    OldestFirst,
}

/// An account that was deleted, until its name is off every post.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ErasureItem {
    /// Whose it was.
    pub user_id: UserId,
}

/// What the making of an account uses up.
#[derive(Clone, Debug)]
pub struct UsedUp<'a> {
    /// The sign-up that it is made of.
    pub id: &'a RegistrationId,
    /// The other sign-ups of its address.
    pub others: Vec<&'a RegistrationId>,
    /// The digest of the token of the mailed link.
    pub token: &'a str,
}

/// Why an account was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotCreated {
    /// The address has an account.
    EmailTaken,
    /// Another author has the slug.
    SlugTaken,
    /// The registration was used or has expired.
    RegistrationGone,
    /// It was to be the first admin's, and there is one.
    AdminExists,
}

/// Why an account was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotChanged {
    /// Whoever changes it is no admin any more.
    NotByAdmin,
    /// It is not as it was read.
    Changed,
    /// It is the last admin's.
    LastAdmin,
}

/// User accounts.
#[derive(Clone, Copy, Debug)]
pub struct Users<'a>(pub(super) &'a Store);

impl Users<'_> {
    /// The account that holds an address.
    ///
    /// # Errors
    /// As any call.
    pub async fn find_id_by_email(self, email: &Email) -> Result<Option<UserId>, StoreError> {
        let holder: Option<Holder> = self.0.get(Identity, &keys::account(email)).await?;
        Ok(holder.map(|holder| holder.user_id))
    }

    /// The account that holds an author slug.
    ///
    /// # Errors
    /// As any call.
    pub async fn find_id_by_author_slug(self, slug: &Slug) -> Result<Option<UserId>, StoreError> {
        let holder: Option<Holder> = self.0.get(Identity, &keys::author_slug(slug)).await?;
        Ok(holder.map(|holder| holder.user_id))
    }

    /// An account.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(self, id: &UserId) -> Result<Option<UserItem>, StoreError> {
        self.0.get(Identity, &keys::user(id)).await
    }

    /// Makes an account of a registration, which is used up by it. All or nothing: the account,
    /// its hold on the address and its hold on the author slug.
    ///
    /// # Errors
    /// As any call.
    pub async fn create(
        self,
        item: &UserItem,
        registration: Option<&UsedUp<'_>>,
        entry: &Entry,
    ) -> Result<(), WriteError<NotCreated>> {
        let user = &item.user;
        let holder = Holder { user_id: user.id.clone() };
        let listed = Listed { item, gsi1pk: keys::USERS, gsi1sk: &user.id };
        let mut writes = vec![
            Write::put_new(self.0, Identity, &keys::account(&user.email), &holder)?,
            Write::put_new(self.0, Identity, &keys::author_slug(&user.slug), &holder)?,
            Write::put_new(self.0, Identity, &keys::user(&user.id), &listed)?,
            self.0.audit_log().write(entry)?,
        ];
        // Who signs up becomes an admin as the first one alone.
        let enrols = user.role == Role::Admin;
        if enrols && registration.is_some() {
            writes.push(self.0.admins().enrol_first(&user.id));
        } else if enrols {
            writes.push(self.0.admins().enrol(&user.id));
        }
        if let Some(used) = registration {
            let present = Condition::new("attribute_exists(pk)");
            let registration = keys::registration(&user.email, used.id);
            writes.push(Write::delete_if(self.0, Identity, &registration, Some(present)));
            writes.push(Write::delete(self.0, Identity, &keys::token(used.token)));
            // What others have signed up must not come back once this account is gone.
            for other in &used.others {
                let other = keys::registration(&user.email, other);
                writes.push(Write::delete(self.0, Identity, &other));
            }
        }
        let reason = |failed: ConditionFailed| match () {
            () if failed.at(0) => NotCreated::EmailTaken,
            () if failed.at(1) => NotCreated::SlugTaken,
            () if enrols && failed.at(4) => NotCreated::AdminExists,
            () => NotCreated::RegistrationGone,
        };
        self.0.transact(writes, reason).await
    }

    /// Accounts, by role and state. A page that is filtered reads as many accounts as it must.
    ///
    /// # Errors
    /// As any list.
    pub async fn list(
        self,
        params: &PageParams,
        role: Option<Role>,
        disabled: Option<bool>,
        sort: UserSort,
    ) -> Result<Page<User>, StoreError> {
        let mut list = List::of_gsi1(Identity, keys::USERS);
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

    /// Deletes an account: its address and author slug are free again, its sessions and keys are
    /// refused, and the worker that takes its name off its posts is told. The id stays, without a
    /// name: posts and the security log speak of it.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(
        self,
        account: &UserItem,
        notice: &OutboxItem,
        entry: &Entry,
    ) -> Result<(), WriteError<NotChanged>> {
        let user = &account.user;
        let unchanged =
            Condition::new("token_version = :version AND email = :email AND #role = :role")
                .naming("#role", "role")
                .with(":version", AttributeValue::N(account.token_version.to_string()))
                .with(":email", AttributeValue::S(user.email.as_str().to_owned()))
                .with(":role", AttributeValue::S(user.role.as_str().to_owned()));
        let erasure = ErasureItem { user_id: user.id.clone() };
        let mut writes = vec![
            Write::delete_if(self.0, Identity, &keys::user(&user.id), Some(unchanged)),
            Write::delete(self.0, Identity, &keys::account(&user.email)),
            Write::delete(self.0, Identity, &keys::author_slug(&user.slug)),
            Write::put_new(self.0, Identity, &keys::erasure(&user.id), &erasure)?,
            self.0.outbox().write(notice)?,
            self.0.audit_log().write(entry)?,
        ];
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
    /// An erasure is done.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete(self, user: &UserId) -> Result<(), StoreError> {
        self.0.delete(Identity, &keys::erasure(user)).await
    }
}

impl Users<'_> {
    /// Gives an account another name, which is carried to its posts.
    ///
    /// # Errors
    /// As any call.
    pub async fn rename(
        self,
        id: &UserId,
        name: &Name,
        job: &PropagationJob,
        entry: &Entry,
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
