//! Who may call an operation, and whom their token must be for.

use crate::model::Scope;

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Those whose role and token both hold this scope.
    Scope(Scope),
    /// Those who may publish: whose role and token hold `posts:publish`. A person with a lower role, who may
    /// write, passes too: whether authors publish their own posts is a setting, which the rules of
    /// publishing ask about the post in question.
    Publish,
    /// A person who is signed in, and no API key and no app, whatever its scopes.
    Person {
        /// The scope that their role and token must hold.
        scope: Scope,
        /// How long ago they may have signed in.
        sign_in: SignIn,
    },
    /// A person who is signed in in a browser and whose role includes this scope. Tokens and keys are
    /// not looked at.
    Desk(Scope),
}

/// How long ago a person may have signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// At any time, if they are signed in still.
    AnyTime,
    /// Within the last minutes.
    JustNow,
}

/// Whom an access token is for (RFC 8707): each resource takes its own alone. API keys are taken
/// at both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The REST API.
    Api,
    /// The MCP endpoint.
    Mcp,
}

impl Audience {
    /// Both resources.
    pub const ALL: [Self; 2] = [Self::Api, Self::Mcp];

    /// The resource's identifier on the stack at `public_url`: the `aud` of its tokens.
    #[must_use]
    pub fn resource(self, public_url: &str) -> String {
        match self {
            Self::Api => public_url.to_owned(),
            Self::Mcp => format!("{public_url}/mcp"),
        }
    }

    /// The URL of the resource's metadata (RFC 9728 §3.1).
    #[must_use]
    pub fn metadata_url(self, public_url: &str) -> String {
        let path = match self {
            Self::Api => "",
            Self::Mcp => "/mcp",
        };
        format!("{public_url}/.well-known/oauth-protected-resource{path}")
    }
}
