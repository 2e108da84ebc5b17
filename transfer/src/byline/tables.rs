//! The connection of an import to Byline's own tables.

use std::cell::RefCell;
use std::collections::HashMap;

use byline_shared::Context;
use byline_shared::auth::actor::Actor;
use byline_shared::auth::{Caller, Credential};
use byline_shared::http::problem::Problem;
use byline_shared::model::{Email, Role, Scope, SessionId, User, UserId};

use super::problems::describe;

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
    pub async fn open(cx: Context, admin: &Email) -> Result<Self, String> {
        let found = cx
            .store
            .users()
            .find_id_by_email(admin)
            .await
            .map_err(|error| describe(error.into()))?;
        let missing =
            || format!("{admin} has no account here. Name an admin's with --admin-email.");
        let id = found.ok_or_else(missing)?;
        let account = cx.store.users().get(&id).await.map_err(|error| describe(error.into()))?;
        let account = account.ok_or_else(missing)?;
        if account.user.role != Role::Admin || account.user.disabled {
            return Err(format!("{admin} is no admin here. Name an admin with --admin-email."));
        }
        let id = SessionId::new(cx.clock.now());
        let credential = Credential::Session { id, token_version: account.token_version };
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
