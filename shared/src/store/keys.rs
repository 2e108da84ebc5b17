//! Every key of both tables. `docs/STORAGE.md` lists them with what reads and writes them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::model::{
    ApiKeyId, AuditId, Email, KeyId, Language, MailId, MediaId, OAuthClientId, PostId, ProposalId,
    ProposalStatus, PublicationId, RegistrationId, RevisionId, SessionId, Slug, Time, UpkeepId,
    UserId,
};

/// The key of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The partition key.
    pub pk: String,
    /// The sort key.
    pub sk: String,
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    /// The key as attributes.
    #[must_use]
    pub fn attributes(&self) -> HashMap<String, AttributeValue> {
        HashMap::from([
            ("pk".to_owned(), AttributeValue::S(self.pk.clone())),
            ("sk".to_owned(), AttributeValue::S(self.sk.clone())),
        ])
    }
}

/// A key under which nothing is ever stored.
#[must_use]
pub fn nothing() -> Key {
    Key::new("NOTHING", "NOTHING")
}

// --- identity ---

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

// --- content ---

/// An entry of the audit log.
#[must_use]
pub fn audit(id: &AuditId) -> Key {
    Key::new(AUDIT, id.as_str())
}

/// Partition of the audit log.
pub const AUDIT: &str = "AUDIT";

/// The head of a post.
#[must_use]
pub fn post(id: &PostId) -> Key {
    Key::new(format!("POST#{id}"), "POST")
}

/// A revision of a post.
#[must_use]
pub fn revision(post: &PostId, id: &RevisionId) -> Key {
    Key::new(of_post(post), format!("{REVISION_PREFIX}{id}"))
}

/// Partition of a post: its head, its revisions, and what readers saw of it.
#[must_use]
pub fn of_post(post: &PostId) -> String {
    format!("POST#{post}")
}

/// Any item of a post, by its sort key.
#[must_use]
pub fn part_of_post(post: &PostId, sk: &str) -> Key {
    Key::new(of_post(post), sk)
}

/// The start of a revision's sort key.
pub const REVISION_PREFIX: &str = "REVISION#";

/// An entry in the history of what readers saw of a post.
#[must_use]
pub fn publication(post: &PostId, id: &PublicationId) -> Key {
    Key::new(of_post(post), format!("{PUBLICATION_PREFIX}{id}"))
}

/// The start of such an entry's sort key.
pub const PUBLICATION_PREFIX: &str = "PUBLICATION#";

/// A proposal.
#[must_use]
pub fn proposal(id: &ProposalId) -> Key {
    Key::new(format!("PROPOSAL#{id}"), "PROPOSAL")
}

/// What a proposal proposes.
#[must_use]
pub fn proposed(id: &ProposalId) -> Key {
    Key::new(format!("PROPOSAL#{id}"), "TEXT")
}

/// Partition of `gsi1` on `content`: the proposals that stand so.
#[must_use]
pub fn proposals(status: ProposalStatus) -> String {
    format!("PROPOSALS#{}", status.as_str())
}

/// Partition of `gsi2` on `content`: the proposals for one post.
#[must_use]
pub fn proposals_for(post: &PostId) -> String {
    format!("PROPOSALS#{post}")
}

/// A tag: one per slug. What became another tag leads there.
#[must_use]
pub fn tag(slug: &Slug) -> Key {
    Key::new(TAGS, slug.as_str())
}

/// Partition of all tags, by slug.
pub const TAGS: &str = "TAGS";

/// An author of published posts: one per slug.
#[must_use]
pub fn author(slug: &Slug) -> Key {
    Key::new(AUTHORS, slug.as_str())
}

/// Partition of all authors of published posts, by slug.
pub const AUTHORS: &str = "AUTHORS";

/// The publication's settings.
#[must_use]
pub fn settings() -> Key {
    Key::new("SETTINGS", "SETTINGS")
}

/// A change that waits to be carried to every post it concerns.
#[must_use]
pub fn upkeep(id: &UpkeepId) -> Key {
    Key::new(format!("{UPKEEP_PREFIX}{id}"), format!("{UPKEEP_PREFIX}{id}"))
}

/// The start of such a change's keys; the upkeep worker's stream filter.
pub const UPKEEP_PREFIX: &str = "UPKEEP#";

/// The start of the partitions of redirects.
pub const REDIRECT_PREFIX: &str = "REDIRECT#";

/// An address that the publication had elsewhere, or before.
#[must_use]
pub fn redirect(path: &str) -> Key {
    Key::new(format!("{REDIRECT_PREFIX}{path}"), "REDIRECT")
}

/// What the key of every slug begins with.
pub const SLUG_PREFIX: &str = "SLUG#";

/// The post that holds a slug, with all that readers see of it: one per slug.
#[must_use]
pub fn slug(slug: &Slug) -> Key {
    Key::new(format!("{SLUG_PREFIX}{slug}"), "SLUG")
}

/// An entry of a public list.
#[must_use]
pub fn live_row(partition: &str, published_at: Time, post: &PostId) -> Key {
    Key::new(partition, position(published_at, post))
}

/// Partition of the public list of all posts.
pub const LIVE: &str = "LIVE";

/// Partition of the public list of a tag's posts.
#[must_use]
pub fn live_tag(tag: &Slug) -> String {
    format!("LIVE#TAG#{tag}")
}

/// Partition of the public list of an author's posts.
#[must_use]
pub fn live_author(author: &Slug) -> String {
    format!("LIVE#AUTHOR#{author}")
}

/// Partition of the public list of the posts in a language.
#[must_use]
pub fn live_language(language: &Language) -> String {
    format!("LIVE#LANGUAGE#{}", language.as_str().to_ascii_lowercase())
}

/// Partition of the public list of the posts that stand out.
pub const LIVE_FEATURED: &str = "LIVE#FEATURED";

/// Partition of `gsi1` on `content`: all posts.
pub const POSTS: &str = "POSTS";

/// Partition of `gsi2` on `content`: the posts of one author.
#[must_use]
pub fn posts_by(author: &UserId) -> String {
    format!("POSTS#{author}")
}

/// Partition of `gsi1` on `content`: the posts in the trash.
pub const TRASH: &str = "TRASH";

/// Partition of `gsi2` on `content`: one author's posts in the trash.
#[must_use]
pub fn trash_of(author: &UserId) -> String {
    format!("TRASH#{author}")
}

/// An uploaded file.
#[must_use]
pub fn media(id: &MediaId) -> Key {
    Key::new(format!("{MEDIA_PREFIX}{id}"), "MEDIA")
}

/// The start of the partition key of every uploaded file.
pub const MEDIA_PREFIX: &str = "MEDIA#";

/// Partition of `gsi1` on `content`: all uploaded files, by id, which is by time.
pub const MEDIA: &str = "MEDIA";

/// Partition of `gsi2` on `content`: the files that one user uploaded, by id.
#[must_use]
pub fn media_by(owner: &UserId) -> String {
    format!("{MEDIA_PREFIX}{owner}")
}

/// A place in a list ordered by time; the id makes it unique.
#[must_use]
pub fn position(time: Time, id: &impl std::fmt::Display) -> String {
    format!("{time}#{id}")
}
