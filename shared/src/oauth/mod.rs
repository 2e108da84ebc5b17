//! The OAuth 2.1 authorization server (with RFC 7009, 7591, 7636, 7662, 8414, 8707, 9207, 9700, 9728
//! and Client ID Metadata ).
//!
//! A grant is a session with a client ([`crate::store::sessions::SessionItem::oauth`]), so whatever
//! ends sessions ends grants. `docs/OAUTH-CONFORMANCE.md` lists each rule with its source and test.

mod apps;
pub mod client;
mod client_auth;
mod client_name;
mod code;
mod consent;
mod document;
mod error;
mod form;
mod grants;
pub mod redirect;
mod refresh;
pub mod registration;
pub mod request;
mod tokens;

pub use client_auth::{ClientProof, client_form};
pub use code::{issue_code, redeem};
pub use consent::{authorize, deny, previous_consent};
pub use error::{Failure, OAuthCode, OAuthError, answer, json_response, respond};
pub use form::Form;
pub use grants::{list_grants, revoke_grant};
pub use refresh::refresh;
pub use tokens::{Introspection, Tokens, introspect, revoke};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use url::Url;

use crate::auth::requirement::Audience;
use crate::config::Config;
use crate::model::Scope;

/// The resource that a request names (RFC 8707), in this server's spelling. The default is the MCP
/// endpoint: clients older than MCP 2025-06-18 do not send the parameter, and a token for MCP can do
/// less than one for the REST API.
///
/// # Errors
/// `invalid_target` for a resource of another server.
pub fn resource(config: &Config, named: Option<&str>) -> Result<String, OAuthError> {
    let mcp = Audience::Mcp.resource(&config.public_url);
    let Some(named) = named else { return Ok(mcp) };
    let spelled = Url::parse(named).ok().filter(|url| url.fragment().is_none());
    let known = [mcp, Audience::Api.resource(&config.public_url)];
    // Scheme and host are compared without regard to case, and "https://a" is "https://a/".
    let fits = |resource: &String| Url::parse(resource).ok() == spelled && spelled.is_some();
    known.into_iter().find(fits).ok_or_else(|| {
        let detail = "resource must be the URL of this server's MCP endpoint or of its API";
        OAuthError::new(OAuthCode::InvalidTarget, detail)
    })
}

/// The scopes of a request. Unknown ones are ignored; the response's `scope` says so (RFC 6749 §3.3).
/// [`Scope::Profile`] is always included, because nothing works without it.
///
/// # Errors
/// `invalid_scope` if all of the named scopes are unknown.
pub fn scopes(named: Option<&str>) -> Result<Vec<Scope>, OAuthError> {
    let named: Vec<&str> = named.unwrap_or_default().split_ascii_whitespace().collect();
    if named.is_empty() {
        return Ok(Scope::DEFAULT.to_vec());
    }
    let known = |scope: &Scope| named.contains(&scope.as_str());
    // Many clients ask every server for these.
    let common = named.iter().any(|name| ["offline_access", "openid"].contains(name));
    if !common && !Scope::ALL.iter().any(known) {
        return Err(OAuthError::new(OAuthCode::InvalidScope, "none of the scopes is known"));
    }
    let asked = Scope::ALL.into_iter().filter(|scope| *scope == Scope::Profile || known(scope));
    Ok(asked.collect())
}

/// Reads a JSON object. serde alone would also accept an array of the fields in order.
fn object<T: DeserializeOwned>(text: &[u8]) -> Option<T> {
    let object: Map<String, Value> = serde_json::from_slice(text).ok()?;
    serde_json::from_value(Value::Object(object)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_that_are_not_known_are_left_out_unless_none_is() {
        for nothing in [None, Some(""), Some("  ")] {
            assert_eq!(scopes(nothing).unwrap(), Scope::DEFAULT);
        }
        let of = |named: &str| scopes(Some(named)).unwrap();
        assert_eq!(of("posts:read"), [Scope::Profile, Scope::PostsRead]);
        assert_eq!(of("unknown admin"), [Scope::Profile, Scope::Admin]);
        assert_eq!(of("openid"), [Scope::Profile]);
        assert_eq!(of("offline_access unknown"), [Scope::Profile]);
        assert_eq!(scopes(Some("unknown other")).unwrap_err().code, OAuthCode::InvalidScope);
    }

    #[test]
    fn metadata_is_a_json_object() {
        #[derive(serde::Deserialize)]
        struct Named {
            name: String,
        }
        assert_eq!(object::<Named>(br#"{"name":"a"}"#).map(|it| it.name).as_deref(), Some("a"));
        assert!(object::<Named>(br#"["a"]"#).is_none());
        assert!(object::<Named>(b"{}").is_none() && object::<Named>(b"a").is_none());
    }
}
