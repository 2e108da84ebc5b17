//! Making the account of somebody who has proved their mailbox: after a sign-up, or an invitation.

use super::device;
use crate::context::Context;
use crate::crypto::random;
use crate::http::problem::{Code, Problem};
use crate::model::audit::AuditEntry;
use crate::model::{Email, Name, Role, Secret, Slug, User, UserId};
use crate::store::WriteError;
use crate::store::new_accounts::Origin;
use crate::store::users::{NotCreated, UserItem};

/// An account that was made a moment ago.
pub struct NewAccount {
    /// The account.
    pub account: UserItem,
    /// This device, for later sign-ins.
    pub device_token: Secret,
}

/// An account that is not stored yet.
pub(super) fn draft(
    cx: &Context,
    email: Email,
    name: Name,
    role: Role,
    password_hash: String,
) -> UserItem {
    let now = cx.clock.now();
    let slug = Slug::from_text(name.as_str()).unwrap_or_else(|| Slug::trusted("author"));
    UserItem {
        user: User {
            id: UserId::new(now),
            email,
            name,
            slug,
            role,
            created_at: now,
            disabled: false,
            two_factor: false,
            notifications: None,
            profile: None,
        },
        password_hash,
        token_version: 0,
        demotions: 0,
        totp: None,
        totp_off_at: None,
        passkeys: Vec::new(),
        email_change: None,
        former_emails: Vec::new(),
    }
}

/// Stores the account, and uses up what it comes from.
///
/// # Errors
/// 409 if the address has an account; `spent` if what it comes from is gone.
pub(super) async fn store(
    cx: &Context,
    mut account: UserItem,
    origin: &Origin<'_>,
    entry: &AuditEntry,
    spent: fn() -> Problem,
) -> Result<NewAccount, Problem> {
    let slug = account.user.slug.clone();
    // Made first, so that nothing can fail once the account is there.
    let device_token = device::token(cx, &account.user.email, account.token_version).await?;
    for _ in 0..3 {
        match cx.store.users().create(&account, Some(origin), entry).await {
            Ok(()) => return Ok(NewAccount { account, device_token }),
            // Somebody with the same name has this slug.
            Err(WriteError::Conflict(NotCreated::SlugTaken)) => {
                account.user.slug = slug.with_suffix(&random::letters(5));
            }
            // There is an admin already: this becomes an ordinary account.
            Err(WriteError::Conflict(NotCreated::AdminExists)) => account.user.role = Role::Reader,
            Err(WriteError::Conflict(NotCreated::OriginGone)) => return Err(spent()),
            Err(WriteError::Conflict(NotCreated::EmailTaken)) => {
                let detail = "This address is already confirmed and has an account. Sign in.";
                return Err(Problem::new(Code::EmailTaken, detail));
            }
            Err(WriteError::Store(error)) => return Err(error.into()),
        }
    }
    Err(Problem::internal("three random author slugs were taken"))
}
