//! The roster of admins, in `identity`. Removing from it is conditional, so that one admin always
//! remains.

use aws_sdk_dynamodb::types::AttributeValue;

use super::change::Change;
use super::propagation::PropagationJob;
use super::transact::{Condition, ConditionFailed};
use super::users::{NotChanged, Users};
use super::{Store, StoreError, Write, WriteError, keys};
use crate::model::audit::AuditEntry;
use crate::model::{Role, User, UserId};
use crate::permission::Table::Identity;

/// The condition on an account that it is an admin's, and not disabled.
pub(super) fn enabled_admin() -> Condition {
    Condition::new("#role = :admin AND disabled = :no")
        .naming("#role", "role")
        .with(":admin", AttributeValue::S(Role::Admin.as_str().to_owned()))
        .with(":no", AttributeValue::Bool(false))
}

/// The roster of admins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Admins<'a>(pub(super) &'a Store);

impl Admins<'_> {
    /// Adds an admin to the roster.
    pub(super) fn enrol(self, id: &UserId) -> Write {
        let change = Change::new().or_create().include("members", id.as_str());
        change.write(self.0, Identity, &keys::admins())
    }

    /// Adds an admin to the roster; fails if it is not empty.
    pub(super) fn enrol_first(self, id: &UserId) -> Write {
        let change = Change::new().or_create().only_if_absent("members");
        change.include("members", id.as_str()).write(self.0, Identity, &keys::admins())
    }

    /// Removes an admin from the roster; fails for the last one.
    pub(super) fn dismiss(self, id: &UserId) -> Write {
        let change = Change::new().exclude_unless_last("members", id.as_str());
        change.write(self.0, Identity, &keys::admins())
    }
}

impl Users<'_> {
    /// Whether there is an admin yet. From the first one on, there always is.
    pub async fn has_admin(self) -> Result<bool, StoreError> {
        Ok(self.0.get_item(Identity, &keys::admins(), true).await?.is_some())
    }

    /// The number of admins who are not disabled.
    pub async fn count_admins(self) -> Result<usize, StoreError> {
        let roster = self.0.get_item(Identity, &keys::admins(), true).await?;
        let members = roster.as_ref().and_then(|roster| roster.get("members")?.as_ss().ok());
        Ok(members.map_or(0, Vec::len))
    }

    /// Changes the role or state of an account, if it has not changed since it was read and `by` is
    /// an admin at that moment. If two admins demote each other at the same time, one of them
    /// stays. Disabling an account ends its sessions. `job` is what follows for posts.
    pub async fn update_by_admin(
        self,
        before: &User,
        after: &User,
        by: &UserId,
        job: Option<&PropagationJob>,
        entries: &[AuditEntry],
    ) -> Result<(), WriteError<NotChanged>> {
        let mut change = Change::new()
            .only_if("role", &before.role)?
            .only_if("disabled", &before.disabled)?
            .set("role", &after.role)?
            .set("disabled", &after.disabled)?;
        if after.disabled && !before.disabled {
            change = change.end_sessions();
        }
        if before.role == Role::Admin && after.role != Role::Admin {
            change = change.increment("demotions");
        }
        let was_admin = before.role == Role::Admin && !before.disabled;
        let is_admin = after.role == Role::Admin && !after.disabled;
        let mut writes = vec![change.write(self.0, Identity, &keys::user(&before.id))];
        for entry in entries {
            writes.push(self.0.audit_log().write(entry)?);
        }
        if let Some(job) = job {
            writes.push(self.0.propagation_jobs().write(job)?);
        }
        if was_admin && !is_admin {
            writes.push(self.0.admins().dismiss(&before.id));
        } else if is_admin && !was_admin {
            writes.push(self.0.admins().enrol(&before.id));
        }
        let check = writes.len();
        if *by != before.id {
            writes.push(Write::check_that(self.0, Identity, &keys::user(by), enabled_admin()));
        }
        let reason = |failed: ConditionFailed| match () {
            () if failed.at(0) => NotChanged::Changed,
            () if failed.at(check) => NotChanged::NotByAdmin,
            () => NotChanged::LastAdmin,
        };
        self.0.transact(writes, reason).await
    }
}
