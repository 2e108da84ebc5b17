//! The groups that operations are shown in, in reading order.

use byline_shared::endpoint::Operation;
use serde_json::{Value, json};

/// Title, description, and the prefixes of the names of its operations. The longest prefix wins.
static TAGS: [(&str, &str, &[&str]); 25] = [
    ("Published posts", "What readers see. Public; no token is needed.", &["posts-"]),
    (
        "Tags and authors",
        "The tags and authors of published posts. Public.",
        &["tags-", "authors-"],
    ),
    (
        "Publication",
        "The name and URL of the publication, and where its old URLs lead. Public.",
        &["site-", "redirects-"],
    ),
    (
        "Feeds and files",
        "Atom, JSON Feed, sitemaps, `llms.txt` and Markdown files, in their own formats. Public.",
        &["feed-", "sitemap", "llms-", "post-markdown"],
    ),
    (
        "Drafts",
        "Create and edit posts. Authors reach their own posts, editors reach all. Every change of a \
         draft saves a new revision; nothing changes for readers until a revision is published.",
        &["manage-posts-"],
    ),
    (
        "Publishing",
        "Make a revision live, now or at a set time, and take posts down.",
        &[
            "manage-posts-publish",
            "manage-posts-unpublish",
            "manage-posts-schedule",
            "manage-posts-unschedule",
            "manage-posts-provenance",
        ],
    ),
    (
        "Revisions",
        "The saved texts of a post: list, read, compare and restore them.",
        &["manage-revisions-"],
    ),
    (
        "Previews",
        "Links that show a post before it is published, to people without an account.",
        &["manage-previews-", "previews-"],
    ),
    (
        "Proposals",
        "Changes and new posts that wait for a person's approval. A proposal changes nothing until \
         it is approved.",
        &["manage-proposals-"],
    ),
    ("Tag management", "Create, rename, merge and remove tags.", &["manage-tags-"]),
    (
        "Media",
        "Upload images, video, audio and documents. The bytes go straight to the object store: \
         announce a file, send it with the request from the answer, then complete it.",
        &["manage-media-"],
    ),
    (
        "Sign-up",
        "Create an account. It exists once its e-mail address is confirmed.",
        &["auth-register", "auth-verify-email"],
    ),
    (
        "Invitations",
        "Invite people by mail. Admins do, and the owner of the mailbox accepts.",
        &["users-invitations-", "auth-accept-invitation"],
    ),
    (
        "Sessions",
        "Sign in with a password or a mailed link, refresh tokens, sign out.",
        &[
            "auth-login",
            "auth-sign-in-link",
            "auth-refresh",
            "auth-logout",
            "auth-sessions-",
            "jwks",
        ],
    ),
    ("Passwords", "Change a password, or reset one by e-mail.", &["auth-password-"]),
    (
        "One-time codes",
        "Codes of an authenticator app (TOTP) as a second factor, and recovery codes.",
        &["auth-totp-"],
    ),
    ("API keys", "Long-lived tokens for scripts and agents.", &["auth-api-keys-"]),
    ("Authorized apps", "The apps that you authorized with OAuth.", &["auth-grants-"]),
    (
        "Your account",
        "Your own name, e-mail address and account.",
        &["users-me", "auth-email-change-"],
    ),
    ("Users", "All accounts, for admins.", &["users-"]),
    ("Administration", "Settings and the security log, for admins.", &["admin-"]),
    (
        "OAuth",
        "The authorization server (OAuth 2.1) for apps that act for a user. These endpoints follow \
         their RFCs: they take forms, and report a client's mistake as `error` and \
         `error_description`.",
        &["oauth-"],
    ),
    (
        "MCP",
        "The Model Context Protocol, for AI agents. It speaks JSON-RPC, and its errors are JSON-RPC \
         errors.",
        &["mcp"],
    ),
    (
        "Built-in agent",
        "Conversations with the built-in agent, as objects of OpenAI's Conversations API: its SDKs work \
         with the base URL `<this API>/v1`. Everybody reaches their own. Errors also have the member \
         `error`, which these SDKs read.",
        &["agent-", "conversations-", "conversation-items-", "chat-", "responses-"],
    ),
    (
        "Service",
        "The first page, health, this description, and the security contact.",
        &["home", "health", "openapi", "docs", "security-txt"],
    ),
];

/// The tag of the operation with this name; empty where no prefix matches, which a test refuses.
pub(super) fn of(name: &str) -> &'static str {
    let matching = TAGS.iter().flat_map(|(tag, _, prefixes)| {
        prefixes.iter().filter(|prefix| name.starts_with(**prefix)).map(move |p| (p.len(), *tag))
    });
    matching.max_by_key(|(length, _)| *length).map_or("", |(_, tag)| tag)
}

/// The tags of these operations, in reading order.
pub(super) fn used(operations: &[Operation]) -> Value {
    let used = TAGS.iter().filter(|(tag, ..)| {
        operations.iter().any(|operation| operation.described && of(operation.name) == *tag)
    });
    used.map(|(name, description, _)| json!({ "name": name, "description": description })).collect()
}
