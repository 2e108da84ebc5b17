//! The OAuth authorization server: endpoints and pages where users authorize apps, and clients get
//! tokens. The rules are in [`byline_shared::oauth`].

pub mod auth_grants_delete;
pub mod auth_grants_list;
mod contract;
mod examples;
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
mod redirects;
mod resource;
mod sign_in;

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
