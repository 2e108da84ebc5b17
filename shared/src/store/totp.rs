//! One-time codes (TOTP) of accounts, in `identity`: an attribute of the account item.

use super::change::Change;
use super::outbox::OutboxItem;
use super::users::UserItem;
use super::{Store, StoreError, keys};
use crate::model::audit::AuditEntry;
use crate::model::{Time, TotpItem, UsedCode, UserId};
use crate::permission::Table::Identity;

/// Time-based one-time codes of accounts.
#[derive(Clone, Copy, Debug)]
pub struct Totp<'a>(pub(super) &'a Store);

impl Totp<'_> {
    /// Stores an unconfirmed secret, replacing an earlier unconfirmed one. Returns `false` if codes
    /// are already enabled.
    pub async fn enrol(self, account: &UserItem, item: &TotpItem) -> Result<bool, StoreError> {
        let change = Change::new().set("totp", item)?.only_if("two_factor", &false)?;
        self.0.change(Identity, &keys::user(&account.user.id), change).await
    }

    /// Enables codes. Returns `false` if the secret has changed since it was read.
    pub async fn confirm(
        self,
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
            change.write(self.0, Identity, &keys::user(&account.user.id)),
            self.0.outbox().write(notice)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await
    }

    /// Disables codes. Returns `false` if they were not enabled.
    pub async fn delete(
        self,
        user: &UserId,
        now: Time,
        notice: &OutboxItem,
        entry: &AuditEntry,
    ) -> Result<bool, StoreError> {
        let change = Change::new()
            .only_if("two_factor", &true)?
            .remove("totp")
            .set("totp_off_at", &now)?
            .set("two_factor", &false)?;
        let writes = vec![
            change.write(self.0, Identity, &keys::user(user)),
            self.0.outbox().write(notice)?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await
    }

    /// Marks a code as used. Returns `false` if another request used it first: no code is accepted
    /// twice.
    pub async fn use_code(
        self,
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
        self.0.change(Identity, &keys::user(&account.user.id), change).await
    }
}
