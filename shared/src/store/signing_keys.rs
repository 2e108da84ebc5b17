//! The public halves of signing keys, in `identity`. The private halves are in the parameter
//! store, for issuing functions alone.

use serde::{Deserialize, Serialize};

use super::{Store, StoreError, keys};
use crate::endpoint::Table::Identity;
use crate::model::{KeyId, Time};

/// A stored P-256 public key, its coordinates in base64url as in a JWK.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SigningKeyItem {
    /// The `kid`.
    pub id: KeyId,
    /// The x coordinate.
    pub x: String,
    /// The y coordinate.
    pub y: String,
    /// When it was made.
    pub created_at: Time,
}

impl Store {
    /// Keeps a public key.
    ///
    /// # Errors
    /// As any call.
    pub async fn put_signing_key(&self, item: &SigningKeyItem) -> Result<(), StoreError> {
        self.put_new(Identity, &keys::signing_key(&item.id), item).await?;
        Ok(())
    }

    /// The public key with this `kid`.
    ///
    /// # Errors
    /// As any call.
    pub async fn signing_key(&self, id: &KeyId) -> Result<Option<SigningKeyItem>, StoreError> {
        self.get(Identity, &keys::signing_key(id)).await
    }
}
