//! The keys of `identity`.

use super::Key;
use crate::model::{
    ApiKeyId, Email, KeyId, MailId, OAuthClientId, RegistrationId, SessionId, Slug, UserId,
};

/// A user account.
#[must_use]
pub fn user(id: &UserId) -> Key {
    Key::new(format!("USER#{id}"), "USER")
}

/// A session of a user.
#[must_use]
pub fn session(user: &UserId, id: &SessionId) -> Key {
    Key::new(sessions_of(user), format!("SESSION#{id}"))
}

/// Partition of the sessions of a user.
#[must_use]
pub fn sessions_of(user: &UserId) -> String {
    format!("{SESSIONS_PREFIX}{user}")
}

/// The start of the partition key of every session.
pub const SESSIONS_PREFIX: &str = "SESSIONS#";

/// The account that holds an address: one per address, so that no two accounts share it.
#[must_use]
pub fn account(email: &Email) -> Key {
    Key::new(format!("EMAIL#{}", email.normalised()), "ACCOUNT")
}

/// A sign-up that waits for its address to be confirmed.
#[must_use]
pub fn registration(email: &Email, id: &RegistrationId) -> Key {
    Key::new(registrations_of(email), format!("{REGISTRATION_PREFIX}{id}"))
}

/// Partition of the registrations of an address, which its account is in, too.
#[must_use]
pub fn registrations_of(email: &Email) -> String {
    format!("EMAIL#{}", email.normalised())
}

/// The start of a registration's sort key.
pub const REGISTRATION_PREFIX: &str = "REGISTRATION#";

/// The user that holds an author slug: one per slug.
#[must_use]
pub fn author_slug(slug: &Slug) -> Key {
    Key::new(format!("AUTHOR#{slug}"), "AUTHOR")
}

/// A one-time token, under its SHA-256.
#[must_use]
pub fn token(digest: &str) -> Key {
    Key::new(format!("TOKEN#{digest}"), "TOKEN")
}

/// A question that a person is asked before an agent goes on, under the SHA-256 of its handle.
#[must_use]
pub fn confirmation(digest: &str) -> Key {
    Key::new(format!("{CONFIRMATION_PREFIX}{digest}"), "CONFIRMATION")
}

/// The start of the partition key of every such question.
pub const CONFIRMATION_PREFIX: &str = "CONFIRMATION#";

/// The public half of a signing key.
#[must_use]
pub fn signing_key(id: &KeyId) -> Key {
    Key::new(SIGNING_KEYS, format!("SIGNING_KEY#{id}"))
}

/// Partition of the public halves of all signing keys.
pub const SIGNING_KEYS: &str = "SIGNING_KEYS";

/// An API key of a user.
#[must_use]
pub fn api_key(user: &UserId, id: &ApiKeyId) -> Key {
    Key::new(api_keys_of(user), format!("API_KEY#{id}"))
}

/// Partition of the API keys of a user.
#[must_use]
pub fn api_keys_of(user: &UserId) -> String {
    format!("{API_KEYS_PREFIX}{user}")
}

/// The start of the partition key of every API key.
pub const API_KEYS_PREFIX: &str = "API_KEYS#";

/// When an API key was last used.
#[must_use]
pub fn api_key_use(id: &ApiKeyId) -> Key {
    Key::new(format!("{API_KEY_USE_PREFIX}{id}"), "USE")
}

/// The start of the partition key of every last use.
pub const API_KEY_USE_PREFIX: &str = "API_KEY_USE#";

/// A program that registered itself.
#[must_use]
pub fn oauth_client(id: &OAuthClientId) -> Key {
    Key::new(format!("{OAUTH_CLIENT_PREFIX}{id}"), "CLIENT")
}

/// The start of the partition key of every program.
pub const OAUTH_CLIENT_PREFIX: &str = "OAUTH_CLIENT#";

/// An authorization code, under its SHA-256.
#[must_use]
pub fn oauth_code(digest: &str) -> Key {
    Key::new(format!("{OAUTH_CODE_PREFIX}{digest}"), "CODE")
}

/// The start of the partition key of every authorization code.
pub const OAUTH_CODE_PREFIX: &str = "OAUTH_CODE#";

/// That a user lets a program do something at a resource; the digest is of both.
#[must_use]
pub fn oauth_consent(user: &UserId, digest: &str) -> Key {
    Key::new(format!("{OAUTH_CONSENTS_PREFIX}{user}"), format!("CONSENT#{digest}"))
}

/// The start of the partition key of what a user lets programs do.
pub const OAUTH_CONSENTS_PREFIX: &str = "OAUTH_CONSENTS#";

/// The admins who are not disabled: there is always one.
#[must_use]
pub fn admins() -> Key {
    Key::new("ADMINS", "ADMINS")
}

/// A bucket of a rate limit: a partition for each, so that one cannot slow another down.
#[must_use]
pub fn limit(policy: &str, subject: &str) -> Key {
    Key::new(format!("{LIMIT_PREFIX}{policy}#{subject}"), "LIMIT")
}

/// The start of the partition key of every bucket.
pub const LIMIT_PREFIX: &str = "LIMIT#";

/// A mail in the outbox.
#[must_use]
pub fn mail(id: &MailId) -> Key {
    Key::new(format!("MAIL#{id}"), format!("{MAIL_PREFIX}{id}"))
}

/// The start of a mail's sort key; the mail worker's stream filter.
pub const MAIL_PREFIX: &str = "MAIL#";

/// Partition of `gsi1` on `identity`: the mails that wait, by when they are due.
pub const OUTBOX: &str = "OUTBOX";

/// An account that was deleted, until its name is off every post.
#[must_use]
pub fn erasure(user: &UserId) -> Key {
    Key::new(format!("ERASURE#{user}"), format!("{ERASURE_PREFIX}{user}"))
}

/// The start of an erasure's sort key; the erasure worker's stream filter.
pub const ERASURE_PREFIX: &str = "ERASURE#";

/// Partition of `gsi1` on `identity`: all users, newest last.
pub const USERS: &str = "USERS";
