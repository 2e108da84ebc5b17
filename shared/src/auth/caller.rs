//! The caller of an operation: a user, the credential they proved, and its scopes.

use http::header::WWW_AUTHENTICATE;

use super::challenge;
use crate::http::problem::{Code, Problem};
use crate::model::{ApiKeyId, GrantId, Name, Role, Scope, SessionId, Time, User, UserId};
use crate::permission::{Action, Permission, Table};
use crate::store::keys;
use crate::store::rights::Right;

/// To hold a caller to their [right](Caller::right) in the write itself.
pub const HOLD_RIGHT: Permission =
    Permission::Items(Table::Identity, keys::USER_PREFIX, &[Action::ConditionCheckItem]);

/// A user, as they are now, and what they may do by what they sent.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub user: User,
    /// By what.
    pub credential: Credential,
    /// What their token or key may be used for.
    pub scopes: Vec<Scope>,
}

/// What a caller has proved who they are with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The access token of a sign-in.
    Session {
        /// The sign-in.
        id: SessionId,
        /// The account's `token_version`.
        token_version: u64,
        /// When they signed in.
        signed_in_at: Time,
    },
    /// An API key.
    ApiKey {
        /// The key.
        id: ApiKeyId,
        /// The name that its owner gave it.
        name: Name,
    },
    /// The access token of an app that the user authorized.
    Grant {
        /// What its user lets it do.
        id: GrantId,
        /// The app's `client_id`.
        client_id: String,
        /// The app's name when the user authorized it.
        client_name: String,
    },
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub user: User,
    /// By which sign-in.
    pub session_id: SessionId,
    /// The account's `token_version`.
    pub token_version: u64,
}

impl Caller {
    /// The user to whose own work their view is limited: authors see their own, editors all.
    #[must_use]
    pub fn limited_to(&self) -> Option<&UserId> {
        (self.user.role < Role::Editor).then_some(&self.user.id)
    }

    /// The person who is signed in.
    ///
    /// # Errors
    /// 403 for an API key or an app, which no scope would help.
    pub fn person(&self) -> Result<Person, Problem> {
        let who = match &self.credential {
            Credential::Session { id, token_version, .. } => {
                let (user, session_id) = (self.user.clone(), id.clone());
                return Ok(Person { user, session_id, token_version: *token_version });
            }
            Credential::ApiKey { .. } => "API key",
            Credential::Grant { .. } => "app",
        };
        let detail = format!(
            "Only a person who is signed in may do this. No {who} may, whatever its scopes: ask the \
             user to do it."
        );
        Err(Problem::new(Code::Forbidden, detail))
    }

    /// The right by which they act, as their role was read. What they write rests on it.
    #[must_use]
    pub fn right(&self) -> Right {
        Right::of(&self.user)
    }

    /// Whether their role and their token both hold `scope`.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.user.role >= scope.role() && self.scopes.contains(&scope)
    }

    /// # Errors
    /// 403 that says what is missing.
    pub fn require(&self, scope: Scope) -> Result<(), Problem> {
        let name = scope.as_str();
        if !self.scopes.contains(&scope) {
            let detail =
                format!("The access token or API key lacks the scope {name}: get one with it.");
            let challenge = challenge::insufficient_scope(&self.scopes, scope);
            return Err(
                Problem::new(Code::Forbidden, detail).with_header(WWW_AUTHENTICATE, challenge)
            );
        }
        if self.user.role < scope.role() {
            let (needed, role) = (scope.role().as_str(), self.user.role.as_str());
            let detail = format!(
                "This needs the role {needed}; your role is {role}. An admin can change it."
            );
            return Err(Problem::new(Code::Forbidden, detail));
        }
        Ok(())
    }
}
