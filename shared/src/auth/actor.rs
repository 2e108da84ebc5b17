//! Who acts, and by what means: the rules differ for people and for what works in their name.

use super::caller::{Caller, Credential};
use crate::http::problem::{Code, Problem};
use crate::model::{ActorKind, By, UserId};

/// A caller at one of the doors.
#[derive(Clone, Debug)]
pub struct Actor {
    /// In whose name, and with what rights.
    pub caller: Caller,
    /// By what kind of hand.
    pub kind: ActorKind,
    /// The program, as it names itself.
    pub client: Option<String>,
    /// The model, as the program names it.
    pub model: Option<String>,
}

impl Actor {
    /// A caller of the REST API: a person where they signed in, a program where it has a key or was
    /// let in.
    #[must_use]
    pub fn rest(caller: Caller) -> Self {
        let kind = match caller.credential {
            Credential::Session { .. } => ActorKind::Person,
            Credential::ApiKey(_) => ActorKind::ApiKey,
            Credential::Grant { .. } => ActorKind::McpClient,
        };
        Self { caller, kind, client: None, model: None }
    }

    /// A caller over MCP: always an agent, whosever token it has.
    #[must_use]
    pub fn mcp(caller: Caller) -> Self {
        Self { caller, kind: ActorKind::McpClient, client: None, model: None }
    }

    /// The same, with what a program says of itself: its name, where the credential does not tell
    /// it, and the model that it works with.
    #[must_use]
    pub fn said(mut self, client: Option<String>, model: Option<String>) -> Self {
        self.client = self.client.or(client);
        self.model = self.model.or(model);
        self
    }

    /// What is written down of them.
    #[must_use]
    pub fn by(&self) -> By {
        let (api_key_id, grant_id, client) = match &self.caller.credential {
            Credential::ApiKey(id) => (Some(id.clone()), None, None),
            Credential::Session { .. } => (None, None, None),
            Credential::Grant { id, client_name, .. } => {
                (None, Some(id.clone()), Some(client_name.clone()))
            }
        };
        By {
            user_id: self.caller.user.id.clone(),
            kind: self.kind,
            api_key_id,
            grant_id,
            // The name that its user read when they let it in, not what it calls itself today.
            client: client.or_else(|| self.client.clone()),
            model: self.model.clone(),
        }
    }

    /// Whether it is a person themselves.
    #[must_use]
    pub fn is_person(&self) -> bool {
        self.kind.is_person()
    }

    /// Refuses agents.
    ///
    /// # Errors
    /// 403 for API keys, OAuth clients and everything over MCP.
    pub fn require_person(&self) -> Result<(), Problem> {
        if self.is_person() {
            return Ok(());
        }
        let detail = "Only a person who is signed in may do this; agents and API keys may not.";
        Err(Problem::new(Code::Forbidden, detail))
    }

    /// The author to whom their view is limited: authors see their own posts, editors all.
    #[must_use]
    pub fn limited_to(&self) -> Option<&UserId> {
        self.caller.limited_to()
    }
}
