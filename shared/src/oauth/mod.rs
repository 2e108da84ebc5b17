//! The authorization server: what programs may do in a user's name (OAuth 2.1, and RFC 7009, 7591,
//! 7636, 7662, 8414, 8707, 9207, 9700, 9728; Client ID Metadata ).
//!
//! A grant is a session of a program ([`crate::store::sessions::SessionItem::oauth`]), so whatever
//! ends sessions ends grants. `docs/OAUTH.md` lists each rule with its RFC and its test.

pub mod browser;
pub mod client;
mod client_auth;
mod code;
mod consent;
mod document;
mod error;
mod form;
pub mod redirect;
mod refresh;
pub mod registration;
pub mod request;
mod special_use;
mod tokens;

pub use client_auth::{ClientProof, authenticate};
pub use code::{grant_code, redeem};
pub use consent::{agree, consent_before, decline, shut_out};
pub use error::{Failure, OAuthCode, OAuthError, answer, json_response};
pub use form::Form;
pub use refresh::refresh;
pub use tokens::{Introspection, Tokens, introspect, revoke};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::Url;

use crate::auth::requirement::Audience;
use crate::config::Config;
use crate::model::Scope;

/// The resource that a client names, in the spelling of this server (RFC 8707). One that names none
/// gets the MCP endpoint: clients of before 2025-06-18 do not know the parameter, and the endpoint of
/// agents may do less than the REST API.
///
/// # Errors
/// `invalid_target` for any other one.
pub fn resource(config: &Config, named: Option<&str>) -> Result<String, OAuthError> {
    let mcp = Audience::Mcp.resource(&config.public_url);
    let Some(named) = named else { return Ok(mcp) };
    let spelled = Url::parse(named).ok().filter(|url| url.fragment().is_none());
    let known = [mcp, Audience::Api.resource(&config.public_url)];
    // Scheme and host are compared without regard to case, and "https://a" is "https://a/".
    let fits = |resource: &String| Url::parse(resource).ok() == spelled && spelled.is_some();
    known.into_iter().find(fits).ok_or_else(|| {
        let detail = "resource must be the address of this server's MCP endpoint or of its API";
        OAuthError::new(OAuthCode::InvalidTarget, detail)
    })
}

/// The scopes of a request. What is unknown is left out, as the answer tells (RFC 6749 §3.3); the
/// profile is always among them, because nothing works without it.
///
/// # Errors
/// `invalid_scope` where scopes are named and all of them are unknown.
pub fn scopes(named: Option<&str>) -> Result<Vec<Scope>, OAuthError> {
    let named: Vec<&str> = named.unwrap_or_default().split_ascii_whitespace().collect();
    if named.is_empty() {
        return Ok(Scope::DEFAULT.to_vec());
    }
    let known = |scope: &Scope| named.contains(&scope.as_str());
    // What clients ask every server for.
    let common = named.iter().any(|name| ["offline_access", "openid"].contains(name));
    if !common && !Scope::ALL.iter().any(known) {
        return Err(OAuthError::new(OAuthCode::InvalidScope, "none of the scopes is known here"));
    }
    let asked = Scope::ALL.into_iter().filter(|scope| *scope == Scope::Profile || known(scope));
    Ok(asked.collect())
}

/// A JSON object. A list of its values in order would do for serde, and is none.
fn object<T: DeserializeOwned>(text: &[u8]) -> Option<T> {
    let object: Map<String, Value> = serde_json::from_slice(text).ok()?;
    serde_json::from_value(Value::Object(object)).ok()
}
