//! Signing up: asking for an account, and making it with the token of the mailed link.
//!
//! The answer and the work (one transaction) are the same whether or not the address has an account.
//! Only the mail, which a worker writes, tells the difference. The password is chosen when the address is
//! confirmed, by somebody who has the mailbox, and nowhere before: anybody can sign up with any address,
//! and the mails look alike.

use super::limits::{self, MailKind};
use super::{device, mailed_token, password};
use crate::context::Context;
use crate::crypto::random;
use crate::http::problem::{Code, Problem};
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Email, Name, Password, RegistrationId, Role, Secret, Slug, User, UserId};
use crate::store::WriteError;
use crate::store::outbox::{Message, OutboxItem};
use crate::store::registrations::RegistrationItem;
use crate::store::tokens::Purpose;
use crate::store::users::{NotCreated, UsedRegistration, UserItem};

/// The lifetime of the mailed link, in seconds: 24 hours.
const LIFETIME: i64 = 24 * 3600;

/// An account that was made a moment ago.
pub struct NewAccount {
    /// The account.
    pub account: UserItem,
    /// This device, for later sign-ins.
    pub device_token: Secret,
}

/// Signs up for an account: its address gets a mail with a link.
///
/// # Errors
/// 429 after too many mails to the address.
pub async fn register(cx: &Context, email: Email, name: Name) -> Result<(), Problem> {
    limits::acquire_mail(cx, MailKind::SignUp, &email).await?;
    let now = cx.clock.now();
    let ttl = now.plus_seconds(LIFETIME).as_seconds();
    let id = RegistrationId::new(now);
    let message = Message::SignUp { registration_id: id.clone() };
    let mail = OutboxItem::new(now, email.clone(), message);
    let entry = AuditEntry::new(cx, Event::Registered).about(limits::address(&email));
    let registration = RegistrationItem { id, email, name, ttl };
    Ok(cx.store.registrations().create(&registration, &mail, &entry).await?)
}

/// Makes the account of a sign-up, with this password. `name` replaces the one of the sign-up.
///
/// # Errors
/// 422 for a token that is used, expired or unknown, and for a password that is easily guessed; 409 if
/// the address has an account; 429 after too many tries.
pub async fn confirm(
    cx: &Context,
    token: &Secret,
    new_password: Password,
    name: Option<Name>,
) -> Result<NewAccount, Problem> {
    let now = cx.clock.now();
    let token = mailed_token::find(cx, token).await?.ok_or_else(spent)?;
    let Purpose::ConfirmSignUp { registration_id } = &token.item.purpose else {
        return Err(spent());
    };
    let email = &token.item.email;
    let registration = cx.store.registrations().get(email, registration_id).await?;
    let registration = registration.filter(|item| item.ttl > now.as_seconds());
    let registration = registration.ok_or_else(spent)?;
    let pending = cx.store.registrations().list(email, now).await?;
    let others: Vec<&RegistrationId> =
        pending.iter().map(|item| &item.id).filter(|id| **id != registration.id).collect();
    let name = name.unwrap_or(registration.name);
    password::refuse_weak(cx, &new_password, "password", &registration.email, &name).await?;
    let password_hash = password::hash(cx, new_password).await?;
    let mut account = new_account(cx, registration.email, name, password_hash);
    let slug = account.user.slug.clone();
    let used_up = Some(UsedRegistration { id: &registration.id, others, token: &token.digest });
    // Made first, so that nothing can fail once the account is there.
    let device_token = device::token(cx, &account.user.email, account.token_version).await?;
    let id = account.user.id.clone();
    let entry = AuditEntry::new(cx, Event::EmailVerified).by_user(&account.user).about(&id);
    for _ in 0..3 {
        match cx.store.users().create(&account, used_up.as_ref(), &entry).await {
            Ok(()) => return Ok(NewAccount { account, device_token }),
            // Somebody with the same name has this slug.
            Err(WriteError::Conflict(NotCreated::SlugTaken)) => {
                account.user.slug = slug.with_suffix(&random::letters(5));
            }
            // There is an admin already: this becomes an ordinary account.
            Err(WriteError::Conflict(NotCreated::AdminExists)) => account.user.role = Role::Reader,
            Err(WriteError::Conflict(NotCreated::RegistrationGone)) => return Err(spent()),
            Err(WriteError::Conflict(NotCreated::EmailTaken)) => {
                let detail = "This address is already confirmed and has an account. Sign in.";
                return Err(Problem::new(Code::EmailTaken, detail));
            }
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
    }
    Err(Problem::internal("three random author slugs were taken"))
}

fn new_account(cx: &Context, email: Email, name: Name, password_hash: String) -> UserItem {
    let now = cx.clock.now();
    let admin = cx.config.admin_email.as_ref().map(Email::normalised);
    let is_admin = admin == Some(email.normalised());
    let slug = Slug::from_text(name.as_str()).unwrap_or_else(|| Slug::trusted("author"));
    UserItem {
        user: User {
            id: UserId::new(now),
            email,
            name,
            slug,
            role: if is_admin { Role::Admin } else { Role::Reader },
            created_at: now,
            disabled: false,
            two_factor: false,
            notifications: None,
        },
        password_hash,
        token_version: 0,
        totp: None,
        email_change: None,
    }
}

fn spent() -> Problem {
    let message = "The link has expired, has already been used, or is incomplete. If your address is \
                   confirmed, sign in; otherwise sign up again for a new link.";
    Problem::invalid_field("token", "invalid_token", message)
}
