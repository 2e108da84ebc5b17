//! OAuth clients: registered ones, and those with a metadata document.

use super::document::{self, DocumentError};
use super::redirect;
use crate::context::Context;
use crate::model::{OAuthClient, OAuthClientId, is_deceptive};
use crate::store::StoreError;

/// The longest client name, in characters.
const MAX_NAME: usize = 100;

/// Why there is no client for a `client_id`.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// It is not registered, or its registration has expired. The text is for the user.
    #[error(
        "This app is not registered here, or its registration has expired. Remove this server \
             from the app and add it again."
    )]
    Unknown,
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

/// A client name that is safe to show: trimmed, one line, with a letter or digit and without
/// characters that make it look like another name.
pub(super) fn name(given: &str) -> Option<String> {
    let name = given.trim();
    let plain = |char: char| !char.is_control() && !is_deceptive(char) && !is_invisible(char);
    let fits = name.chars().any(char::is_alphanumeric)
        && name.chars().count() <= MAX_NAME
        && name.chars().all(plain);
    fits.then(|| name.to_owned())
}

/// Line and paragraph separators, and characters that draw nothing (Unicode's
/// `Default_Ignorable_Code_Point` and the blank Braille pattern). A name with them could look like
/// another name, or be empty to the eye.
fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{16fe4}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
