//! The words of marks, and what says yes or no.

/// What is for readers where it is true.
pub(super) const OPEN: [&str; 26] = [
    "publish",
    "published",
    "public",
    "list",
    "listed",
    "visible",
    "live",
    "online",
    "show",
    "shown",
    "render",
    "rendered",
    "display",
    "displayed",
    "index",
    "indexed",
    "indexable",
    "sitemap",
    "feed",
    "rss",
    "search",
    "searchable",
    "discoverable",
    "approved",
    "released",
    "production",
];

/// Those among them that say nothing else: whatever is neither yes nor a time is no.
pub(super) const PUBLIC: [&str; 5] = ["publish", "published", "public", "listed", "visible"];

/// What is not for readers where it is true.
pub(super) const CLOSED: [&str; 31] = [
    "draft",
    "drafts",
    "private",
    "hidden",
    "unlisted",
    "unlist",
    "unpublished",
    "unpublish",
    "secret",
    "protected",
    "encrypted",
    "restricted",
    "headless",
    "wip",
    "noindex",
    "invisible",
    "internal",
    "confidential",
    "embargo",
    "embargoed",
    "paywall",
    "paywalled",
    "premium",
    "paid",
    "locked",
    "exclude",
    "excluded",
    "members",
    "membersonly",
    "subscribers",
    "deleted",
];

/// Those among them that need no yes: whatever does not say no says so.
pub(super) const SURE: [&str; 9] = [
    "draft",
    "private",
    "hidden",
    "unlisted",
    "unpublished",
    "secret",
    "protected",
    "encrypted",
    "restricted",
];

/// Who may read it, where the value says it.
pub(super) const AUDIENCE: [&str; 3] = ["visibility", "access", "privacy"];

/// How far it is or whom it is for, where the value may say it.
pub(super) const STATE: [&str; 12] = [
    "status",
    "state",
    "stage",
    "phase",
    "workflow",
    "progress",
    "type",
    "kind",
    "audience",
    "permission",
    "permissions",
    "readers",
];

/// Values that name a state or an audience that is not public.
pub(super) const NOT_PUBLIC: [&str; 30] = [
    "draft",
    "private",
    "hidden",
    "hide",
    "unlisted",
    "unpublished",
    "pending",
    "wip",
    "review",
    "in progress",
    "in-progress",
    "in review",
    "todo",
    "idea",
    "secret",
    "internal",
    "confidential",
    "restricted",
    "protected",
    "deleted",
    "members",
    "member",
    "paid",
    "premium",
    "subscribers",
    "patrons",
    "friends",
    "family",
    "me",
    "self",
];

/// Values that say no.
pub(super) const NO: [&str; 14] = [
    "false", "no", "off", "0", "n", "f", "never", "none", "nobody", "local", "link", "disabled",
    "disallow", "noindex",
];

/// Turn a word around.
pub(super) const NOT: [&str; 8] =
    ["no", "not", "non", "never", "dont", "skip", "without", "disable"];

/// What may stand before the word that says it.
pub(super) const BEFORE: [&str; 9] =
    ["is", "dg", "post", "page", "note", "make", "be", "site", "web"];

/// What may stand behind it.
pub(super) const BEHIND: [&str; 12] =
    ["in", "on", "to", "from", "at", "for", "post", "page", "note", "this", "only", "all"];

/// Parts of a page. Whether they are seen says nothing of the post.
pub(super) const PARTS: [&str; 42] = [
    "cover",
    "image",
    "images",
    "banner",
    "thumbnail",
    "hero",
    "header",
    "footer",
    "author",
    "authors",
    "toc",
    "comment",
    "comments",
    "menu",
    "menus",
    "nav",
    "sidebar",
    "navbar",
    "breadcrumb",
    "breadcrumbs",
    "share",
    "sharing",
    "social",
    "ads",
    "ad",
    "video",
    "audio",
    "gallery",
    "resources",
    "date",
    "title",
    "summary",
    "tags",
    "categories",
    "related",
    "math",
    "katex",
    "mathjax",
    "reading",
    "code",
    "license",
    "likes",
];

/// Folders of posts that no reader sees.
pub(super) const FOLDERS: [&str; 9] = [
    "_drafts",
    "drafts",
    "draft",
    "private",
    "_private",
    "unpublished",
    "hidden",
    "_hidden",
    "secret",
];
