//! Users, roles and scopes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Email, Name, Slug, Time, UserId};
use crate::model::Representation;

/// What a user is in the publication. Each role may do all that the ones before it may.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Role {
    /// Reads; the role of a new account.
    Reader,
    /// Writes drafts of their own.
    Author,
    /// Edits and publishes everybody's posts.
    Editor,
    /// Manages users, reads the security log.
    Admin,
}

/// What a token may be used for. A request may do what both its user's role and its token's
/// scopes allow.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Scope {
    /// Read one's own account, and use MCP.
    #[serde(rename = "profile")]
    Profile,
    /// Read drafts and the media for them.
    #[serde(rename = "posts:read")]
    PostsRead,
    /// Write drafts.
    #[serde(rename = "posts:write")]
    PostsWrite,
    /// Propose changes for a person to approve.
    #[serde(rename = "posts:propose")]
    PostsPropose,
    /// Make revisions live and take them down.
    #[serde(rename = "posts:publish")]
    PostsPublish,
    /// Put posts into the trash and take them out.
    #[serde(rename = "posts:delete")]
    PostsDelete,
    /// Upload, describe and delete media.
    #[serde(rename = "media:write")]
    MediaWrite,
    /// Read the security log and the users.
    #[serde(rename = "admin")]
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 8] = [
        Self::Profile,
        Self::PostsRead,
        Self::PostsWrite,
        Self::PostsPropose,
        Self::PostsPublish,
        Self::PostsDelete,
        Self::MediaWrite,
        Self::Admin,
    ];

    /// The scopes of a client that names none: what an agent needs for ordinary work.
    pub const DEFAULT: [Self; 5] =
        [Self::Profile, Self::PostsRead, Self::PostsWrite, Self::PostsPropose, Self::MediaWrite];

    /// Their names in one text, as OAuth writes them (RFC 6749 §3.3).
    #[must_use]
    pub fn list(scopes: &[Self]) -> String {
        scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The lowest role that holds this scope.
    #[must_use]
    pub const fn role(self) -> Role {
        match self {
            Self::Profile => Role::Reader,
            Self::PostsRead
            | Self::PostsWrite
            | Self::PostsPropose
            | Self::PostsDelete
            | Self::MediaWrite => Role::Author,
            Self::PostsPublish => Role::Editor,
            Self::Admin => Role::Admin,
        }
    }

    /// The scope's name in tokens, challenges and OpenAPI.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::PostsRead => "posts:read",
            Self::PostsWrite => "posts:write",
            Self::PostsPropose => "posts:propose",
            Self::PostsPublish => "posts:publish",
            Self::PostsDelete => "posts:delete",
            Self::MediaWrite => "media:write",
            Self::Admin => "admin",
        }
    }
}

impl Role {
    /// The role's name in JSON and in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Author => "author",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }
}

/// A user account, as its owner and the admins see it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct User {
    /// The account's id.
    pub id: UserId,
    /// The address they sign in with.
    pub email: Email,
    /// The name shown to readers.
    pub name: Name,
    /// The path segment of their author page.
    pub slug: Slug,
    /// What they may do.
    pub role: Role,
    /// When the address was confirmed and the account made.
    pub created_at: Time,
    /// Whether an admin has shut it: nobody signs in, and nothing of it is accepted.
    #[serde(default)]
    pub disabled: bool,
    /// Whether signing in takes a one-time code.
    #[serde(default)]
    pub two_factor: bool,
}

impl Representation for User {}
