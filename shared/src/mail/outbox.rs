//! Delivery of the mails in the outbox.
//!
//! A mail leaves the outbox when SES has accepted it. A mail that fails stays and is retried at growing
//! intervals for three days, so an outage of SES delays mails but loses none. One bad address does not
//! delay other mails.

use super::{Mail, SendError, Sender, news, send};
use crate::auth::{mailed_token, sign_up as signing_up};
use crate::context::Context;
use crate::crypto::{digest, random};
use crate::http::problem::Problem;
use crate::model::{Email, MailId};
use crate::store::invitations::InvitationItem;
use crate::store::outbox::{About, Message, Notice, OutboxItem};
use crate::store::registrations::RegistrationItem;
use crate::store::tokens::{Purpose, TokenItem};
use crate::store::users::UserItem;

/// The lifetime of a link that confirms an e-mail address, in seconds: 24 hours.
const CONFIRM_LIFETIME: i64 = 24 * 3600;

/// The lifetime of a link or code to sign in with, in seconds: 15 minutes.
const SIGN_IN_LIFETIME: i64 = 15 * 60;

/// The lifetime of a link to choose a new password, in seconds: 30 minutes.
const RESET_LIFETIME: i64 = 30 * 60;

/// Sends one mail of the outbox, if it is still there. If SES fails, the mail stays in the outbox for a
/// retry, and the call succeeds.
///
/// # Errors
/// Where the database fails.
pub async fn deliver(cx: &Context, id: &MailId) -> Result<(), Problem> {
    let now = cx.clock.now();
    let is_due = |item: &OutboxItem| item.failed.is_none() && !item.is_early(now);
    let Some(item) = cx.store.outbox().get(id).await?.filter(is_due) else { return Ok(()) };
    let Some(mail) = compose(cx, &item).await? else {
        return Ok(cx.store.outbox().delete(id).await?);
    };
    match send(cx, &item.to, &mail).await {
        Ok(()) => Ok(cx.store.outbox().delete(id).await?),
        Err(SendError::Permanent(reason)) => {
            tracing::error!(mail = %id, reason, "SES rejects this mail permanently; it is not retried");
            Ok(cx.store.outbox().update(&item.fail(now, &reason)).await?)
        }
        Err(SendError::Temporary(problem)) => {
            let item = item.later(now);
            let cause = problem.cause;
            match item.failed {
                None => {
                    tracing::warn!(mail = %id, ?cause, "a mail could not be sent and will be retried")
                }
                Some(_) => {
                    tracing::error!(mail = %id, ?cause, "a mail could not be sent for three days; it is not retried")
                }
            }
            Ok(cx.store.outbox().update(&item).await?)
        }
    }
}

/// Writes a mail; `None` if its reason is gone, such as an expired sign-up.
async fn compose(cx: &Context, item: &OutboxItem) -> Result<Option<Mail>, Problem> {
    let sender = &Sender::now(cx).await?;
    Ok(match &item.message {
        Message::SignUp { registration_id } => {
            let registration = cx.store.registrations().get(&item.to, registration_id).await?;
            let now = cx.clock.now().as_seconds();
            match registration.filter(|registration| registration.ttl > now) {
                Some(registration) => sign_up(cx, sender, &registration).await?,
                None => None,
            }
        }
        Message::SignUpAgain => {
            let pending = cx.store.registrations().list(&item.to, cx.clock.now()).await?;
            match pending.first() {
                Some(registration) => sign_up(cx, sender, registration).await?,
                None => None,
            }
        }
        Message::Invitation { invitation_id } => {
            let invitation = cx.store.invitations().get(invitation_id).await?;
            let now = cx.clock.now();
            match invitation.filter(|invitation| invitation.is_live(now)) {
                Some(invitation) => invite(cx, sender, &invitation).await?,
                None => None,
            }
        }
        Message::ResetPassword => match account(cx, &item.to).await? {
            Some(account) => {
                let token_version = account.token_version;
                let purpose = Purpose::ResetPassword { user_id: account.user.id, token_version };
                let to = &account.user.email;
                let token = token(cx, to, purpose, RESET_LIFETIME).await?;
                Some(Mail::reset_password(sender, &account.user.name, &token))
            }
            None => None,
        },
        Message::SignInLink => match account(cx, &item.to).await? {
            Some(account) => {
                let token = sign_in_token(cx, &account).await?;
                Some(Mail::sign_in_link(sender, &account.user.name, &token))
            }
            None => None,
        },
        Message::SignInCode => match account(cx, &item.to).await? {
            Some(account) => {
                let code = mailed_token::new_code();
                let token = mailed_token::from_code(&code);
                let to = &account.user.email;
                store_token(cx, token.expose(), to, sign_in(&account), SIGN_IN_LIFETIME).await?;
                Some(Mail::sign_in_code(sender, &account.user.name, &code))
            }
            None => None,
        },
        Message::ConfirmEmailChange { user_id, change_id, side } => {
            let account = cx.store.users().get(user_id).await?;
            let change = account.as_ref().and_then(|account| account.email_change.clone());
            match (account, change.filter(|change| change.id == *change_id)) {
                (Some(account), Some(change)) => {
                    let purpose = Purpose::ConfirmEmailChange {
                        user_id: user_id.clone(),
                        change_id: change_id.clone(),
                        side: *side,
                    };
                    let token = token(cx, &item.to, purpose, CONFIRM_LIFETIME).await?;
                    let (name, new) = (&account.user.name, &change.email);
                    Some(Mail::confirm_email_change(sender, name, new, *side, &token))
                }
                _ => None,
            }
        }
        Message::ManyWrongPasswords => {
            let account = account(cx, &item.to).await?;
            let notice = Notice::ManyWrongPasswords;
            let (at, about) = (item.created_at, About::default());
            account.map(|account| Mail::notice(sender, &account.user.name, notice, at, &about))
        }
        Message::Notice { name, notice, about } => {
            Some(Mail::notice(sender, name, *notice, item.created_at, about))
        }
        Message::News { user_id, news } => news::one(cx, sender, &item.to, user_id, news).await?,
        Message::MoreNews { user_id, hour } => {
            news::more(cx, sender, &item.to, user_id, hour).await?
        }
        Message::Digest { user_id } => news::digest(cx, sender, &item.to, user_id).await?,
    })
}

