//! Who acts: a person, or an agent in their name. The rules differ.

use super::caller::{Caller, Credential};
use crate::http::problem::{Code, Problem};
use crate::model::{ActorKind, AgentMode, By, ConversationId, Scope, UserId};

/// A caller of REST, MCP or a worker.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The user, with the rights of the credential.
    pub caller: Caller,
    /// Whether a person or an agent acts.
    pub kind: ActorKind,
    /// The app, as it names itself.
    pub client: Option<String>,
    /// The model, as the app names it.
    pub model: Option<String>,
    /// The conversation in which the built-in agent acts.
    pub conversation: Option<ConversationId>,
}

impl Actor {
    /// A caller of the REST API: a person with the token of a sign-in, an agent with an API key or the
    /// token of an authorized app.
    #[must_use]
    pub fn rest(caller: Caller) -> Self {
        let kind = match caller.credential {
            Credential::Session { .. } => ActorKind::Person,
            Credential::ApiKey { .. } => ActorKind::ApiKey,
            Credential::Grant { .. } => ActorKind::McpClient,
        };
        Self { caller, kind, client: None, model: None, conversation: None }
    }

    /// A caller over MCP: always an agent.
    #[must_use]
    pub fn mcp(caller: Caller) -> Self {
        let kind = ActorKind::McpClient;
        Self { caller, kind, client: None, model: None, conversation: None }
    }

    /// The built-in agent in a conversation of the caller: with the scopes of the caller that the
    /// conversation's mode allows.
    #[must_use]
    pub fn agent(
        mut caller: Caller,
        mode: AgentMode,
        model: String,
        conversation: ConversationId,
    ) -> Self {
        caller.scopes.retain(|scope| mode.allows(*scope));
        let (kind, model, conversation) = (ActorKind::Agent, Some(model), Some(conversation));
        Self { caller, kind, client: None, model, conversation }
    }

    /// Adds what an app says about itself: its name, unless the credential names it, and its model.
    #[must_use]
    pub fn said(mut self, client: Option<String>, model: Option<String>) -> Self {
        self.client = self.client.or(client);
        self.model = self.model.or(model);
        self
    }

    /// The author of a revision or a decision, as it is stored.
    #[must_use]
    pub fn by(&self) -> By {
        let (key, grant_id, client) = match &self.caller.credential {
            Credential::ApiKey { id, name } => (Some((id.clone(), name.clone())), None, None),
            Credential::Session { .. } => (None, None, None),
            Credential::Grant { id, client_name, .. } => {
                (None, Some(id.clone()), Some(client_name.clone()))
            }
        };
        let (api_key_id, api_key_name) = key.unzip();
        By {
            user_id: self.caller.user.id.clone(),
            user_name: Some(self.caller.user.name.clone()),
            kind: self.kind,
            api_key_id,
            api_key_name,
            grant_id,
            // The name that the user saw on the consent page, not the one it uses today.
            client: client.or_else(|| self.client.clone()),
            model: self.model.clone(),
            conversation_id: self.conversation.clone(),
        }
    }

    /// Whether a person acts, and not an agent.
    #[must_use]
    pub fn is_person(&self) -> bool {
        self.kind.is_person()
    }

    /// Whether a person acts who has the right to publish: what they write or approve may go live.
    #[must_use]
    pub fn is_publisher(&self) -> bool {
        self.is_person() && self.caller.may(Scope::PostsPublish)
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

    /// The author whose posts the caller may see; `None` for editors, who see all.
    #[must_use]
    pub fn limited_to(&self) -> Option<&UserId> {
        self.caller.limited_to()
    }
}
