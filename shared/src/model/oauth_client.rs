//! An OAuth client (RFC 6749 §2), registered or described by its metadata document.

/// What an authorization request needs to know of its client.
#[derive(Clone, Debug)]
pub struct OAuthClient {
    /// The `client_id`.
    pub id: String,
    /// The `client_name`. Nobody has verified it.
    pub name: String,
    /// The host of its metadata document, which is under its owner's control; `None` for a registered
    /// client, about which nothing is proven.
    pub host: Option<String>,
    /// Its redirect URIs.
    pub redirect_uris: Vec<String>,
}
