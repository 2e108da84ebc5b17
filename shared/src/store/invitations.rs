//! Invitations that nobody has accepted yet, in `identity`.
//!
//! An address has at most one: a second item under the address says which. [`Origin`] uses an invitation
//! up when its account is made.
//!
//! [`Origin`]: super::new_accounts::Origin

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

use super::admins::enabled_admin;
use super::outbox::OutboxItem;
use super::rights::{Held, Right};
use super::transact::{Condition, ConditionFailed};
use super::users::UserItem;
use super::{List, Store, StoreError, Write, WriteError, item, keys};
use crate::http::page::{Page, PageParams};
use crate::model::audit::AuditEntry;
use crate::model::{Email, InvitationId, Name, Role, Time, UserId};
use crate::permission::Table::Identity;

/// A stored invitation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InvitationItem {
    /// The id.
    pub id: InvitationId,
    /// The address that it was sent to.
    pub email: Email,
    /// The name of the future account, if the admin gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The role of the future account.
    pub role: Role,
    /// The admin who sent it.
    pub invited_by: UserId,
    /// The `token_version` of the admin's account at that time: the end of all its sessions voids the
    /// invitation.
    #[serde(default)]
    pub token_version: u64,
    /// The account's `demotions` at that time.
    #[serde(default)]
    pub demotions: u64,
    /// When it was sent.
    pub created_at: Time,
    /// When it expires, in seconds since 1970 (the item's TTL).
    pub ttl: i64,
}

impl InvitationItem {
    /// Whether it has not expired.
    #[must_use]
    pub fn is_live(&self, now: Time) -> bool {
        self.ttl > now.as_seconds()
    }

    /// Whether the admin who sent it could send it still, and has been able to ever since.
    #[must_use]
    pub fn is_backed_by(&self, sender: &UserItem) -> bool {
        sender.user.role == Role::Admin
            && !sender.user.disabled
            && sender.token_version == self.token_version
            && sender.demotions == self.demotions
    }

    /// The same as a condition on the sender's account.
    pub(super) fn backed(&self) -> Condition {
        let number = |number: u64| AttributeValue::N(number.to_string());
        // Accounts from before demotions were counted have none.
        let demotions = match self.demotions {
            0 => "(attribute_not_exists(demotions) OR demotions = :demotions)",
            _ => "demotions = :demotions",
        };
        enabled_admin()
            .and(&format!("token_version = :token_version AND {demotions}"))
            .with(":token_version", number(self.token_version))
            .with(":demotions", number(self.demotions))
    }
}

/// Which invitation an address has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Invited {
    /// The invitation.
    pub invitation_id: InvitationId,
    /// The form that sent it, if one did: sent twice, it invites once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// When the invitation expires, in seconds since 1970 (the item's TTL).
    pub ttl: i64,
}

/// Why nobody was invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotInvited {
    /// The user who invites is no longer an admin, or all their sessions have ended.
    NotByAdmin,
    /// The address has an account.
    EmailTaken,
    /// Somebody else invited the address at the same time.
    Changed,
}

/// Invitations that nobody has accepted yet.
#[derive(Clone, Copy, Debug)]
pub struct Invitations<'a>(pub(super) &'a Store);

impl Invitations<'_> {
    /// An invitation, expired or not.
    pub async fn get(self, id: &InvitationId) -> Result<Option<InvitationItem>, StoreError> {
        self.0.get(Identity, &keys::invitation(id)).await
    }

    /// Which invitation an address has, expired or not.
    pub async fn find(self, email: &Email) -> Result<Option<Invited>, StoreError> {
        self.0.get(Identity, &keys::invited(email)).await
    }

    /// Invitations that have not expired, newest first. A page can be shorter than its limit.
    pub async fn list(
        self,
        params: &PageParams,
        now: Time,
    ) -> Result<Page<InvitationItem>, StoreError> {
        let list = List::from_table(Identity, keys::INVITATIONS);
        self.0.page(&list.up_to_date().above("ttl", now.as_seconds()), params).await
    }

    /// The accounts of those who sent these invitations; deleted ones are left out.
    pub async fn senders(self, items: &[InvitationItem]) -> Result<Vec<UserItem>, StoreError> {
        let mut senders: Vec<&UserId> = items.iter().map(|item| &item.invited_by).collect();
        senders.sort_unstable();
        senders.dedup();
        let senders: Vec<keys::Key> = senders.into_iter().map(keys::user).collect();
        self.0.get_many(Identity, &senders, true).await
    }

    /// Creates an invitation and its mails. It takes the place of `before`, the one that the address has.
    pub async fn create(
        self,
        invitation: &InvitationItem,
        form: Option<String>,
        before: Option<&InvitationId>,
        mails: &[OutboxItem],
        entry: &AuditEntry,
    ) -> Result<(), WriteError<NotInvited>> {
        let InvitationItem { id, email, invited_by, ttl, .. } = invitation;
        let free = Condition::new("attribute_not_exists(pk)");
        let unchanged = match before {
            None => free.clone(),
            Some(before) => Condition::new("invitation_id = :before")
                .with(":before", AttributeValue::S(before.to_string())),
        };
        let invited = Invited { invitation_id: id.clone(), form, ttl: *ttl };
        let invited = item(&keys::invited(email), &invited)?;
        let mut writes = vec![
            Write::check_that(self.0, Identity, &keys::user(invited_by), invitation.backed()),
            Write::check_that(self.0, Identity, &keys::account(email), free),
            Write::put_if(self.0, Identity, invited, Some(unchanged)),
            Write::put_new(self.0, Identity, &keys::invitation(id), invitation)?,
            self.0.audit_log().write(entry)?,
        ];
        for mail in mails {
            writes.push(self.0.outbox().write(mail)?);
        }
        if let Some(before) = before {
            writes.push(Write::delete(self.0, Identity, &keys::invitation(before)));
        }
        let reason = |failed: ConditionFailed| match () {
            () if failed.at(0) => NotInvited::NotByAdmin,
            () if failed.at(1) => NotInvited::EmailTaken,
            () => NotInvited::Changed,
        };
        self.0.transact(writes, reason).await
    }

    /// Deletes an invitation, if `by` is an admin. Returns `false` if it was accepted, replaced or withdrawn in
    /// between.
    pub async fn delete(
        self,
        invitation: &InvitationItem,
        by: &UserId,
        entry: &AuditEntry,
    ) -> Held {
        let InvitationItem { id, email, .. } = invitation;
        let present = Condition::new("attribute_exists(pk)");
        let writes = vec![
            Write::delete_if(self.0, Identity, &keys::invitation(id), Some(present)),
            Write::delete(self.0, Identity, &keys::invited(email)),
            self.0.audit_log().write(entry)?,
        ];
        self.0.commit_by(&Right::of_admin(by), writes).await
    }
}
