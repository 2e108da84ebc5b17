//! Client ID Metadata Documents (draft-ietf-oauth-client-id-metadata-document-02): the `client_id` is
//! the URL of a JSON document about the client.

mod fetch;

use serde::Deserialize;
use url::{Host, Url};

use super::client_name;
use super::redirect;
use crate::context::Context;
use crate::model::OAuthClient;
use fetch::FetchError;

/// The longest URL of a document, in bytes.
const MAX_URL: usize = 500;

/// How many of a document's redirect URIs count.
const MAX_REDIRECT_URIS: usize = 20;

/// Why a client's metadata document cannot be used; the text is for the user.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The `client_id` is not a URL that may be fetched.
    #[error("The app's client_id is not a valid URL: it {0}.")]
    Url(&'static str),
    /// There was no usable response.
    #[error("The app's metadata could not be loaded from {host}: {cause}.")]
    NotFetched {
        /// The host of the URL.
        host: String,
        /// What went wrong.
        #[source]
        cause: FetchError,
    },
    /// The document breaks a rule.
    #[error("The app's metadata at {host} is not valid: {reason}.")]
    Invalid {
        /// The host of the URL.
        host: String,
        /// Which rule.
        reason: &'static str,
    },
}

impl DocumentError {
    /// What the user can do about it, if it is something that this server's owner can change.
    pub(super) fn advice(&self) -> Option<&'static str> {
        match self {
            Self::NotFetched { .. } => Some(
                "Try again in a few minutes. If it stays like this, this server may have no way out \
                 to the internet: its owner can set OAuthDocuments to off (on one machine: \
                 BYLINE_OAUTH_DOCUMENTS=off). Then remove this server from the app and add it again, \
                 and the app registers itself. An API key works in any case.",
            ),
            Self::Url(_) | Self::Invalid { .. } => None,
        }
    }
}

#[derive(Deserialize)]
struct Document {
    client_id: String,
    client_name: String,
    redirect_uris: Vec<String>,
    #[serde(default)]
    token_endpoint_auth_method: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    grant_types: Option<Vec<String>>,
    #[serde(default)]
    response_types: Option<Vec<String>>,
    #[serde(default)]
    client_secret: Option<serde_json::Value>,
    #[serde(default)]
    client_secret_expires_at: Option<serde_json::Value>,
    #[serde(default)]
    jwks: Option<serde_json::Value>,
}

/// The client whose document is at the URL `id`, from memory or fetched.
///
/// # Errors
/// Where the URL may not be fetched, nothing usable is there, or the document is not valid.
pub(super) async fn client(cx: &Context, id: &str) -> Result<OAuthClient, DocumentError> {
    let url = check_url(id).map_err(DocumentError::Url)?;
    let now = cx.clock.now();
    if let Some(client) = cx.client_documents.get(id, now) {
        return Ok(client);
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    let (body, kept_for) = match fetch::fetch(cx, &url).await {
        Ok(fetched) => fetched,
        Err(cause) => {
            tracing::info!(%host, ?cause, "a client metadata document could not be fetched");
            return Err(DocumentError::NotFetched { host, cause });
        }
    };
    let client = match read(cx, id, &host, &body) {
        Ok(client) => client,
        Err(reason) => return Err(DocumentError::Invalid { host, reason }),
    };
    if kept_for > 0 {
        let expires_at = now.plus_seconds(kept_for);
        cx.client_documents.insert(id.to_owned(), client.clone(), expires_at);
    }
    Ok(client)
}

/// Parses a `client_id` that may be fetched: https on its default port, a host name, a path, and no
/// part that a server never sees (draft §3).
fn check_url(id: &str) -> Result<Url, &'static str> {
    if id.len() > MAX_URL {
        return Err("is too long");
    }
    let url = Url::parse(id).map_err(|_| "cannot be parsed")?;
    if url.scheme() != "https" || !matches!(url.host(), Some(Host::Domain(_))) {
        return Err("must use https and a host name, not an IP address");
    }
    if url.port().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err("must not have a port, a user name or a password");
    }
    if url.fragment().is_some() || url.path() == "/" {
        return Err("must have a path and no fragment");
    }
    let lower = id.to_ascii_lowercase();
    // The parser would resolve dot segments and normalise other spellings: two texts, one document.
    if url.as_str() != id || ["/%2e/", "/%2e%2e/", "/.%2e/"].iter().any(|dots| lower.contains(dots))
    {
        return Err("must be in its normal form, without . and .. segments");
    }
    Ok(url)
}

