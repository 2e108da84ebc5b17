//! The keys of `identity`.

use super::Key;
use crate::model::{
    ApiKeyId, Email, Hour, InvitationId, KeyId, MailId, News, OAuthClientId, PasskeyId,
    RegistrationId, SessionId, Slug, Subject, UserId,
};

/// A user account.
#[must_use]
pub fn user(id: &UserId) -> Key {
    Key::new(format!("{USER_PREFIX}{id}"), "USER")
}

/// Prefix of the partition keys of user accounts.
pub const USER_PREFIX: &str = "USER#";

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

/// Prefix of the partition keys of sessions.
pub const SESSIONS_PREFIX: &str = "SESSIONS#";

/// The account with an e-mail address: one per address, so that no two accounts share it.
#[must_use]
pub fn account(email: &Email) -> Key {
    Key::new(format!("EMAIL#{}", email.normalised()), "ACCOUNT")
}

/// A registration whose address is not confirmed yet.
#[must_use]
pub fn registration(email: &Email, id: &RegistrationId) -> Key {
    Key::new(registrations_of(email), format!("{REGISTRATION_PREFIX}{id}"))
}

/// Partition of the registrations of an address; its account is in it too.
#[must_use]
pub fn registrations_of(email: &Email) -> String {
    format!("EMAIL#{}", email.normalised())
}

/// Prefix of the sort keys of registrations.
pub const REGISTRATION_PREFIX: &str = "REGISTRATION#";

/// An invitation.
#[must_use]
pub fn invitation(id: &InvitationId) -> Key {
    Key::new(INVITATIONS, format!("INVITATION#{id}"))
}

/// Partition of all invitations, newest last.
pub const INVITATIONS: &str = "INVITATIONS";

/// Which invitation an address has: one per address, so that only the newest works.
#[must_use]
pub fn invited(email: &Email) -> Key {
    Key::new(format!("EMAIL#{}", email.normalised()), "INVITATION")
}

/// The user with an author slug: one per slug.
#[must_use]
pub fn author_slug(slug: &Slug) -> Key {
    Key::new(format!("{AUTHOR_SLUG_PREFIX}{slug}"), "AUTHOR")
}

/// Prefix of the partition keys of author slugs.
pub const AUTHOR_SLUG_PREFIX: &str = "AUTHOR#";

/// A one-time token, under its SHA-256.
#[must_use]
pub fn token(digest: &str) -> Key {
    Key::new(format!("TOKEN#{digest}"), "TOKEN")
}

/// A confirmation that an agent's request waits for, under the SHA-256 of its handle.
#[must_use]
pub fn confirmation(digest: &str) -> Key {
    Key::new(format!("{CONFIRMATION_PREFIX}{digest}"), "CONFIRMATION")
}

/// Prefix of the partition keys of confirmations.
pub const CONFIRMATION_PREFIX: &str = "CONFIRMATION#";

/// A request of a user that named itself with a key; the digest is of the key.
#[must_use]
pub fn idempotency(user: &UserId, operation: &str, digest: &str) -> Key {
    Key::new(idempotency_of(user), format!("{operation}#{digest}"))
}

/// Partition of the requests of a user that named themselves.
#[must_use]
pub fn idempotency_of(user: &UserId) -> String {
    format!("{IDEMPOTENCY_PREFIX}{user}")
}

/// Prefix of the partition keys of such requests.
pub const IDEMPOTENCY_PREFIX: &str = "IDEMPOTENCY#";

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

/// Prefix of the partition keys of API keys.
pub const API_KEYS_PREFIX: &str = "API_KEYS#";

/// When an API key was last used.
#[must_use]
pub fn api_key_use(id: &ApiKeyId) -> Key {
    Key::new(format!("{API_KEY_USE_PREFIX}{id}"), "USE")
}

/// Prefix of the partition keys of last uses.
pub const API_KEY_USE_PREFIX: &str = "API_KEY_USE#";

/// A passkey of a user.
#[must_use]
pub fn passkey(user: &UserId, id: &PasskeyId) -> Key {
    Key::new(passkeys_of(user), format!("PASSKEY#{id}"))
}

/// Partition of the passkeys of a user.
#[must_use]
pub fn passkeys_of(user: &UserId) -> String {
    format!("{PASSKEYS_PREFIX}{user}")
}

/// Prefix of the partition keys of passkeys.
pub const PASSKEYS_PREFIX: &str = "PASSKEYS#";

