//! Sign-ups that wait for their address to be confirmed, in `identity`.
//!
//! No account exists before that, and each sign-up keeps its own password: whoever confirms the
//! address gets the account with the password of the very sign-up that the mail belongs to, so
//! nobody can prepare an account for somebody else's address.

use serde::{Deserialize, Serialize};

use super::{Store, StoreError, keys};
use crate::endpoint::Table::Identity;
use crate::model::{Email, Name, RegistrationId};

/// A stored registration.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RegistrationItem {
    /// Its id.
    pub id: RegistrationId,
    /// The address to confirm.
    pub email: Email,
    /// The name of the account to be.
    pub name: Name,
    /// The password of the account to be, as an argon2id PHC string.
    pub password_hash: String,
    /// When it ends, in seconds since 1970; DynamoDB removes it some time later.
    pub ttl: i64,
}

/// A stored one-time token. The token itself is nowhere; its SHA-256 is the key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenItem {
    /// The address it was sent to.
    pub email: Email,
    /// The registration that it confirms.
    pub registration_id: RegistrationId,
    /// When it ends, in seconds since 1970; DynamoDB removes it some time later.
    pub ttl: i64,
}

impl Store {
    /// Keeps a registration. Its arrival on the table's stream sends the mail.
    ///
    /// # Errors
    /// As any call.
    pub async fn put_registration(&self, item: &RegistrationItem) -> Result<(), StoreError> {
        self.put_new(Identity, &keys::registration(&item.email, &item.id), item).await?;
        Ok(())
    }

    /// A registration.
    ///
    /// # Errors
    /// As any call.
    pub async fn registration(
        &self,
        email: &Email,
        id: &RegistrationId,
    ) -> Result<Option<RegistrationItem>, StoreError> {
        self.get(Identity, &keys::registration(email, id)).await
    }

    /// Keeps a token under its digest.
    ///
    /// # Errors
    /// As any call.
    pub async fn put_token(&self, digest: &str, item: &TokenItem) -> Result<(), StoreError> {
        self.put_new(Identity, &keys::token(digest), item).await?;
        Ok(())
    }

    /// The token with this digest.
    ///
    /// # Errors
    /// As any call.
    pub async fn token(&self, digest: &str) -> Result<Option<TokenItem>, StoreError> {
        self.get(Identity, &keys::token(digest)).await
    }
}
