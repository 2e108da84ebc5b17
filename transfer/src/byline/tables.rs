//! The connection of an import to Byline's own tables.

use std::cell::RefCell;
use std::collections::HashMap;

use byline_shared::Context;
use byline_shared::auth::actor::Actor;
use byline_shared::auth::{Caller, Credential};
use byline_shared::http::problem::Problem;
use byline_shared::model::{Email, Role, Scope, SessionId, User, UserId};
use byline_shared::store::StoreError;

/// Why the tables are not opened. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Nobody has this address.
    #[error("{0} has no account here. Name an admin's with --admin-email.")]
    NoAccount(Email),
    /// The account is no admin's, or is disabled.
    #[error("{0} is no admin here. Name an admin with --admin-email.")]
    NoAdmin(Email),
    /// The database.
    #[error("The tables cannot be used: {0}.")]
    Store(#[from] StoreError),
}

/// The tables of a Byline instance, and the admin account that imports write as.
pub struct Tables {
    pub(super) cx: Context,
    pub(super) actor: Actor,
    users: RefCell<HashMap<UserId, User>>,
}

impl Tables {
    /// Opens the tables of `cx`, to write as the admin with this e-mail address.
    ///
    /// # Errors
    /// If there is no such admin, or the tables cannot be read. The message says what to do.
    pub async fn open(cx: Context, admin: &Email) -> Result<Self, OpenError> {
        let missing = || OpenError::NoAccount(admin.clone());
        let id = cx.store.users().find_id_by_email(admin).await?.ok_or_else(missing)?;
        let account = cx.store.users().get(&id).await?.ok_or_else(missing)?;
        if account.user.role != Role::Admin || account.user.disabled {
            return Err(OpenError::NoAdmin(admin.clone()));
        }
        let signed_in_at = cx.clock.now();
        let id = SessionId::new(signed_in_at);
        let token_version = account.token_version;
        let credential = Credential::Session { id, token_version, signed_in_at };
        let scopes = Scope::ALL.to_vec();
        let actor = Actor::rest(Caller { user: account.user, credential, scopes });
        Ok(Self { cx, actor, users: RefCell::default() })
    }

    /// The account of an author; cached, because an import asks for it with every post.
    pub(super) async fn user(&self, id: &UserId) -> Result<Option<User>, Problem> {
        if let Some(user) = self.users.borrow().get(id) {
            return Ok(Some(user.clone()));
        }
        let user = self.cx.store.users().get(id).await?.map(|account| account.user);
        if let Some(user) = &user {
            self.users.borrow_mut().insert(id.clone(), user.clone());
        }
        Ok(user)
    }
}
