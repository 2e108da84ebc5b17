//! An OAuth client (RFC 6749 §2), registered or described by its metadata document.

/// What the authorization server needs to know of a client.
#[derive(Clone, Debug)]
pub struct OAuthClient {
    /// Its `client_id`.
    pub id: String,
    /// Its name, chosen by the client itself and therefore no proof of anything.
    pub name: String,
    /// The host of its metadata document, which proves who wrote the document.
    pub host: Option<String>,
    /// Its redirect URIs.
    pub redirect_uris: Vec<String>,
}
