//! The representation of an API key, without the key itself.

use byline_shared::model::{ApiKeyId, Name, Scope, Time};
use byline_shared::prelude::*;
use byline_shared::store::api_keys::ApiKeyItem;

/// An API key, without the key itself.
#[derive(Serialize, JsonSchema)]
pub struct ApiKey {
    /// The key's id.
    pub id: ApiKeyId,
    /// The name that its owner gave it.
    pub name: Name,
    /// The scopes of the key.
    pub scopes: Vec<Scope>,
    /// When the key was created.
    pub created_at: Time,
    /// When the key expires.
    pub expires_at: Time,
    /// When the key was last used, accurate to an hour. Null if it never was.
    pub last_used_at: Option<Time>,
}

impl ApiKey {
    /// The representation of a stored key.
    pub(crate) fn from_item(item: ApiKeyItem, last_used_at: Option<Time>) -> Self {
        let ApiKeyItem { id, name, scopes, created_at, expires_at, .. } = item;
        Self { id, name, scopes, created_at, expires_at, last_used_at }
    }

    pub(crate) fn example() -> Self {
        let session = byline_shared::examples::session();
        Self {
            id: "key_01JD9ZN5V8Q2M4T6W8X0Y2Z4G8".parse().expect("it is an id"),
            name: Name::trusted("Build server"),
            scopes: vec![Scope::PostsRead, Scope::PostsWrite],
            created_at: session.created_at,
            expires_at: session.expires_at,
            last_used_at: None,
        }
    }
}
