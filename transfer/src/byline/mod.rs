//! A Byline's own tables: where a publication goes to and comes from. On this machine and on AWS
//! alike, through the same rules as every other door.

mod fit;
mod incoming;
mod leading;
mod library;
mod outgoing;

use std::cell::RefCell;
use std::collections::HashMap;

use byline_shared::Context;
use byline_shared::auth::actor::Actor;
use byline_shared::auth::{Caller, Credential};
use byline_shared::http::problem::Problem;
use byline_shared::model::{Email, Role, Scope, SessionId, User, UserId};

pub use outgoing::{ExportError, Exported, export};

use crate::import::NotTaken;

/// The tables of a Byline, and the admin in whose name they are written.
pub struct Tables {
    cx: Context,
    actor: Actor,
    users: RefCell<HashMap<UserId, User>>,
}

impl Tables {
    /// The tables that `cx` works on, in the name of the admin with this address.
    ///
    /// # Errors
    /// Where there is no such admin, or the tables cannot be read; what to do is said.
    pub async fn open(cx: Context, admin: &Email) -> Result<Self, String> {
        let found =
            cx.store.users().find_id_by_email(admin).await.map_err(|error| said(error.into()))?;
        let missing =
            || format!("{admin} has no account here. Name an admin's with --admin-email.");
        let id = found.ok_or_else(missing)?;
        let account = cx.store.users().get(&id).await.map_err(|error| said(error.into()))?;
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

    /// The account of an author.
    async fn user(&self, id: &UserId) -> Result<Option<User>, Problem> {
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

/// A problem as one sentence for the user of the command.
fn said(problem: Problem) -> String {
    if let Some(cause) = problem.cause {
        return format!("The tables cannot be used: {cause}.");
    }
    // What the API says around the errors is about a request, and there is none here.
    let errors: Vec<String> = problem
        .errors
        .into_iter()
        .map(|error| match error.pointer.trim_start_matches('/') {
            "" | "file" | "path" | "to" => error.message,
            field => format!("`{field}`: {}", error.message),
        })
        .collect();
    if errors.is_empty() { problem.detail } else { errors.join(" ") }
}

/// What is wrong with one thing is no reason to stop; what is wrong with the tables is.
fn not_taken(problem: Problem) -> NotTaken {
    match problem.code.status() {
        500.. => NotTaken::Failed(said(problem)),
        _ => NotTaken::Refused(said(problem)),
    }
}