/// A challenge that a passkey has answered, under its SHA-256.
#[must_use]
pub fn passkey_challenge(digest: &str) -> Key {
    Key::new(format!("{PASSKEY_CHALLENGE_PREFIX}{digest}"), "SPENT")
}

/// Prefix of the partition keys of such challenges.
pub const PASSKEY_CHALLENGE_PREFIX: &str = "PASSKEY_CHALLENGE#";

/// A registered OAuth client.
#[must_use]
pub fn oauth_client(id: &OAuthClientId) -> Key {
    Key::new(format!("{OAUTH_CLIENT_PREFIX}{id}"), "CLIENT")
}

/// Prefix of the partition keys of OAuth clients.
pub const OAUTH_CLIENT_PREFIX: &str = "OAUTH_CLIENT#";

/// An authorization code, under its SHA-256.
#[must_use]
pub fn oauth_code(digest: &str) -> Key {
    Key::new(format!("{OAUTH_CODE_PREFIX}{digest}"), "CODE")
}

/// Prefix of the partition keys of authorization codes.
pub const OAUTH_CODE_PREFIX: &str = "OAUTH_CODE#";

/// A user's consent to an OAuth client at a resource; the digest is of both.
#[must_use]
pub fn oauth_consent(user: &UserId, digest: &str) -> Key {
    Key::new(oauth_consents_of(user), format!("CONSENT#{digest}"))
}

/// Partition of a user's consents.
#[must_use]
pub fn oauth_consents_of(user: &UserId) -> String {
    format!("{OAUTH_CONSENTS_PREFIX}{user}")
}

/// Prefix of the partition keys of consents.
pub const OAUTH_CONSENTS_PREFIX: &str = "OAUTH_CONSENTS#";

/// The roster of admins who are not disabled: never empty.
#[must_use]
pub fn admins() -> Key {
    Key::new(ADMINS, "ADMINS")
}

/// Partition of the roster of admins.
pub const ADMINS: &str = "ADMINS";

/// The bucket of a rate limit: each in a partition of its own, so that one cannot slow another
/// down.
#[must_use]
pub fn limit(policy: &str, subject: &Subject) -> Key {
    Key::new(format!("{LIMIT_PREFIX}{policy}#{subject}"), "LIMIT")
}

/// Prefix of the partition keys of buckets.
pub const LIMIT_PREFIX: &str = "LIMIT#";

/// A mail in the outbox.
#[must_use]
pub fn mail(id: &MailId) -> Key {
    Key::new(format!("MAIL#{id}"), format!("{MAIL_PREFIX}{id}"))
}

/// Prefix of the sort keys of mails; the stream filter of the mail worker.
pub const MAIL_PREFIX: &str = "MAIL#";

/// Partition of `gsi1` on `identity`: pending mails, by the time they are due.
pub const OUTBOX: &str = "OUTBOX";

/// That a person was told of something.
#[must_use]
pub fn told(user: &UserId, news: &News) -> Key {
    Key::new(told_of(user), news.id())
}

/// How many mails about proposals a person got at once in an hour.
#[must_use]
pub fn told_in_hour(user: &UserId, hour: &Hour) -> Key {
    Key::new(told_of(user), format!("HOUR#{}", hour.as_str()))
}

/// The last daily mail to a person.
#[must_use]
pub fn told_daily(user: &UserId) -> Key {
    Key::new(told_of(user), "DIGEST")
}

/// Partition of what a person was told.
fn told_of(user: &UserId) -> String {
    format!("{TOLD_PREFIX}{user}")
}

/// Prefix of the partition keys of what people were told.
pub const TOLD_PREFIX: &str = "TOLD#";

/// Something that a person is told when an hour is over.
#[must_use]
pub fn told_later(user: &UserId, hour: &Hour, news: &News) -> Key {
    Key::new(all_told_later(user, hour), news.id())
}

/// Partition of what a person is told when an hour is over.
#[must_use]
pub fn all_told_later(user: &UserId, hour: &Hour) -> String {
    format!("{TOLD_PREFIX}{user}#{}", hour.as_str())
}

/// An erasure: a deleted account whose name is still on posts.
#[must_use]
pub fn erasure(user: &UserId) -> Key {
    Key::new(format!("ERASURE#{user}"), format!("{ERASURE_PREFIX}{user}"))
}

/// Prefix of the sort keys of erasures; the stream filter of the erasure worker.
pub const ERASURE_PREFIX: &str = "ERASURE#";

/// Partition of `gsi1` on `identity`: all users, newest last.
pub const USERS: &str = "USERS";
