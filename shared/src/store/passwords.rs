//! Passwords of accounts, in `identity`: an attribute of the account item.

use super::change::Change;
use super::outbox::OutboxItem;
use super::transact::Condition;
use super::users::UserItem;
use super::{Store, StoreError, Write, keys};
use crate::model::SessionId;
use crate::model::audit::AuditEntry;
use crate::permission::Table::Identity;

/// Passwords of accounts.
#[derive(Clone, Copy, Debug)]
pub struct Passwords<'a>(pub(super) &'a Store);

impl Passwords<'_> {
    /// Sets a new password, using up the token of a mailed link. Ends every session. Returns
    /// `false` if the token is no longer valid.
    pub async fn reset(
        self,
        account: &UserItem,
        token_version: u64,
        token_digest: &str,
        hash: &str,
        notice: &OutboxItem,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let change = Change::new()
            .only_if("token_version", &token_version)?
            .set("password_hash", &hash)?
            .end_sessions();
        let present = Condition::new("attribute_exists(pk)");
        let writes = vec![
            change.write(self.0, Identity, &keys::user(&account.user.id)),
            Write::delete_if(self.0, Identity, &keys::token(token_digest), Some(present)),
            self.0.outbox().write(notice)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await
    }

    /// Sets a new password and ends every session but `session`. Returns `false` if the account has
    /// changed since it was read.
    pub async fn change(
        self,
        account: &UserItem,
        session: &SessionId,
        hash: &str,
        notice: &OutboxItem,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let (id, version) = (&account.user.id, account.token_version);
        let change = Change::new()
            .only_if("token_version", &version)?
            .only_if("password_hash", &account.password_hash)?
            .set("password_hash", &hash)?
            .end_sessions();
        let session_change = Change::new()
            .only_if("token_version", &version)?
            .set("token_version", &(version + 1))?;
        let writes = vec![
            change.write(self.0, Identity, &keys::user(id)),
            session_change.write(self.0, Identity, &keys::session(id, session)),
            self.0.outbox().write(notice)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await
    }

    /// Stores the same password hashed with the current parameters, unless it was changed in
    /// between.
    pub async fn rehash(self, account: &UserItem, hash: &str) -> Result<(), StoreError> {
        let change = Change::new()
            .only_if("password_hash", &account.password_hash)?
            .set("password_hash", &hash)?;
        self.0.change(Identity, &keys::user(&account.user.id), change).await.map(drop)
    }
}
