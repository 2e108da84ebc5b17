//! Users, roles and scopes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Email, Name, Notifications, Profile, Slug, Time, UserId};
use crate::model::Representation;

/// The role of a user. Each role includes the ones before it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Role {
    /// Reads. The role of a new account.
    Reader,
    /// Writes drafts.
    Author,
    /// Edits and publishes all posts.
    Editor,
    /// Manages users and settings, and reads the security log.
    Admin,
}

/// What a token may be used for. A request needs both a role and a scope that allow it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Scope {
    /// Read your account and use MCP.
    #[serde(rename = "profile")]
    Profile,
    /// Read drafts and media.
    #[serde(rename = "posts:read")]
    PostsRead,
    /// Write drafts.
    #[serde(rename = "posts:write")]
    PostsWrite,
    /// Propose changes for a person to approve.
    #[serde(rename = "posts:propose")]
    PostsPropose,
    /// Publish and unpublish posts, and manage tags.
    #[serde(rename = "posts:publish")]
    PostsPublish,
    /// Move posts to the trash and restore them.
    #[serde(rename = "posts:delete")]
    PostsDelete,
    /// Upload, describe and delete media.
    #[serde(rename = "media:write")]
    MediaWrite,
    /// Use the built-in agent, and read and delete your conversations with it.
    #[serde(rename = "conversations")]
    Conversations,
    /// Manage users and settings, and read the security log.
    #[serde(rename = "admin")]
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 9] = [
        Self::Profile,
        Self::PostsRead,
        Self::PostsWrite,
        Self::PostsPropose,
        Self::PostsPublish,
        Self::PostsDelete,
        Self::MediaWrite,
        Self::Conversations,
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
            | Self::MediaWrite
            | Self::Conversations => Role::Author,
            Self::PostsPublish => Role::Editor,
            Self::Admin => Role::Admin,
        }
    }

    /// What an app with this scope can do, for its user.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Profile => "See your name, e-mail address and role",
            Self::PostsRead => "Read drafts and their media",
            Self::PostsWrite => "Create and edit drafts",
            Self::PostsPropose => "Propose changes for a person to review",
            Self::PostsPublish => {
                "Publish and unpublish posts, as far as this site allows agents to"
            }
            Self::PostsDelete => "Move posts to the trash and restore them",
            Self::MediaWrite => "Upload, describe and delete media",
            Self::Conversations => {
                "Use the built-in agent, and read and delete your conversations with it"
            }
            Self::Admin => "Read the security log and the list of users",
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
            Self::Conversations => "conversations",
            Self::Admin => "admin",
        }
    }
}

impl Role {
    /// Every role, the lowest first.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Author, Self::Editor, Self::Admin];

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

/// A user account.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct User {
    /// The account's id.
    pub id: UserId,
    /// The e-mail address, which the user signs in with.
    pub email: Email,
    /// The name that readers see.
    pub name: Name,
    /// The author's slug.
    pub slug: Slug,
    /// The role.
    pub role: Role,
    /// When the account was created.
    pub created_at: Time,
    /// Whether the account is disabled: it cannot sign in, and its API keys are rejected.
    #[serde(default)]
    pub disabled: bool,
    /// Whether signing in needs a one-time code.
    #[serde(default)]
    pub two_factor: bool,
    /// Which mails about proposals the owner gets. Lists of accounts leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notifications: Option<Notifications>,
    /// What readers learn of the owner, once a post of theirs is published. Only the owner's own account has
    /// it here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Box<Profile>>,
}

impl User {
    /// Which mails about proposals the owner gets.
    #[must_use]
    pub fn mails(&self) -> Notifications {
        self.notifications.unwrap_or_default()
    }

    /// The account as its owner sees it: with their choice of mails, also if they never made one, and with
    /// their profile.
    #[must_use]
    pub fn for_owner(mut self, profile: Profile) -> Self {
        self.notifications = Some(self.mails());
        self.profile = Some(Box::new(profile));
        self
    }
}

impl Representation for User {}
