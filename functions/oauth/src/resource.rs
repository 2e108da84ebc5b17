//! The metadata of the MCP endpoint as a protected resource (RFC 9728 §2).

use byline_shared::auth::requirement::Audience;
use byline_shared::model::Scope;
use byline_shared::prelude::*;

/// The metadata of a protected resource.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProtectedResourceMetadata")]
pub struct ProtectedResource {
    /// The URL of the MCP endpoint: the `resource` of requests and the `aud` of tokens.
    pub resource: String,
    /// The issuers of tokens for it.
    pub authorization_servers: Vec<String>,
    /// The scopes for everyday work. A challenge names further scopes when a call needs them.
    pub scopes_supported: Vec<Scope>,
    /// How a token is sent: only in the `Authorization` header.
    pub bearer_methods_supported: Vec<String>,
    /// The name of the publication.
    pub resource_name: String,
    /// The URL of the API reference.
    pub resource_documentation: String,
}

impl Representation for ProtectedResource {}

impl ProtectedResource {
    pub(crate) fn mcp(url: &str, name: &str) -> Self {
        Self {
            resource: Audience::Mcp.resource(url),
            authorization_servers: vec![url.to_owned()],
            scopes_supported: Scope::DEFAULT.to_vec(),
            bearer_methods_supported: vec!["header".to_owned()],
            resource_name: name.to_owned(),
            resource_documentation: format!("{url}/docs"),
        }
    }
}
