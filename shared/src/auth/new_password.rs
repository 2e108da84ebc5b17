//! A new password: with the token of a mail, or with the present one.
//!
//! Neither signs anybody in: one-time codes still apply (ASVS 6.4.3). But the device is known from then
//! on, so that strangers who guess passwords do not keep its owner out.

use super::caller::Person;
use super::limits::{self, MailKind};
use super::{device, mailed_token, password};
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Email, Password, Secret, User};
use crate::store::outbox::{Message, Notice, OutboxItem};
use crate::store::tokens::Purpose;

/// Sends a link to choose a new password, if the address has an account. The work is the same for every
/// address: the worker that writes the mail looks up the account.
///
/// # Errors
/// 429 after too many mails to the address.
pub async fn request(cx: &Context, email: Email) -> Result<(), Problem> {
    limits::acquire_mail(cx, MailKind::PasswordReset, &email).await?;
    let subject = limits::address(&email);
    let mail = OutboxItem::new(cx.clock.now(), email, Message::ResetPassword);
    cx.store.outbox().create(&mail).await?;
    AuditEntry::new(cx, Event::ResetRequested).about(&subject).record(cx).await;
    Ok(())
}

/// The account of a mailed link, without using it up; `None` if the link does not work.
///
/// # Errors
/// 429 after too many links that do not exist; 503 while the database does not answer.
pub async fn look(cx: &Context, token: &Secret) -> Result<Option<User>, Problem> {
    let token = mailed_token::look(cx, token).await?;
    let Some(Purpose::ResetPassword { user_id, token_version }) = token.map(|it| it.purpose) else {
        return Ok(None);
    };
    let account = cx.store.users().get(&user_id).await?;
    let account = account.filter(|account| account.token_version == token_version);
    Ok(account.map(|account| account.user))
}

/// Sets a new password with the token of a mail, and ends all sessions. Returns the device token of this
/// device.
///
/// # Errors
/// 422 for a token that is used, expired or unknown, and for a password that is easily guessed; 429 after
/// too many tries.
pub async fn reset(cx: &Context, token: &Secret, new: Password) -> Result<Secret, Problem> {
    let found = mailed_token::find(cx, token).await?.ok_or_else(spent)?;
    let Purpose::ResetPassword { user_id, token_version } = found.item.purpose else {
        return Err(spent());
    };
    let digest = found.digest;
    let account = cx.store.users().get(&user_id).await?.ok_or_else(spent)?;
    let user = &account.user;
    password::refuse_weak(cx, &new, "new_password", &user.email, &user.name).await?;
    let hash = password::hash(cx, new).await?;
    let device = device::token(cx, &user.email, token_version + 1).await?;
    let entry = AuditEntry::new(cx, Event::PasswordReset).by_user(user).about(&user_id);
    let notice =
        OutboxItem::notice(cx.clock.now(), cx.request.source_ip, user, Notice::PasswordReset);
    let passwords = cx.store.passwords();
    let done = passwords.reset(&account, token_version, &digest, &hash, &notice, &entry).await?;
    if done { Ok(device) } else { Err(spent()) }
}

/// Changes the password of somebody who knows the present one, and ends all their other sessions.
/// Returns the new device token of this device.
///
/// # Errors
/// 422 for a wrong present password, and for a new one that is easily guessed; 409 if the account was
/// changed at the same time; 429 after too many tries.
pub async fn change(
    cx: &Context,
    who: &Person,
    present: &Secret,
    new: Password,
) -> Result<Secret, Problem> {
    let id = &who.user.id;
    limits::acquire(cx, &limits::CONFIRM_ACCOUNT, &limits::account(id)).await?;
    let account = cx.store.users().get(id).await?.ok_or_else(|| Problem::unauthenticated(true))?;
    let stored = Some(account.password_hash.clone());
    if !password::verify(cx, present.expose().to_owned(), stored).await? {
        AuditEntry::new(cx, Event::PasswordChanged).by(id).about(id).refused().record(cx).await;
        let message = "The current password is wrong.";
        return Err(Problem::invalid_field("current_password", "wrong_password", message));
    }
    limits::refund(cx, &limits::CONFIRM_ACCOUNT, &limits::account(id)).await;
    let user = &account.user;
    password::refuse_weak(cx, &new, "new_password", &user.email, &user.name).await?;
    let hash = password::hash(cx, new).await?;
    let entry = AuditEntry::new(cx, Event::PasswordChanged).by(id).about(id);
    let notice =
        OutboxItem::notice(cx.clock.now(), cx.request.source_ip, user, Notice::PasswordChanged);
    let device = device::token(cx, &user.email, account.token_version + 1).await?;
    let session = &who.session_id;
    if cx.store.passwords().change(&account, session, &hash, &notice, &entry).await? {
        return Ok(device);
    }
    let detail = "The account was changed by another request at the same time. Try again.";
    Err(Problem::new(Code::EditConflict, detail))
}

fn spent() -> Problem {
    let message = "The link has expired, has already been used, or is incomplete. Request a new \
                   one.";
    Problem::invalid_field("token", "invalid_token", message)
}
