//! The first admin of a local Byline.

use shared::Context;
use shared::auth::audit::{Entry, Event};
use shared::auth::{password, random};
use shared::http::problem::Problem;
use shared::model::{Email, Name, Password, Role, Slug, User, UserId};
use shared::store::users::UserItem;

use crate::byline::Admin;

/// Makes the admin unless their address has an account; says how they sign in.
pub(crate) async fn admin(
    cx: &Context,
    email: Email,
    given: Option<Password>,
) -> Result<Admin, Problem> {
    if cx.store.account_id(&email).await?.is_some() {
        return Ok(Admin { email, password: None, is_new: false });
    }
    let generated = given.is_none();
    let secret = given.unwrap_or_else(|| Password::new(passphrase()));
    let now = cx.clock.now();
    let account = UserItem {
        user: User {
            id: UserId::new(now),
            email: email.clone(),
            name: Name::trusted("Admin"),
            slug: Slug::trusted("admin"),
            role: Role::Admin,
            created_at: now,
            disabled: false,
            two_factor: false,
        },
        password_hash: password::hash(cx, secret.clone()).await?,
        token_version: 0,
        totp: None,
        email_change: None,
    };
    let entry = Entry::new(cx, Event::EmailVerified).about(&account.user.id).with("seeded");
    let made = cx.store.create_user(&account, None, &entry).await?;
    made.map_err(|reason| Problem::internal(format!("the admin was not made: {reason:?}")))?;
    Ok(Admin { email, password: generated.then_some(secret), is_new: true })
}

/// Four groups of five letters: 80 bits.
fn passphrase() -> String {
    (0..4).map(|_| random::letters(5)).collect::<Vec<_>>().join("-")
}
