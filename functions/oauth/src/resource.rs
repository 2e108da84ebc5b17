//! What is said of the MCP endpoint as a protected resource (RFC 9728 §2).

use byline_shared::auth::requirement::Audience;
use byline_shared::model::Scope;
use byline_shared::prelude::*;

/// The metadata of a protected resource.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProtectedResourceMetadata")]
pub struct ProtectedResource {
    /// The resource: what `resource` must say and what `aud` says.
    pub resource: String,
    /// Who issues tokens for it.
    pub authorization_servers: Vec<String>,
    /// What ordinary work needs. Further scopes are asked for when they are needed.
    pub scopes_supported: Vec<Scope>,
    /// In the `Authorization` header alone.
    pub bearer_methods_supported: Vec<String>,
    /// The publication's name.
    pub resource_name: String,
    /// The API's reference.
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
