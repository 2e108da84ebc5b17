//! A change of an account's e-mail address: the request, and the confirmation by both addresses.
//!
//! The new address may be that of somebody who never asked for it and follows the link. Its confirmation
//! takes the account's password, or they would get an account whose password a stranger chose.

use super::limits::{self, MailKind};
use super::{device, mailed_token, password};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{AddressSide, Email, EmailChangeId, Secret, User};
use crate::store::email_changes::Confirmation;
use crate::store::outbox::{Message, Notice, OutboxItem};
use crate::store::tokens::Purpose;
use crate::store::users::{EmailChange, UserItem};

/// How long a change can be confirmed, in seconds: 24 hours.
const WAITS: i64 = 24 * 3600;

/// The state of a change after a confirmation.
#[derive(Debug)]
pub enum State {
    /// The other address has not confirmed yet.
    Pending,
    /// The address has changed, and all sessions have ended. Holds this device's token.
    Changed(Secret),
}

/// Sends a mail to both addresses. If the new one already has an account, the request does not say so;
/// the confirmation fails instead.
///
/// # Errors
/// 429 after too many mails.
pub async fn request(cx: &Context, user: &User, email: Email) -> Result<(), Problem> {
    limits::acquire(cx, &limits::MAIL_ACCOUNT, &limits::account(&user.id)).await?;
    limits::acquire_mail(cx, MailKind::EmailChange, &email).await?;
    let now = cx.clock.now();
    let id = EmailChangeId::new(now);
    let mail = |to: &Email, side: AddressSide| {
        let (user_id, change_id) = (user.id.clone(), id.clone());
        let message = Message::ConfirmEmailChange { user_id, change_id, side };
        OutboxItem::new(now, to.clone(), message)
    };
    let mails = [&mail(&user.email, AddressSide::Old), &mail(&email, AddressSide::New)];
    let change =
        EmailChange { id: id.clone(), email: email.clone(), ends_at: now.plus_seconds(WAITS) };
    let entry = AuditEntry::new(cx, Event::EmailChangeRequested).by_user(user).about(&user.id);
    Ok(cx.store.email_changes().create(&user.id, &change, mails, &entry).await?)
}

/// A change that one of the two addresses is asked to confirm.
#[derive(Debug)]
pub struct Asked {
    /// The address of the account.
    pub old: Email,
    /// The address that it is to have.
    pub new: Email,
    /// Which of them is asked. The new one may be a stranger's: it must not learn the old one.
    pub side: AddressSide,
}

/// The change of a mailed link, without using it up; `None` if the link does not work.
///
/// # Errors
/// 429 after too many links that do not exist; 503 while the database does not answer.
pub async fn look(cx: &Context, token: &Secret) -> Result<Option<Asked>, Problem> {
    let token = mailed_token::look(cx, token).await?;
    let Some(Purpose::ConfirmEmailChange { user_id, change_id, side }) =
        token.map(|token| token.purpose)
    else {
        return Ok(None);
    };
    let Some(account) = cx.store.users().get(&user_id).await? else { return Ok(None) };
    let now = cx.clock.now();
    let change = account.email_change.filter(|it| it.id == change_id && it.ends_at > now);
    let old = account.user.email;
    Ok(change.map(|change| Asked { old, new: change.email, side }))
}

/// Records the confirmation of one of the two addresses, by the token of its mail. `given` is the
/// account's password, which the new address needs.
///
/// # Errors
/// 422 for a token that is used, expired or unknown, and for a missing or wrong password; 429 after too
/// many tries.
pub async fn confirm(
    cx: &Context,
    token: &Secret,
    given: Option<Secret>,
) -> Result<State, Problem> {
    let now = cx.clock.now();
    let found = mailed_token::find(cx, token).await?.ok_or_else(spent)?;
    let Purpose::ConfirmEmailChange { user_id, change_id, side } = found.item.purpose else {
        return Err(spent());
    };
    let account = cx.store.users().get(&user_id).await?.ok_or_else(spent)?;
    let change = account.email_change.clone();
    let change = change.filter(|change| change.id == change_id && change.ends_at > now);
    let change = change.ok_or_else(spent)?;
    if side == AddressSide::New {
        prove(cx, &account, given).await?;
    }
    let device = device::token(cx, &change.email, account.token_version + 1).await?;
    let notice = OutboxItem::notice(now, cx.request.source_ip, &account.user, Notice::EmailChanged);
    let entry = AuditEntry::new(cx, Event::EmailChanged).by_user(&account.user).about(&user_id);
    let changes = cx.store.email_changes();
    match changes.confirm(&account, &change, side, &found.digest, &notice, &entry).await? {
        Confirmation::Pending => Ok(State::Pending),
        Confirmation::Completed => Ok(State::Changed(device)),
        Confirmation::Invalid => Err(spent()),
    }
}

/// Holds who confirms the new address to the account's password.
async fn prove(cx: &Context, account: &UserItem, given: Option<Secret>) -> Result<(), Problem> {
    let Some(given) = given else {
        let message = "Send the password of the account as well.";
        return Err(Problem::invalid_field("password", "required", message));
    };
    let id = &account.user.id;
    // Not the bucket of the signed-in user, which a stranger at the new address must not fill.
    let bucket = limits::account(id).within("email-change");
    limits::acquire(cx, &limits::CONFIRM_ACCOUNT, &bucket).await?;
    let stored = Some(account.password_hash.clone());
    if password::verify(cx, given.expose().to_owned(), stored).await? {
        limits::refund(cx, &limits::CONFIRM_ACCOUNT, &bucket).await;
        return Ok(());
    }
    AuditEntry::new(cx, Event::EmailChanged).about(id).refused().record(cx).await;
    let message = "This is not the password of the account that asked for this address. If you did not \
                   ask for it, ignore the mail.";
    Err(Problem::invalid_field("password", "wrong_password", message))
}

fn spent() -> Problem {
    let message = "The link has expired, has already been used or is incomplete, or the new address \
                   now belongs to another account.";
    Problem::invalid_field("token", "invalid_token", message)
}
