//! User accounts, in `identity`.

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Update};
use serde::{Deserialize, Serialize};

use super::{List, Refused, Store, StoreError, Write, keys};
use crate::endpoint::Table::Identity;
use crate::http::page::{Page, PageParams};
use crate::http::problem::Problem;
use crate::model::{Email, RegistrationId, Role, User, UserId};

/// A stored account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UserItem {
    /// What its owner and the admins see.
    #[serde(flatten)]
    pub user: User,
    /// The password, as an argon2id PHC string.
    pub password_hash: String,
    /// Rises whenever all sessions of the account must end.
    pub token_version: u64,
}

/// What stands under an address or an author slug.
#[derive(Serialize, Deserialize)]
struct Holder {
    user_id: UserId,
}

/// An account as it stands in the index of all.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    item: &'a UserItem,
    gsi1pk: &'static str,
    gsi1sk: &'a UserId,
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
        registration: Option<(&RegistrationId, &str)>,
    ) -> Result<Result<(), NotCreated>, StoreError> {
        let user = &item.user;
        let holder = Holder { user_id: user.id.clone() };
        let listed = Listed { item, gsi1pk: keys::USERS, gsi1sk: &user.id };
        let mut writes = vec![
            Write::put_new(self, Identity, &keys::account(&user.email), &holder)?,
            Write::put_new(self, Identity, &keys::author_slug(&user.slug), &holder)?,
            Write::put_new(self, Identity, &keys::user(&user.id), &listed)?,
        ];
        if let Some((id, token_digest)) = registration {
            let present = super::transact::Condition::new("attribute_exists(pk)");
            let registration = keys::registration(&user.email, id);
            writes.push(Write::delete_if(self, Identity, &registration, Some(present)));
            writes.push(Write::delete(self, Identity, &keys::token(token_digest)));
        }
        let reason = |refused: Refused| match () {
            () if refused.names(0) => NotCreated::EmailTaken,
            () if refused.names(1) => NotCreated::SlugTaken,
            () => NotCreated::RegistrationGone,
        };
        Ok(self.transact(writes).await?.map_err(reason))
    }

    /// All accounts, newest first.
    ///
    /// # Errors
    /// As any list.
    pub async fn users(&self, params: &PageParams) -> Result<Page<User>, Problem> {
        self.page(&List::of_gsi1(Identity, keys::USERS), params).await
    }

    /// Gives an account another role, if `by` still is an admin at that moment: of two admins who
    /// take the role from each other at once, one stays.
    ///
    /// # Errors
    /// As any call.
    pub async fn set_role(
        &self,
        id: &UserId,
        role: Role,
        by: &UserId,
    ) -> Result<Result<(), RoleNotSet>, StoreError> {
        let text = |role: Role| AttributeValue::S(role.as_str().to_owned());
        let update = Update::builder()
            .table_name(self.table(Identity))
            .set_key(Some(keys::user(id).attributes()))
            .update_expression("SET #role = :role")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#role", "role")
            .expression_attribute_values(":role", text(role))
            .build()
            .expect("the table, key and expression are given");
        let check = ConditionCheck::builder()
            .table_name(self.table(Identity))
            .set_key(Some(keys::user(by).attributes()))
            .condition_expression("#role = :admin")
            .expression_attribute_names("#role", "role")
            .expression_attribute_values(":admin", text(Role::Admin))
            .build()
            .expect("the table, key and expression are given");
        let outcome = self.transact(vec![Write::check(check), Write::update(update)]).await?;
        Ok(outcome.map_err(|refused| match refused.names(0) {
            true => RoleNotSet::NotByAdmin,
            false => RoleNotSet::NoSuchUser,
        }))
    }
}

/// Why a role was not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleNotSet {
    /// Whoever sets it is no admin any more.
    NotByAdmin,
    /// There is no such account.
    NoSuchUser,
}
