//! Creating accounts, in `identity`: from a sign-up, from an invitation, or from neither.

use serde::Serialize;

use super::invitations::InvitationItem;
use super::transact::{Condition, ConditionFailed};
use super::users::{NotCreated, Reservation, UserItem, Users};
use super::{Store, Write, WriteError, keys};
use crate::model::audit::AuditEntry;
use crate::model::{Email, RegistrationId, Role, UserId};
use crate::permission::Table::Identity;

/// What creating an account uses up.
#[derive(Clone, Debug)]
pub struct Origin<'a> {
    /// What entitles to the account.
    pub title: OriginTitle<'a>,
    /// The registrations of its address, which must not come back once this account is deleted.
    pub registrations: Vec<&'a RegistrationId>,
    /// The digest of the token of the mailed link.
    pub token: &'a str,
}

/// What entitles to an account.
#[derive(Clone, Copy, Debug)]
pub enum OriginTitle<'a> {
    /// A sign-up: one of the registrations of the address.
    Registration(&'a RegistrationId),
    /// An invitation. The admin who sent it must be able to send it still.
    Invitation(&'a InvitationItem),
}

/// An account with its index attributes.
#[derive(Serialize)]
struct Listed<'a> {
    #[serde(flatten)]
    item: &'a UserItem,
    gsi1pk: &'static str,
    gsi1sk: &'a UserId,
}

impl Users<'_> {
    /// Creates an account and uses up what it comes from. The account, its e-mail address and its
    /// author slug are reserved together or not at all. The slug of former authors counts as taken: who had it
    /// would be shown as the author of the posts of everybody whose account was deleted.
    pub async fn create(
        self,
        item: &UserItem,
        origin: Option<&Origin<'_>>,
        entry: &AuditEntry,
    ) -> Result<(), WriteError<NotCreated>> {
        let user = &item.user;
        if user.slug.is_former_author() {
            return Err(WriteError::Conflict(NotCreated::SlugTaken));
        }
        let holder = Reservation { user_id: user.id.clone() };
        let listed = Listed { item, gsi1pk: keys::USERS, gsi1sk: &user.id };
        let mut writes = vec![
            Write::put_new(self.0, Identity, &keys::account(&user.email), &holder)?,
            Write::put_new(self.0, Identity, &keys::author_slug(&user.slug), &holder)?,
            Write::put_new(self.0, Identity, &keys::user(&user.id), &listed)?,
            self.0.audit_log().write(entry)?,
        ];
        // A registration makes an admin only while there is none.
        let is_sign_up =
            origin.is_some_and(|origin| matches!(origin.title, OriginTitle::Registration(_)));
        let enrols_first = user.role == Role::Admin && is_sign_up;
        if enrols_first {
            writes.push(self.0.admins().enrol_first(&user.id));
        } else if user.role == Role::Admin {
            writes.push(self.0.admins().enrol(&user.id));
        }
        if let Some(origin) = origin {
            writes.extend(use_up(self.0, &user.email, origin));
        }
        let reason = |failed: ConditionFailed| match () {
            () if failed.at(0) => NotCreated::EmailTaken,
            () if failed.at(1) => NotCreated::SlugTaken,
            () if enrols_first && failed.at(4) => NotCreated::AdminExists,
            () => NotCreated::OriginGone,
        };
        self.0.transact(writes, reason).await
    }
}

/// The writes that use up what an account comes from; they fail where it is gone.
fn use_up(store: &Store, email: &Email, origin: &Origin<'_>) -> Vec<Write> {
    let present = || Some(Condition::new("attribute_exists(pk)"));
    let mut writes = vec![Write::delete(store, Identity, &keys::token(origin.token))];
    let mut used = None;
    match origin.title {
        OriginTitle::Registration(id) => {
            let registration = keys::registration(email, id);
            writes.push(Write::delete_if(store, Identity, &registration, present()));
            used = Some(id);
        }
        OriginTitle::Invitation(invitation) => {
            let key = keys::invitation(&invitation.id);
            writes.push(Write::delete_if(store, Identity, &key, present()));
            writes.push(Write::delete(store, Identity, &keys::invited(email)));
            let sender = keys::user(&invitation.invited_by);
            writes.push(Write::check_that(store, Identity, &sender, invitation.backed()));
        }
    }
    for other in origin.registrations.iter().copied().filter(|other| Some(*other) != used) {
        writes.push(Write::delete(store, Identity, &keys::registration(email, other)));
    }
    writes
}
