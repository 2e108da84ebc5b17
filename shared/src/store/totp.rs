//! One-time codes of accounts, in `identity`: an attribute of the account.

use super::change::Change;
use super::outbox::OutboxItem;
use super::users::UserItem;
use super::{Store, StoreError, keys};
use crate::model::UserId;
use crate::model::audit::AuditEntry;
use crate::model::{TotpItem, UsedCode};
use crate::permission::Table::Identity;

impl Store {
    /// Keeps a secret that its owner has not confirmed yet, in place of another such one. Says
    /// whether it did: not where codes are on already.
    ///
    /// # Errors
    /// As any call.
    pub async fn enrol_totp(
        &self,
        account: &UserItem,
        item: &TotpItem,
    ) -> Result<bool, StoreError> {
        let change = Change::new().set("totp", item)?.only_if("two_factor", &false)?;
        self.change(Identity, &keys::user(&account.user.id), change).await
    }

    /// Switches codes on, if the secret is the one that was read.
    ///
    /// # Errors
    /// As any call.
    pub async fn confirm_totp(
        &self,
        account: &UserItem,
        before: &TotpItem,
        after: &TotpItem,
        notice: &OutboxItem,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let change = Change::new()
            .only_if("totp", before)?
            .only_if("two_factor", &false)?
            .set("totp", after)?
            .set("two_factor", &true)?;
        let writes = vec![
            change.write(self, Identity, &keys::user(&account.user.id)),
            self.mail_write(notice)?,
            self.audit_write(entry)?,
        ];
        Ok(self.transact(writes).await?.is_ok())
    }

    /// Switches codes off; says whether they were on.
    ///
    /// # Errors
    /// As any call.
    pub async fn remove_totp(
        &self,
        user: &UserId,
        notice: &OutboxItem,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let change =
            Change::new().only_if("two_factor", &true)?.remove("totp").set("two_factor", &false)?;
        let writes = vec![
            change.write(self, Identity, &keys::user(user)),
            self.mail_write(notice)?,
            self.audit_write(entry)?,
        ];
        Ok(self.transact(writes).await?.is_ok())
    }

    /// Uses up a code, if nobody has meanwhile: no code is accepted twice.
    ///
    /// # Errors
    /// As any call.
    pub async fn use_totp(
        &self,
        account: &UserItem,
        item: &TotpItem,
        used: &UsedCode,
    ) -> Result<bool, StoreError> {
        let mut after = item.clone();
        match used {
            UsedCode::Step(step) => after.last_step = *step,
            UsedCode::Recovery(digest) => after.recovery.retain(|left| left != digest),
        }
        let change = Change::new().only_if("totp", item)?.set("totp", &after)?;
        self.change(Identity, &keys::user(&account.user.id), change).await
    }
}
