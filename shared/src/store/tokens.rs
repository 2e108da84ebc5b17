//! One-time tokens, in `identity`: what a mailed link proves. The token itself is nowhere; its
//! SHA-256 is the key.

use serde::{Deserialize, Serialize};

use super::{Store, StoreError, keys};
use crate::endpoint::Table::Identity;
use crate::model::{Email, EmailChangeId, RegistrationId, Time, UserId};

/// A stored token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenItem {
    /// The address it was sent to.
    pub email: Email,
    /// What it is good for.
    pub purpose: Purpose,
    /// When it ends, in seconds since 1970; DynamoDB removes it some time later.
    pub ttl: i64,
}

/// What a token is good for: each for one thing alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Purpose {
    /// To confirm the address of a sign-up.
    ConfirmSignUp {
        /// The sign-up.
        registration_id: RegistrationId,
    },
    /// To choose a new password.
    ResetPassword {
        /// The account.
        user_id: UserId,
        /// Its `token_version` then: a token does not outlive another change of the password.
        token_version: u64,
    },
    /// To agree to another address of an account.
    ConfirmEmailChange {
        /// The account.
        user_id: UserId,
        /// The change.
        change_id: EmailChangeId,
        /// Whether it went to the old address.
        by_old: bool,
    },
}

impl TokenItem {
    /// Whether it has not ended.
    #[must_use]
    pub fn is_live(&self, now: Time) -> bool {
        self.ttl > now.as_seconds()
    }
}

/// One-time tokens of mailed links.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a>(pub(super) &'a Store);

impl Tokens<'_> {
    /// Keeps a token under its digest.
    ///
    /// # Errors
    /// As any call.
    pub async fn create(self, digest: &str, item: &TokenItem) -> Result<(), StoreError> {
        self.0.put_new(Identity, &keys::token(digest), item).await.map(drop)
    }

    /// The token with this digest.
    ///
    /// # Errors
    /// As any call.
    pub async fn get(self, digest: &str) -> Result<Option<TokenItem>, StoreError> {
        self.0.get(Identity, &keys::token(digest)).await
    }
}
