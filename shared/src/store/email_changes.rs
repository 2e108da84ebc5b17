//! Changes of an account's e-mail address, in `identity`.

use super::change::Change;
use super::outbox::OutboxItem;
use super::transact::Condition;
use super::users::{EmailChange, Reservation, UserItem};
use super::{Store, StoreError, Write, keys};
use crate::model::audit::AuditEntry;
use crate::model::{AddressSide, UserId};
use crate::permission::Table::Identity;

/// The outcome of a confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// The other address has not confirmed yet.
    Pending,
    /// Both addresses have confirmed: the account has its new address.
    Completed,
    /// The change has expired or was replaced, or the address was taken in between.
    Invalid,
}

/// Changes of an account's e-mail address.
#[derive(Clone, Copy, Debug)]
pub struct EmailChanges<'a>(pub(super) &'a Store);

impl EmailChanges<'_> {
    /// Starts a change of address and mails both addresses. Replaces a pending change.
    pub async fn create(
        self,
        user: &UserId,
        change: &EmailChange,
        mails: [&OutboxItem; 2],
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let update = Change::new().set("email_change", change)?.remove("email_confirmed_by");
        let writes = vec![
            update.write(self.0, Identity, &keys::user(user)),
            self.0.outbox().write(mails[0])?,
            self.0.outbox().write(mails[1])?,
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit(writes).await.map(drop)
    }

    /// Records the confirmation of one address. When both have confirmed, the account, its hold on
    /// the old address and its hold on the new one change in one transaction, and all sessions end.
    /// A token works once.
    pub async fn confirm(
        self,
        account: &UserItem,
        change: &EmailChange,
        side: AddressSide,
        token_digest: &str,
        notice: &OutboxItem,
        entry: &AuditEntry,
    ) -> Result<Confirmation, StoreError> {
        let (id, other) = (&account.user.id, side.other());
        let present = Condition::new("attribute_exists(pk)");
        let spend = Write::delete_if(self.0, Identity, &keys::token(token_digest), Some(present));
        let alone = Change::new()
            .only_if("email_change", change)?
            .only_if_absent("email_confirmed_by")
            .set("email_confirmed_by", &side)?;
        let first = vec![alone.write(self.0, Identity, &keys::user(id)), spend.clone()];
        if self.0.commit(first).await? {
            return Ok(Confirmation::Pending);
        }
        let mut former = account.former_emails.clone();
        if !former.contains(&account.user.email) {
            former.push(account.user.email.clone());
        }
        let both = Change::new()
            .only_if("email_change", change)?
            .only_if("email_confirmed_by", &other)?
            .only_if("email", &account.user.email)?
            .set("email", &change.email)?
            .set("former_emails", &former)?
            .end_sessions();
        let holder = Reservation { user_id: id.clone() };
        let mut second = vec![
            both.write(self.0, Identity, &keys::user(id)),
            spend,
            self.0.outbox().write(notice)?,
            self.0.audit_log().write(entry)?,
        ];
        let (old, new) = (keys::account(&account.user.email), keys::account(&change.email));
        // Both spellings of the same address have the same key.
        if old != new {
            second.push(Write::put_new(self.0, Identity, &new, &holder)?);
            second.push(Write::delete(self.0, Identity, &old));
        }
        let done = self.0.commit(second).await?;
        Ok(if done { Confirmation::Completed } else { Confirmation::Invalid })
    }
}