/// The account with this e-mail address, unless it is disabled.
async fn account(cx: &Context, email: &Email) -> Result<Option<UserItem>, Problem> {
    let account = match cx.store.users().find_id_by_email(email).await? {
        Some(id) => cx.store.users().get(&id).await?,
        None => None,
    };
    Ok(account.filter(|account| !account.user.disabled))
}

/// The mail of a sign-up; none to an address that cannot have an account.
async fn sign_up(
    cx: &Context,
    sender: &Sender<'_>,
    registration: &RegistrationItem,
) -> Result<Option<Mail>, Problem> {
    let to = &registration.email;
    if cx.store.users().find_id_by_email(to).await?.is_some() {
        return Ok(Some(Mail::account_exists(sender)));
    }
    if !signing_up::may_confirm(cx, to).await? {
        return Ok(None);
    }
    let purpose = Purpose::ConfirmSignUp { registration_id: registration.id.clone() };
    let lifetime = registration.ttl - cx.clock.now().as_seconds();
    let token = token(cx, to, purpose, lifetime).await?;
    let is_first = signing_up::makes_admin(cx, to).await?;
    let mail = if is_first { Mail::first_admin } else { Mail::confirm_address };
    Ok(Some(mail(sender, &token)))
}

/// The mail of an invitation; none if its link would not work any more.
async fn invite(
    cx: &Context,
    sender: &Sender<'_>,
    invitation: &InvitationItem,
) -> Result<Option<Mail>, Problem> {
    let admin = cx.store.users().get(&invitation.invited_by).await?;
    let Some(admin) = admin.filter(|admin| invitation.is_backed_by(admin)) else {
        return Ok(None);
    };
    let purpose = Purpose::AcceptInvitation { invitation_id: invitation.id.clone() };
    let lifetime = invitation.ttl - cx.clock.now().as_seconds();
    let token = token(cx, &invitation.email, purpose, lifetime).await?;
    let (from, to) = (&admin.user.name, invitation.name.as_ref());
    Ok(Some(Mail::invitation(sender, from, to, invitation.role, &token)))
}

/// A new token that signs in to an account once, within 15 minutes. Give it to the owner alone.
///
/// # Errors
/// Where the database fails.
pub async fn sign_in_token(cx: &Context, account: &UserItem) -> Result<String, Problem> {
    token(cx, &account.user.email, sign_in(account), SIGN_IN_LIFETIME).await
}

fn sign_in(account: &UserItem) -> Purpose {
    let (user_id, token_version) = (account.user.id.clone(), account.token_version);
    Purpose::SignIn { user_id, token_version }
}

/// A new token. Only its digest is stored: the token itself is in the mail alone.
async fn token(
    cx: &Context,
    email: &Email,
    purpose: Purpose,
    lifetime: i64,
) -> Result<String, Problem> {
    let token = random::token();
    store_token(cx, &token, email, purpose, lifetime).await?;
    Ok(token)
}

async fn store_token(
    cx: &Context,
    token: &str,
    email: &Email,
    purpose: Purpose,
    lifetime: i64,
) -> Result<(), Problem> {
    let ttl = cx.clock.now().plus_seconds(lifetime).as_seconds();
    let item = TokenItem { email: email.clone(), purpose, ttl };
    Ok(cx.store.tokens().create(&digest::sha256(token), &item).await?)
}