/// Checks a document and takes the client from it; the error says which rule it breaks.
fn read(cx: &Context, id: &str, host: &str, body: &[u8]) -> Result<OAuthClient, &'static str> {
    let document = super::object::<Document>(body)
        .ok_or("it must be a JSON object with client_id, client_name and redirect_uris")?;
    if document.client_id != id {
        return Err("its client_id is another URL");
    }
    // Draft §4.1. In a JWK, `d` is the private part and `k` a shared key (RFC 7518 §6).
    let keys = document.jwks.as_ref().and_then(|set| set.get("keys")?.as_array());
    let is_secret = |key: &serde_json::Value| key.get("d").is_some() || key.get("k").is_some();
    if document.client_secret.is_some()
        || document.client_secret_expires_at.is_some()
        || keys.is_some_and(|keys| keys.iter().any(is_secret))
    {
        return Err("it contains a secret");
    }
    let method = document.token_endpoint_auth_method.as_deref();
    if method.is_some_and(|method| method.starts_with("client_secret_")) {
        return Err("it asks for a client secret, which such an app cannot have");
    }
    // A client that can sign may also list `none`: here it is a public client.
    let supported = &document.token_endpoint_auth_methods_supported;
    if !matches!(method, None | Some("none")) && !supported.iter().any(|name| name == "none") {
        return Err("it requires client authentication, which is not supported for such an app");
    }
    let lacks = |listed: &Option<Vec<String>>, wanted: &str| {
        listed.as_ref().is_some_and(|listed| !listed.iter().any(|name| name == wanted))
    };
    if lacks(&document.grant_types, "authorization_code") || lacks(&document.response_types, "code")
    {
        return Err("it does not use authorization codes");
    }
    let name = client_name::check(&document.client_name)
        .ok_or("its client_name is empty, too long, or has characters that cannot be shown")?;
    let usable =
        document.redirect_uris.into_iter().filter(|uri| redirect::check(&cx.config, uri).is_ok());
    let redirect_uris: Vec<String> = usable.take(MAX_REDIRECT_URIS).collect();
    if redirect_uris.is_empty() {
        return Err("it lists no valid redirect URI");
    }
    Ok(OAuthClient { id: id.to_owned(), name, host: Some(host.to_owned()), redirect_uris })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_https_urls_with_a_path_are_fetched() {
        assert!(check_url("https://agent.example/client.json").is_ok());
        assert!(check_url("https://agent.example/a/b?v=1").is_ok());
        for id in [
            "http://agent.example/client.json",
            "https://agent.example",
            "https://agent.example/",
            "https://agent.example/a#b",
            "https://u@agent.example/a",
            "https://:p@agent.example/a",
            "https://agent.example/a/%2e/b",
            "https://agent.example/a/.%2e/b",
            "ftp://agent.example/a",
            "agent.example/a",
            "https://agent.example:444/a",
            "https://agent.example/a/../b",
            "https://agent.example/%2E%2E/b",
            "https://AGENT.example/a",
            "https://127.0.0.1/a",
            "https://[::1]/a",
            "https://0x7f.1/a",
            "https://2130706433/a",
        ] {
            assert!(check_url(id).is_err(), "{id}");
        }
    }

    #[test]
    fn a_url_has_500_characters_at_most() {
        let start = "https://agent.example/";
        let url = format!("{start}{}", "x".repeat(500 - start.len()));
        assert!(check_url(&url).is_ok());
        assert!(check_url(&format!("{url}x")).is_err());
    }
}
