//! OAuth clients: registered ones, and those with a metadata document.

use super::document::{self, DocumentError};
use super::redirect;
use crate::context::Context;
use crate::model::{OAuthClient, OAuthClientId};
use crate::store::StoreError;

/// Why there is no client for a `client_id`.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// It is not registered, or its registration has expired. The text is for the user.
    #[error(
        "This app is not registered here, or its registration has expired. Remove this server \
             from the app and add it again."
    )]
    Unknown,
    /// Its `client_id` is the URL of a metadata document, and they are switched off. The text is for the
    /// user.
    #[error(
        "This server does not accept apps that are described by a metadata document. Remove this \
             server from the app and add it again: the app then registers itself."
    )]
    DocumentsOff,
    /// Its metadata document cannot be used.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OAuthClient {
    /// Whether all redirect URIs lead to the user's own machine. Any app there can claim to be this
    /// client.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.redirect_uris.iter().all(|uri| redirect::is_local(uri))
    }
}

/// The client with this `client_id`.
///
/// # Errors
/// Where it is unknown, its document cannot be used, or the database fails.
pub async fn find(cx: &Context, id: &str) -> Result<OAuthClient, ClientError> {
    if id.starts_with("https://") {
        if !cx.config.oauth_documents {
            return Err(ClientError::DocumentsOff);
        }
        return Ok(document::client(cx, id).await?);
    }
    let id: OAuthClientId = id.parse().map_err(|_| ClientError::Unknown)?;
    let item = cx.store.oauth_clients().get(&id).await?;
    let item = item.filter(|item| item.ttl > cx.clock.now().as_seconds());
    let item = item.ok_or(ClientError::Unknown)?;
    Ok(OAuthClient {
        id: item.id.to_string(),
        name: item.name,
        host: None,
        redirect_uris: item.redirect_uris,
    })
}
