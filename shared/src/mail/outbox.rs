//! Sending what waits in the outbox.
//!
//! A mail leaves the outbox when SES has taken it. What fails stays, and is tried again at growing
//! intervals for three days: an outage delays mails and loses none, and one bad address holds up no
//! other.

use super::{Mail, NotSent, send};
use crate::auth::{one_time, random};
use crate::context::Context;
use crate::http::problem::Problem;
use crate::model::{Email, MailId};
use crate::store::outbox::{Message, Notice, OutboxItem};
use crate::store::registrations::RegistrationItem;
use crate::store::tokens::{Purpose, TokenItem};
use crate::store::users::UserItem;

/// How long a link to confirm an address works, in seconds: 24 hours.
const CONFIRM_LIFETIME: i64 = 24 * 3600;

/// How long a link to choose a new password works, in seconds: 30 minutes.
const RESET_LIFETIME: i64 = 30 * 60;

/// Sends a mail of the outbox, if it is still there.
///
/// # Errors
/// Where the database does not answer. That SES does not is no error: the mail is tried later.
pub async fn deliver(cx: &Context, id: &MailId) -> Result<(), Problem> {
    let Some(item) = cx.store.outbox().get(id).await?.filter(|item| item.failed.is_none()) else {
        return Ok(());
    };
    let Some(mail) = compose(cx, &item).await? else {
        return Ok(cx.store.outbox().delete(id).await?);
    };
    let now = cx.clock.now();
    match send(cx, &item.to, &mail).await {
        Ok(()) => Ok(cx.store.outbox().delete(id).await?),
        Err(NotSent::Never(reason)) => {
            tracing::error!(mail = %id, reason, "SES refuses this mail for good; it is given up");
            Ok(cx.store.outbox().update(&item.fail(now, &reason)).await?)
        }
        Err(NotSent::NotNow(problem)) => {
            let item = item.later(now);
            let cause = problem.cause;
            match item.failed {
                None => tracing::warn!(mail = %id, ?cause, "a mail is tried again later"),
                Some(_) => tracing::error!(mail = %id, ?cause, "a mail is given up"),
            }
            Ok(cx.store.outbox().update(&item).await?)
        }
    }
}

/// The text of a mail; `None` where there is nothing to say any more.
async fn compose(cx: &Context, item: &OutboxItem) -> Result<Option<Mail>, Problem> {
    let config = &cx.config;
    Ok(match &item.message {
        Message::SignUp { registration_id } => {
            let registration = cx.store.registrations().get(&item.to, registration_id).await?;
            let now = cx.clock.now().as_seconds();
            match registration.filter(|registration| registration.ttl > now) {
                Some(registration) => Some(sign_up(cx, &registration).await?),
                None => None,
            }
        }
        Message::SignUpAgain => {
            let pending = cx.store.registrations().list(&item.to, cx.clock.now()).await?;
            match pending.first() {
                Some(registration) => Some(sign_up(cx, registration).await?),
                None => None,
            }
        }
        Message::ResetPassword => match account(cx, &item.to).await? {
            Some(account) => {
                let token_version = account.token_version;
                let purpose = Purpose::ResetPassword { user_id: account.user.id, token_version };
                let to = &account.user.email;
                let token = token(cx, to, purpose, RESET_LIFETIME).await?;
                Some(Mail::reset_password(config, &account.user.name, &token))
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
                    Some(Mail::confirm_email_change(config, name, new, *side, &token))
                }
                _ => None,
            }
        }
        Message::ManyWrongPasswords => {
            let account = account(cx, &item.to).await?;
            let notice = Notice::ManyWrongPasswords;
            account.map(|account| Mail::notice(config, &account.user.name, notice))
        }
        Message::Notice { name, notice } => Some(Mail::notice(config, name, *notice)),
    })
}

/// The account of an address, if it is not shut.
async fn account(cx: &Context, email: &Email) -> Result<Option<UserItem>, Problem> {
    let account = match cx.store.users().find_id_by_email(email).await? {
        Some(id) => cx.store.users().get(&id).await?,
        None => None,
    };
    Ok(account.filter(|account| !account.user.disabled))
}

async fn sign_up(cx: &Context, registration: &RegistrationItem) -> Result<Mail, Problem> {
    let to = &registration.email;
    if cx.store.users().find_id_by_email(to).await?.is_some() {
        return Ok(Mail::account_exists(&cx.config));
    }
    let purpose = Purpose::ConfirmSignUp { registration_id: registration.id.clone() };
    let lifetime = registration.ttl - cx.clock.now().as_seconds();
    let token = token(cx, to, purpose, lifetime).await?;
    Ok(Mail::confirm_address(&cx.config, &token))
}

/// A token that is in this mail and nowhere else.
async fn token(
    cx: &Context,
    email: &Email,
    purpose: Purpose,
    lifetime: i64,
) -> Result<String, Problem> {
    let token = random::token();
    let ttl = cx.clock.now().plus_seconds(lifetime).as_seconds();
    let item = TokenItem { email: email.clone(), purpose, ttl };
    cx.store.tokens().create(&one_time::digest(&token), &item).await?;
    Ok(token)
}
