//! Passkeys, in `identity`: one item per passkey, and their ids in the account.
//!
//! Every write changes or checks the ids in the account. So a passkey is never there without its account,
//! and deleting the account deletes them all.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::outbox::OutboxItem;
use super::sessions::SessionItem;
use super::transact::ConditionFailed;
use super::users::UserItem;
use super::{List, Store, StoreError, Write, WriteError, keys};
use crate::http::page::PageParams;
use crate::model::audit::AuditEntry;
use crate::model::{Name, PasskeyId, Time, UserId};
use crate::permission::Table::Identity;

/// The most that one call lists: more than an account can have.
const LISTED: u8 = 50;

/// A stored passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyItem {
    /// The id, made of the credential id.
    pub id: PasskeyId,
    /// The account.
    pub user_id: UserId,
    /// The name that its owner chose.
    pub name: Name,
    /// The credential id, in base64url.
    pub credential_id: String,
    /// The public key as the authenticator sent it (COSE), in base64url.
    pub public_key: String,
    /// How often it has signed; 0 if it does not count.
    pub sign_count: u32,
    /// Whether its owner can have it on several devices.
    pub synced: bool,
    /// When it was added.
    pub created_at: Time,
    /// When it last signed in.
    #[serde(default)]
    pub last_used_at: Option<Time>,
}

impl PasskeyItem {
    /// The bytes of the public key.
    #[must_use]
    pub fn public_key(&self) -> Option<Vec<u8>> {
        BASE64_URL_SAFE_NO_PAD.decode(&self.public_key).ok()
    }
}

/// A challenge that is used up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpentChallenge {
    /// Its SHA-256, in base64url.
    pub digest: String,
    /// When it ends.
    pub ends: Time,
}

#[derive(Serialize)]
struct SpentItem {
    ttl: i64,
}

/// A sign-in with a passkey.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// The passkey as it was read.
    pub passkey: &'a PasskeyItem,
    /// Its counter now.
    pub sign_count: u32,
    /// When.
    pub at: Time,
    /// The challenge that it has answered.
    pub challenge: &'a SpentChallenge,
}

/// Why a passkey was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAdded {
    /// The account's passkeys have changed since it was read.
    Changed,
    /// The challenge was used before.
    Spent,
}

/// Passkeys.
#[derive(Clone, Copy, Debug)]
pub struct Passkeys<'a>(pub(super) &'a Store);

impl Passkeys<'_> {
    /// The passkeys of a user, in no order.
    pub async fn list(self, user: &UserId) -> Result<Vec<PasskeyItem>, StoreError> {
        let list = List::from_table(Identity, keys::passkeys_of(user));
        Ok(self.0.page(&list, &PageParams { limit: LISTED, cursor: None }).await?.items)
    }

    /// A passkey and its user, in one consistent read.
    pub async fn get_with_user(
        self,
        user: &UserId,
        id: &PasskeyId,
    ) -> Result<Option<(PasskeyItem, UserItem)>, StoreError> {
        self.0.with_user(user, keys::passkey(user, id)).await
    }

    /// Adds a passkey to an account, and uses up the challenge.
    pub async fn add(
        self,
        account: &UserItem,
        item: &PasskeyItem,
        challenge: &SpentChallenge,
        notice: &OutboxItem,
        entry: &AuditEntry,
    ) -> Result<(), WriteError<NotAdded>> {
        let mut after = account.passkeys.clone();
        after.push(item.id.clone());
        let writes = vec![
            Self::unchanged(account)?.set("passkeys", &after)?.write(
                self.0,
                Identity,
                &keys::user(&account.user.id),
            ),
            Write::put_new(self.0, Identity, &keys::passkey(&item.user_id, &item.id), item)?,
            self.spend(challenge)?,
            self.0.outbox().write(notice)?,
            self.0.audit_log().write(entry)?,
        ];
        let reason = |failed: ConditionFailed| match failed.at(0) || failed.at(1) {
            true => NotAdded::Changed,
            false => NotAdded::Spent,
        };
        self.0.transact(writes, reason).await
    }

    /// Removes a passkey. Returns `false` if the account's passkeys have changed since it was read.
    pub async fn remove(
        self,
        account: &UserItem,
        item: &PasskeyItem,
        notice: &OutboxItem,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let left: Vec<&PasskeyId> = account.passkeys.iter().filter(|id| **id != item.id).collect();
        let change = Self::unchanged(account)?;
        let change = match left.is_empty() {
            true => change.remove("passkeys"),
            false => change.set("passkeys", &left)?,
        };
        let writes = vec![
            change.write(self.0, Identity, &keys::user(&account.user.id)),
            Write::delete(self.0, Identity, &keys::passkey(&item.user_id, &item.id)),
            self.0.outbox().write(notice)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await
    }

    /// Creates the session of a sign-in with a passkey, with its audit entry. Returns `false` if the challenge
    /// was used before, and if the passkey or the account's `token_version` has changed since they were read.
    pub async fn begin_session(
        self,
        session: &SessionItem,
        used: &Use<'_>,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let Use { passkey, sign_count, at, challenge } = used;
        let change = Change::new()
            .only_if("sign_count", &passkey.sign_count)?
            .set("sign_count", sign_count)?
            .set("last_used_at", at)?;
        let mut writes = self.0.sessions().creation(session, entry)?;
        writes.extend([
            change.write(self.0, Identity, &keys::passkey(&passkey.user_id, &passkey.id)),
            self.spend(challenge)?,
        ]);
        self.0.commit(writes).await
    }

    /// The writes that delete the passkeys of an account that is being deleted.
    pub(super) fn deletions(self, account: &UserItem) -> impl Iterator<Item = Write> {
        let user = &account.user.id;
        account
            .passkeys
            .iter()
            .map(move |id| Write::delete(self.0, Identity, &keys::passkey(user, id)))
    }

    fn spend(self, challenge: &SpentChallenge) -> Result<Write, StoreError> {
        let item = SpentItem { ttl: challenge.ends.as_seconds() };
        Write::put_new(self.0, Identity, &keys::passkey_challenge(&challenge.digest), &item)
    }

    fn unchanged(account: &UserItem) -> Result<Change, StoreError> {
        let change = Change::new();
        match account.passkeys.is_empty() {
            true => Ok(change.only_if_absent("passkeys")),
            false => change.only_if("passkeys", &account.passkeys),
        }
    }
}
