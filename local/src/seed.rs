//! The admin account of a local Byline.

use byline_shared::Context;
use byline_shared::auth::password;
use byline_shared::crypto::random;
use byline_shared::http::problem::Problem;
use byline_shared::model::audit::{AuditEntry, Event};
use byline_shared::model::{Email, Name, Password, Role, Slug, User, UserId};
use byline_shared::store::WriteError;
use byline_shared::store::users::{NotCreated, UserItem};

use crate::runner::Admin;

/// Creates the admin's account with the password `given`, or a generated one. An account that exists
/// keeps its password; it is made an admin and enabled.
pub(crate) async fn admin(
    cx: &Context,
    email: Email,
    given: Option<Password>,
) -> Result<Admin, Problem> {
    if let Some(id) = cx.store.users().find_id_by_email(&email).await? {
        promote(cx, &id).await?;
        return Ok(Admin { email, password: None, is_new: false });
    }
    let generated = given.is_none();
    let secret = given.unwrap_or_else(|| Password::new(passphrase()));
    let now = cx.clock.now();
    let slug = Slug::trusted("admin");
    let mut account = UserItem {
        user: User {
            id: UserId::new(now),
            email: email.clone(),
            name: Name::trusted("Admin"),
            slug: slug.clone(),
            role: Role::Admin,
            created_at: now,
            disabled: false,
            two_factor: false,
            notifications: None,
            profile: None,
        },
        password_hash: password::hash(cx, secret.clone()).await?,
        token_version: 0,
        demotions: 0,
        totp: None,
        totp_off_at: None,
        passkeys: Vec::new(),
        email_change: None,
        former_emails: Vec::new(),
    };
    let entry = AuditEntry::new(cx, Event::EmailVerified).about(&account.user.id).with("seeded");
    let mut made = cx.store.users().create(&account, None, &entry).await;
    if matches!(made, Err(WriteError::Conflict(NotCreated::SlugTaken))) {
        // An earlier start with another e-mail address has taken the slug.
        account.user.slug = slug.with_suffix(&random::letters(5));
        made = cx.store.users().create(&account, None, &entry).await;
    }
    made.map_err(|error| Problem::internal(format!("the account was not created: {error:?}")))?;
    Ok(Admin { email, password: generated.then_some(secret), is_new: true })
}

/// Makes an account an enabled admin. Starting the process gives full control over its data anyway.
async fn promote(cx: &Context, id: &UserId) -> Result<(), Problem> {
    let Some(account) = cx.store.users().get(id).await? else { return Ok(()) };
    let before = account.user;
    if before.role == Role::Admin && !before.disabled {
        return Ok(());
    }
    let after = User { role: Role::Admin, disabled: false, ..before.clone() };
    let entry = AuditEntry::new(cx, Event::RoleChanged).about(id).with("named at start");
    let changed = cx.store.users().update_by_admin(&before, &after, id, None, &[entry]).await;
    changed.map_err(|error| Problem::internal(format!("the account was not promoted: {error:?}")))
}

/// A password of four groups of five letters: 80 bits.
fn passphrase() -> String {
    (0..4).map(|_| random::letters(5)).collect::<Vec<_>>().join("-")
}
