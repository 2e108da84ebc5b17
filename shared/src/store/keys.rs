//! Every key of both tables. `docs/STORAGE.md` lists them with what reads and writes them.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::model::{
    Email, KeyId, PostId, RegistrationId, RevisionId, SessionId, Slug, Time, UserId,
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
    Key::new(format!("USER#{user}"), format!("SESSION#{id}"))
}

/// The account that holds an address: one per address, so that no two accounts share it.
#[must_use]
pub fn account(email: &Email) -> Key {
    Key::new(format!("EMAIL#{}", email.normalised()), "ACCOUNT")
}

/// A sign-up that waits for its address to be confirmed.
#[must_use]
pub fn registration(email: &Email, id: &RegistrationId) -> Key {
    Key::new(format!("EMAIL#{}", email.normalised()), format!("REGISTRATION#{id}"))
}

/// The start of a registration's sort key; the mail worker's stream filter.
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

/// The public half of a signing key.
#[must_use]
pub fn signing_key(id: &KeyId) -> Key {
    Key::new(format!("SIGNING_KEY#{id}"), "SIGNING_KEY")
}

/// Partition of `gsi1` on `identity`: all users, newest last.
pub const USERS: &str = "USERS";

// --- content ---

/// The head of a post.
#[must_use]
pub fn post(id: &PostId) -> Key {
    Key::new(format!("POST#{id}"), "POST")
}

/// A revision of a post.
#[must_use]
pub fn revision(post: &PostId, id: &RevisionId) -> Key {
    Key::new(format!("POST#{post}"), format!("REVISION#{id}"))
}

/// The post that holds a slug, with all that readers see of it: one per slug.
#[must_use]
pub fn slug(slug: &Slug) -> Key {
    Key::new(format!("SLUG#{slug}"), "SLUG")
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

/// Partition of `gsi1` on `content`: all posts.
pub const POSTS: &str = "POSTS";

/// Partition of `gsi2` on `content`: the posts of one author.
#[must_use]
pub fn posts_by(author: &UserId) -> String {
    format!("POSTS#{author}")
}

/// A place in a list ordered by time; the id makes it unique.
#[must_use]
pub fn position(time: Time, post: &PostId) -> String {
    format!("{time}#{post}")
}
