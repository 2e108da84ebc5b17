//! The OAuth authorization server: programs that act in a user's name, on the user's word.

pub mod auth_grants_delete;
pub mod auth_grants_list;
mod contract;
mod flow;
pub mod oauth_authorize;
pub mod oauth_authorize_submit;
pub mod oauth_introspect;
pub mod oauth_register;
pub mod oauth_resource;
pub mod oauth_resource_mcp;
pub mod oauth_revoke;
pub mod oauth_server;
pub mod oauth_token;
mod pages;
mod resource;

use byline_shared::endpoint::Operation;

/// The operations of this domain.
pub static OPERATIONS: [Operation; 11] = [
    oauth_server::OPERATION,
    oauth_resource::OPERATION,
    oauth_resource_mcp::OPERATION,
    oauth_authorize::OPERATION,
    oauth_authorize_submit::OPERATION,
    oauth_token::OPERATION,
    oauth_revoke::OPERATION,
    oauth_introspect::OPERATION,
    oauth_register::OPERATION,
    auth_grants_list::OPERATION,
    auth_grants_delete::OPERATION,
];

/// A form as the text of an example's body.
fn form_text(pairs: &[(&str, &str)]) -> serde_json::Value {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into()
}
