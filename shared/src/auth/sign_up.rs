//! Signing up: asking for an account, and making it with the token of the mailed link.
//!
//! The answer and the work (one transaction) are the same whether or not the address has an account.
//! Only the mail, which a worker writes, tells the difference. The password is chosen when the address is
//! confirmed, by somebody who has the mailbox, and nowhere before: anybody can sign up with any address,
//! and the mails look alike.
//!
//! Where the settings say that people are invited, nobody can sign up, whatever their address. Until there
//! is an admin, who could invite, everybody gets the usual answer, and the address that is to become the
//! admin's gets its mail.

use super::limits::{self, MailKind};
use super::new_account::{self, NewAccount};
use super::{mailed_token, password};
use crate::context::Context;
use crate::http::problem::{Code, Problem};
use crate::known_settings::SETTINGS_PERMISSION;
use crate::model::audit::{AuditEntry, Event};
use crate::model::{Email, Name, Password, Registration, RegistrationId, Role, Secret};
use crate::permission::Permission;
use crate::store::new_accounts::{Origin, OriginTitle};
use crate::store::outbox::{Message, OutboxItem};
use crate::store::registrations::RegistrationItem;
use crate::store::tokens::Purpose;

/// The lifetime of the mailed link, in seconds: 24 hours.
const LIFETIME: i64 = 24 * 3600;

/// What finding out whether people can sign up needs, besides reading the roster of admins.
pub const REGISTRATION_PERMISSION: Permission = SETTINGS_PERMISSION;

/// Signs up for an account: its address gets a mail with a link.
///
/// # Errors
/// 403 where people are invited; 429 after too many mails to the address.
pub async fn register(cx: &Context, email: Email, name: Name) -> Result<(), Problem> {
    if !is_open(cx).await? && cx.store.users().has_admin().await? {
        return Err(closed(cx));
    }
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

/// The sign-up of a mailed link, without using it up; `None` if the link does not work.
///
/// # Errors
/// 403 where people are invited by now; 429 after too many links that do not exist.
pub async fn look(cx: &Context, token: &Secret) -> Result<Option<RegistrationItem>, Problem> {
    let Some(token) = mailed_token::look(cx, token).await? else { return Ok(None) };
    let Purpose::ConfirmSignUp { registration_id } = &token.purpose else { return Ok(None) };
    let registration = cx.store.registrations().get(&token.email, registration_id).await?;
    let now = cx.clock.now().as_seconds();
    let Some(registration) = registration.filter(|item| item.ttl > now) else { return Ok(None) };
    if !may_confirm(cx, &token.email).await? {
        return Err(closed(cx));
    }
    Ok(Some(registration))
}

/// Makes the account of a sign-up, with this password. `name` replaces the one of the sign-up.
///
/// # Errors
/// 422 for a token that is used, expired or unknown, and for a password that is easily guessed; 403 where
/// people are invited by now; 409 if the address has an account; 429 after too many tries.
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
    if !may_confirm(cx, email).await? {
        return Err(closed(cx));
    }
    let pending = cx.store.registrations().list(email, now).await?;
    let name = name.unwrap_or(registration.name);
    password::refuse_weak(cx, &new_password, "password", &registration.email, &name).await?;
    let password_hash = password::hash(cx, new_password).await?;
    let role = if is_admins(cx, &registration.email) { Role::Admin } else { Role::Reader };
    let account = new_account::draft(cx, registration.email, name, role, password_hash);
    let id = account.user.id.clone();
    let entry = AuditEntry::new(cx, Event::EmailVerified).by_user(&account.user).about(&id);
    let origin = Origin {
        title: OriginTitle::Registration(&registration.id),
        registrations: pending.iter().map(|item| &item.id).collect(),
        token: &token.digest,
    };
    new_account::store(cx, account, &origin, &entry, spent).await
}

/// Whether an address that signed up can have an account. The settings may have changed since, and without
/// an admin, only the admin's own address can where people are invited.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn may_confirm(cx: &Context, email: &Email) -> Result<bool, Problem> {
    if is_open(cx).await? {
        return Ok(true);
    }
    makes_admin(cx, email).await
}

/// Whether the account of this address becomes the first admin's.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn makes_admin(cx: &Context, email: &Email) -> Result<bool, Problem> {
    Ok(is_admins(cx, email) && !cx.store.users().has_admin().await?)
}

/// Whether everybody may sign up.
///
/// # Errors
/// 503 while the database does not answer.
pub async fn is_open(cx: &Context) -> Result<bool, Problem> {
    Ok(cx.settings.read_consistent().await?.registration == Registration::Open)
}

/// Whether it is the address that is to become the first admin's.
fn is_admins(cx: &Context, email: &Email) -> bool {
    let admin = cx.config.admin_email.as_ref().map(Email::normalised);
    admin == Some(email.normalised())
}

/// The same for every address, so that it does not tell which has an account.
fn closed(cx: &Context) -> Problem {
    let settings = cx.settings.last();
    let site = &settings.title;
    let detail = format!(
        "At {site}, people get an account by invitation. Ask an admin to invite your address. If you \
         have an account, sign in."
    );
    Problem::new(Code::RegistrationClosed, detail)
}

fn spent() -> Problem {
    let message = "The link has expired, has already been used, or is incomplete. If your address is \
                   confirmed, sign in; otherwise sign up again for a new link.";
    Problem::invalid_field("token", "invalid_token", message)
}
