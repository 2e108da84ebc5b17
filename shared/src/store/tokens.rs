//! One-time tokens of mailed links and codes, in `identity`. The token is not stored; its SHA-256 is the key.

use serde::{Deserialize, Serialize};

use super::{Store, StoreError, keys};
use crate::model::{AddressSide, Email, EmailChangeId, InvitationId, RegistrationId, Time, UserId};
use crate::permission::Table::Identity;

/// A stored token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenItem {
    /// The e-mail address that it was sent to.
    pub email: Email,
    /// Its purpose.
    pub purpose: Purpose,
    /// When it expires, in seconds since 1970 (the item's TTL).
    pub ttl: i64,
}

/// The purpose of a token; it is valid for nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Purpose {
    /// To confirm the e-mail address of a registration.
    ConfirmSignUp {
        /// The registration.
        registration_id: RegistrationId,
    },
    /// To accept an invitation.
    AcceptInvitation {
        /// The invitation.
        invitation_id: InvitationId,
    },
    /// To set a new password.
    ResetPassword {
        /// The account.
        user_id: UserId,
        /// Its `token_version` at that time: another change of the password voids the token.
        token_version: u64,
    },
    /// To sign in.
    SignIn {
        /// The account.
        user_id: UserId,
        /// Its `token_version` at that time: the end of all sessions voids the token.
        token_version: u64,
    },
    /// To confirm a change of an account's e-mail address.
    ConfirmEmailChange {
        /// The account.
        user_id: UserId,
        /// The change.
        change_id: EmailChangeId,
        /// Which address it was sent to.
        side: AddressSide,
    },
}

impl TokenItem {
    /// Whether it has not expired.
    #[must_use]
    pub fn is_live(&self, now: Time) -> bool {
        self.ttl > now.as_seconds()
    }
}

/// One-time tokens of mailed links.
#[derive(Clone, Copy, Debug)]
pub struct Tokens<'a>(pub(super) &'a Store);

impl Tokens<'_> {
    /// Stores a token under its digest.
    pub async fn create(self, digest: &str, item: &TokenItem) -> Result<(), StoreError> {
        self.0.put_new(Identity, &keys::token(digest), item).await.map(drop)
    }

    /// The token with this digest.
    pub async fn get(self, digest: &str) -> Result<Option<TokenItem>, StoreError> {
        self.0.get(Identity, &keys::token(digest)).await
    }
}
