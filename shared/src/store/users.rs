//! User accounts, in `identity`.

use aws_sdk_dynamodb::types::AttributeValue;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::outbox::OutboxItem;
use super::transact::Condition;
use super::upkeep::UpkeepItem;
use super::{List, Refused, Store, StoreError, Write, keys};
use crate::http::page::{Page, PageParams};
use crate::http::problem::Problem;
use crate::model::TotpItem;
use crate::model::audit::AuditEntry;
use crate::model::{Email, EmailChangeId, Name, RegistrationId, Role, Slug, Time, User, UserId};
use crate::permission::Table::Identity;

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
    /// Newest first.
    #[default]
    #[serde(rename = "-created_at")]
    NewestFirst,
    /// Oldest first.
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

impl Store {
    /// The account that holds an address.
    ///
    /// # Errors
    /// As any call.
    pub async fn account_id(&self, email: &Email) -> Result<Option<UserId>, StoreError> {
        let holder: Option<Holder> = self.get(Identity, &keys::account(email)).await?;
        Ok(holder.map(|holder| holder.user_id))
    }

    /// The account that holds an author slug.
    ///
    /// # Errors
    /// As any call.
    pub async fn author_account(&self, slug: &Slug) -> Result<Option<UserId>, StoreError> {
        let holder: Option<Holder> = self.get(Identity, &keys::author_slug(slug)).await?;
        Ok(holder.map(|holder| holder.user_id))
    }

    /// An account.
    ///
    /// # Errors
    /// As any call.
    pub async fn user(&self, id: &UserId) -> Result<Option<UserItem>, StoreError> {
        self.get(Identity, &keys::user(id)).await
    }

    /// Makes an account of a registration, which is used up by it. All or nothing: the account,
    /// its hold on the address and its hold on the author slug.
    ///
    /// # Errors
    /// As any call.
    pub async fn create_user(
        &self,
        item: &UserItem,
        registration: Option<&UsedUp<'_>>,
        entry: &AuditEntry,
    ) -> Result<Result<(), NotCreated>, StoreError> {
        let user = &item.user;
        let holder = Holder { user_id: user.id.clone() };
        let listed = Listed { item, gsi1pk: keys::USERS, gsi1sk: &user.id };
        let mut writes = vec![
            Write::put_new(self, Identity, &keys::account(&user.email), &holder)?,
            Write::put_new(self, Identity, &keys::author_slug(&user.slug), &holder)?,
            Write::put_new(self, Identity, &keys::user(&user.id), &listed)?,
            self.audit_write(entry)?,
        ];
        // Who signs up becomes an admin as the first one alone.
        let enrols = user.role == Role::Admin;
        if enrols && registration.is_some() {
            writes.push(self.enrol_first_admin(&user.id));
        } else if enrols {
            writes.push(self.enrol_admin(&user.id));
        }
        if let Some(used) = registration {
            let present = Condition::new("attribute_exists(pk)");
            let registration = keys::registration(&user.email, used.id);
            writes.push(Write::delete_if(self, Identity, &registration, Some(present)));
            writes.push(Write::delete(self, Identity, &keys::token(used.token)));
            // What others have signed up must not come back once this account is gone.
            for other in &used.others {
                let other = keys::registration(&user.email, other);
                writes.push(Write::delete(self, Identity, &other));
            }
        }
        let reason = |refused: Refused| match () {
            () if refused.names(0) => NotCreated::EmailTaken,
            () if refused.names(1) => NotCreated::SlugTaken,
            () if enrols && refused.names(4) => NotCreated::AdminExists,
            () => NotCreated::RegistrationGone,
        };
        Ok(self.transact(writes).await?.map_err(reason))
    }

    /// Accounts, by role and state. A page that is filtered reads as many accounts as it must.
    ///
    /// # Errors
    /// As any list.
    pub async fn users(
        &self,
        params: &PageParams,
        role: Option<Role>,
        disabled: Option<bool>,
        sort: UserSort,
    ) -> Result<Page<User>, Problem> {
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
        self.page(&list, params).await
    }

    /// Deletes an account: its address and author slug are free again, its sessions and keys are
    /// refused, and the worker that takes its name off its posts is told. The id stays, without a
    /// name: posts and the security log speak of it.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete_user(
        &self,
        account: &UserItem,
        notice: &OutboxItem,
        entry: &AuditEntry,
    ) -> Result<Result<(), NotChanged>, StoreError> {
        let user = &account.user;
        let unchanged =
            Condition::new("token_version = :version AND email = :email AND #role = :role")
                .naming("#role", "role")
                .with(":version", AttributeValue::N(account.token_version.to_string()))
                .with(":email", AttributeValue::S(user.email.as_str().to_owned()))
                .with(":role", AttributeValue::S(user.role.as_str().to_owned()));
        let erasure = ErasureItem { user_id: user.id.clone() };
        let mut writes = vec![
            Write::delete_if(self, Identity, &keys::user(&user.id), Some(unchanged)),
            Write::delete(self, Identity, &keys::account(&user.email)),
            Write::delete(self, Identity, &keys::author_slug(&user.slug)),
            Write::put_new(self, Identity, &keys::erasure(&user.id), &erasure)?,
            self.mail_write(notice)?,
            self.audit_write(entry)?,
        ];
        if user.role == Role::Admin {
            writes.push(self.dismiss_admin(&user.id));
        }
        let reason = |refused: Refused| match refused.names(0) {
            true => NotChanged::Changed,
            false => NotChanged::LastAdmin,
        };
        Ok(self.transact(writes).await?.map_err(reason))
    }

    /// An erasure is done.
    ///
    /// # Errors
    /// As any call.
    pub async fn delete_erasure(&self, user: &UserId) -> Result<(), StoreError> {
        self.delete(Identity, &keys::erasure(user)).await
    }

    /// Gives an account another name, which is carried to its posts.
    ///
    /// # Errors
    /// As any call.
    pub async fn rename_user(
        &self,
        id: &UserId,
        name: &Name,
        upkeep: &UpkeepItem,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let change = Change::new().set("name", name)?;
        let writes = vec![
            change.write(self, Identity, &keys::user(id)),
            self.upkeep_write(upkeep)?,
            self.audit_write(entry)?,
        ];
        self.transact(writes).await.map(drop)
    }
}
