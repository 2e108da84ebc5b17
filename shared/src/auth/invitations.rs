//! Invitations: an admin names an address and a role, and the owner of the mailbox makes the
//! account.
//!
//! An address has at most one invitation. Inviting it again sends a new mail, and the link of the old one
//! stops working. A link works as long as the admin who sent it could send it still. It is void for good once
//! all their sessions have ended, as by a new password, or they were no admin in between: somebody who took over
//! an admin's account leaves no way in behind.

use super::caller::Caller;
use super::limits::{self, MailKind};
use super::new_account::{self, NewAccount};
use super::{mailed_token, password};
use crate::context::Context;
use crate::http::page::{Page, PageParams};
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{
    Email, Invitation, InvitationId, Name, Password, RegistrationId, Role, Secret, Time,
};
use crate::store::WriteError;
use crate::store::invitations::{InvitationItem, Invited, NotInvited};
use crate::store::new_accounts::{Origin, OriginTitle};
use crate::store::outbox::{Message, Notice, OutboxItem};
use crate::store::tokens::Purpose;
use crate::store::users::UserItem;

/// The lifetime of an invitation, in seconds: 7 days.
const LIFETIME: i64 = 7 * 24 * 3600;

/// The lowest role of which the sender is told by mail: it may publish. Somebody who took over an admin's account could
/// come back with it. Of the others, the list of invitations and the security log tell.
const TOLD_FROM: Role = Role::Editor;

/// Whom to invite, and as what.
pub struct NewInvitation {
    /// The address.
    pub email: Email,
    /// The role of the future account.
    pub role: Role,
    /// Its name, if the admin knows it.
    pub name: Option<Name>,
    /// The form that asks for it: sent twice, it invites once.
    pub form: Option<String>,
}

/// Invites an address: it gets a mail with a link. `caller` must be a person with the role admin, who may
/// give every role, as to an account.
///
/// # Errors
/// 409 if the address has an account, or was invited by somebody else at the same time; 403 if the caller
/// is an admin no longer; 429 after too many mails to the address.
pub async fn invite(
    cx: &Context,
    caller: &Caller,
    new: NewInvitation,
) -> Result<Invitation, Problem> {
    let NewInvitation { email, role, name, form } = new;
    if cx.store.users().find_id_by_email(&email).await?.is_some() {
        return Err(email_taken());
    }
    let sender = cx.store.users().get(&caller.user.id).await?;
    let sender = sender.ok_or_else(|| Problem::unauthenticated(true))?;
    let now = cx.clock.now();
    let item = InvitationItem {
        id: InvitationId::new(now),
        email,
        name,
        role,
        invited_by: sender.user.id.clone(),
        token_version: sender.token_version,
        demotions: sender.demotions,
        created_at: now,
        ttl: now.plus_seconds(LIFETIME).as_seconds(),
    };
    let invitations = cx.store.invitations();
    let before = invitations.find(&item.email).await?;
    if let Some(sent) = sent_by(cx, &sender, before.as_ref(), form.as_deref()).await? {
        return Ok(sent);
    }
    limits::acquire_mail(cx, MailKind::Invitation, &item.email).await?;
    let message = Message::Invitation { invitation_id: item.id.clone() };
    let mut mails = vec![OutboxItem::new(now, item.email.clone(), message)];
    if role >= TOLD_FROM {
        let (ip, notice) = (cx.request.source_ip, Notice::PublisherInvited);
        let notice = OutboxItem::notice(now, ip, &sender.user, notice);
        mails.push(notice.naming_invited(&item.email, role));
    }
    let entry = AuditEntry::new(cx, Event::Invited).by_caller(caller).about(&item.id);
    let entry = entry.named(item.email.as_str()).with(format!("as {}", role.as_str()));
    let before = before.map(|before| before.invitation_id);
    match invitations.create(&item, form.clone(), before.as_ref(), &mails, &entry).await {
        Ok(()) => Ok(seen(item, Some(&sender))),
        Err(WriteError::Store(error)) => Err(error.into()),
        Err(WriteError::Conflict(NotInvited::EmailTaken)) => Err(email_taken()),
        Err(WriteError::Conflict(NotInvited::NotByAdmin)) => {
            let detail = "You are no longer an admin, or your sessions were ended meanwhile.";
            Err(Problem::new(Code::Forbidden, detail))
        }
        Err(WriteError::Conflict(NotInvited::Changed)) => {
            let now = invitations.find(&item.email).await?;
            if let Some(sent) = sent_by(cx, &sender, now.as_ref(), form.as_deref()).await? {
                return Ok(sent);
            }
            let detail = "The address was invited by another request at the same time. Look at the list \
                          of invitations before you try again.";
            Err(Problem::new(Code::EditConflict, detail))
        }
    }
}

/// The invitation that an address has, if this form has sent it. A form is one session's alone.
async fn sent_by(
    cx: &Context,
    sender: &UserItem,
    invited: Option<&Invited>,
    form: Option<&str>,
) -> Result<Option<Invitation>, Problem> {
    let same = invited.filter(|invited| form.is_some() && invited.form.as_deref() == form);
    let Some(invited) = same else { return Ok(None) };
    let item = cx.store.invitations().get(&invited.invitation_id).await?;
    Ok(item.map(|item| seen(item, Some(sender))))
}

