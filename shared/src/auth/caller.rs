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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples;

    fn caller(role: Role, credential: Credential, scopes: &[Scope]) -> Caller {
        Caller { user: User { role, ..examples::user() }, credential, scopes: scopes.to_vec() }
    }

    fn session() -> Credential {
        let session = examples::session();
        let (id, token_version, signed_in_at) = (session.id, 3, session.created_at);
        Credential::Session { id, token_version, signed_in_at }
    }

    fn key() -> Credential {
        let id = "key_01JD9ZK3V8Q2M4T6W8X0Y2Z4A6".parse().unwrap();
        Credential::ApiKey { id, name: Name::trusted("CI") }
    }

    fn grant() -> Credential {
        let id = examples::GRANT_ID.parse().unwrap();
        Credential::Grant { id, client_id: "c".to_owned(), client_name: "An app".to_owned() }
    }

    #[test]
    fn a_scope_takes_the_role_and_the_token() {
        for scope in Scope::ALL {
            for role in Role::ALL {
                for held in [true, false] {
                    let all: Vec<Scope> =
                        Scope::ALL.into_iter().filter(|other| held || *other != scope).collect();
                    let caller = caller(role, key(), &all);
                    let may = held && role >= scope.role();
                    assert_eq!(caller.may(scope), may, "{scope:?} {role:?}");
                    match caller.require(scope) {
                        Ok(()) => assert!(may, "{scope:?} {role:?}"),
                        Err(refusal) => {
                            assert!(!may, "{scope:?} {role:?}");
                            assert_eq!(refusal.code, Code::Forbidden);
                            let words = match held {
                                true => format!("This needs the role {}", scope.role().as_str()),
                                false => format!(
                                    "The access token or API key lacks the scope {}",
                                    scope.as_str()
                                ),
                            };
                            assert!(refusal.detail.starts_with(&words), "{}", refusal.detail);
                            assert_eq!(refusal.headers.len(), usize::from(!held));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn only_a_sign_in_is_a_person() {
        let person = caller(Role::Author, session(), &[]).person().unwrap();
        assert_eq!((person.user.id, person.token_version), (examples::user().id, 3));
        assert_eq!(person.session_id, examples::session().id);
        for (credential, what) in [(key(), "API key"), (grant(), "app")] {
            let refusal = caller(Role::Admin, credential, &Scope::ALL).person().unwrap_err();
            assert_eq!(refusal.code, Code::Forbidden);
            assert!(refusal.detail.contains(&format!("No {what} may")), "{}", refusal.detail);
        }
    }

    #[test]
    fn editors_see_everything_and_authors_their_own() {
        for (role, sees_all) in [
            (Role::Reader, false),
            (Role::Author, false),
            (Role::Editor, true),
            (Role::Admin, true),
        ] {
            let caller = caller(role, session(), &[]);
            let own = (!sees_all).then_some(&caller.user.id);
            assert_eq!(caller.limited_to(), own, "{role:?}");
        }
    }

    #[test]
    fn who_acted_is_noted_with_the_means() {
        use crate::auth::Actor;
        use crate::model::{ActorKind, AgentMode};
        let of = |credential| caller(Role::Editor, credential, &Scope::ALL);
        let person = Actor::rest(of(session()));
        assert!(person.is_person() && person.is_publisher() && person.require_person().is_ok());
        let by = person.by();
        assert_eq!((by.kind, by.user_name), (ActorKind::Person, Some(examples::user().name)));
        assert_eq!((by.api_key_id, by.grant_id, by.client), (None, None, None));
        let by = Actor::rest(of(key())).said(Some("curl".into()), Some("m".into())).by();
        assert_eq!((by.kind, by.api_key_name), (ActorKind::ApiKey, Some(Name::trusted("CI"))));
        assert_eq!((by.client.as_deref(), by.model.as_deref()), (Some("curl"), Some("m")));
        assert!(by.api_key_id.is_some() && by.grant_id.is_none());
        // An app has the name that its user authorized, whatever it calls itself.
        let by = Actor::mcp(of(grant())).said(Some("Other".into()), None).by();
        assert_eq!((by.kind, by.client.as_deref()), (ActorKind::McpClient, Some("An app")));
        assert_eq!(by.grant_id, Some(examples::GRANT_ID.parse().unwrap()));
        let agent =
            Actor::agent(of(session()), AgentMode::Read, "m".into(), examples::conversation().id);
        assert!(!agent.caller.may(Scope::PostsWrite) && agent.caller.may(Scope::PostsRead));
        assert!(!agent.is_person() && !agent.is_publisher());
        assert_eq!(agent.require_person().unwrap_err().code, Code::Forbidden);
        let by = agent.said(None, Some("other".into())).by();
        assert_eq!((by.kind, by.model.as_deref()), (ActorKind::Agent, Some("m")));
        assert_eq!(by.conversation_id, Some(examples::conversation().id));
        assert!(!Actor::rest(caller(Role::Author, session(), &Scope::ALL)).is_publisher());
    }
}