/// Withdraws an invitation: its link stops working.
///
/// # Errors
/// 404 if it was accepted, withdrawn or has expired; 403 if the caller is an admin no longer.
pub async fn withdraw(cx: &Context, caller: &Caller, id: &InvitationId) -> Result<(), Problem> {
    let item = cx.store.invitations().get(id).await?.filter(|item| item.is_live(cx.clock.now()));
    let item = item.ok_or_else(|| Problem::not_found("invitation"))?;
    let entry = AuditEntry::new(cx, Event::InvitationWithdrawn).by_caller(caller).about(id);
    let entry = entry.named(item.email.as_str());
    let done = cx.store.invitations().delete(&item, &caller.user.id, &entry).await?;
    if done { Ok(()) } else { Err(Problem::not_found("invitation")) }
}

/// A page of the invitations that wait to be accepted, newest first.
///
/// # Errors
/// 422 for a cursor of another list.
pub async fn list(cx: &Context, page: &PageParams) -> Result<Page<Invitation>, Problem> {
    let found = cx.store.invitations().list(page, cx.clock.now()).await?;
    let senders = cx.store.invitations().senders(&found.items).await?;
    Ok(found.map(|item| {
        let sender = senders.iter().find(|sender| sender.user.id == item.invited_by);
        seen(item, sender)
    }))
}

/// The invitation of a mailed link, without using it up; `None` if the link does not work.
///
/// # Errors
/// 429 after too many links that do not exist; 503 while the database does not answer.
pub async fn look(cx: &Context, token: &Secret) -> Result<Option<Invitation>, Problem> {
    let token = mailed_token::look(cx, token).await?;
    let Some(Purpose::AcceptInvitation { invitation_id }) = token.map(|token| token.purpose) else {
        return Ok(None);
    };
    let found = usable(cx, &invitation_id).await?;
    Ok(found.map(|(item, sender)| seen(item, Some(&sender))))
}

/// An invitation that still makes an account, and the account of its sender.
async fn usable(
    cx: &Context,
    id: &InvitationId,
) -> Result<Option<(InvitationItem, UserItem)>, Problem> {
    let item = cx.store.invitations().get(id).await?;
    let Some(item) = item.filter(|item| item.is_live(cx.clock.now())) else { return Ok(None) };
    let sender = cx.store.users().get(&item.invited_by).await?;
    let sender = sender.filter(|sender| item.is_backed_by(sender));
    Ok(sender.map(|sender| (item, sender)))
}

/// Makes the account of an invitation, with this password. `name` replaces the one of the invitation.
///
/// # Errors
/// 422 for a token that is used, expired or unknown or whose invitation was withdrawn or sent by somebody
/// who may not invite any more; 422 without any name, and for a password that is easily guessed; 409 if the
/// address has an account; 429 after too many tries.
pub async fn accept(
    cx: &Context,
    token: &Secret,
    new_password: Password,
    name: Option<Name>,
) -> Result<NewAccount, Problem> {
    let token = mailed_token::find(cx, token).await?.ok_or_else(spent)?;
    let Purpose::AcceptInvitation { invitation_id } = &token.item.purpose else {
        return Err(spent());
    };
    let (item, _) = usable(cx, invitation_id).await?.ok_or_else(spent)?;
    let name = name.or_else(|| item.name.clone()).ok_or_else(|| {
        Problem::invalid_field(
            "name",
            "required",
            "Is required, because the invitation has no name.",
        )
    })?;
    password::refuse_weak(cx, &new_password, "password", &item.email, &name).await?;
    let password_hash = password::hash(cx, new_password).await?;
    let pending = cx.store.registrations().list(&item.email, cx.clock.now()).await?;
    let registrations: Vec<&RegistrationId> = pending.iter().map(|item| &item.id).collect();
    let account = new_account::draft(cx, item.email.clone(), name, item.role, password_hash);
    let id = account.user.id.clone();
    let entry = AuditEntry::new(cx, Event::InvitationAccepted).by_user(&account.user).about(&id);
    let role = item.role.as_str();
    let entry = entry.with(format!("as {role}, invited by {}", item.invited_by));
    let title = OriginTitle::Invitation(&item);
    let origin = Origin { title, registrations, token: &token.digest };
    new_account::store(cx, account, &origin, &entry, spent).await
}

/// The invitation with what is known of the admin who sent it.
fn seen(item: InvitationItem, sender: Option<&UserItem>) -> Invitation {
    let valid = sender.is_some_and(|sender| item.is_backed_by(sender));
    shown(item, sender.map(|sender| sender.user.name.clone()), valid)
}

/// The invitation with the name of the admin who sent it, and whether its link works.
#[must_use]
pub fn shown(item: InvitationItem, invited_by_name: Option<Name>, valid: bool) -> Invitation {
    Invitation {
        id: item.id,
        email: item.email,
        name: item.name,
        role: item.role,
        invited_by: item.invited_by,
        invited_by_name,
        valid,
        created_at: item.created_at,
        expires_at: Time::from_millis(item.ttl * 1000),
    }
}

fn email_taken() -> Problem {
    let detail = "This address has an account already. Change the role of that account instead.";
    Problem::new(Code::EmailTaken, detail)
}

fn spent() -> Problem {
    let message = "The invitation has expired, was withdrawn or replaced, or has already been accepted. If \
                   you have an account, sign in; otherwise ask an admin for another invitation.";
    Problem::invalid_field("token", "invalid_token", message)
}
